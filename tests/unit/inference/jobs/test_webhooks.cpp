// Webhooks: what is sent and when again, and the sender against a receiver on this machine.
#include "engine/base/qt_executor.h"
#include "engine/inference/jobs/webhook/webhook_sender.h"
#include "tests/support/await.h"
#include "tests/unit/inference/jobs/fixtures.h"

#include <QMessageAuthenticationCode>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;
using mm::test::awaitUntil;

namespace {

const WallTime kNow{std::chrono::seconds(1'760'000'000)};

Job endedJob(const std::string& url = "http://127.0.0.1/") {
    Job job = job_test::draft();
    job.id = "the-job";
    job.status = v1::JOB_STATUS_COMPLETED;
    job.inputsTotal = job.inputsDone = 5;
    job.pieces = 1;
    job.createdAt = kNow;
    job.completedAt = kNow + 2s;
    job.webhook.url = url;
    job.webhook.secret = "s3cret";
    return job;
}

QByteArray headerOf(const WebhookMessage& message, const char* wanted) {
    for (const auto& [name, value] : message.headers)
        if (name == wanted)
            return value;
    return "missing";
}

// Answers each request with the next of what it was given, the last for good.
class Receiver {
public:
    explicit Receiver(QList<QByteArray> answers) : m_answers(std::move(answers)) {
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { read(*socket); });
        });
        m_server.listen(QHostAddress::LocalHost);
    }
    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(m_server.serverPort()) + "/hook";
    }
    QList<QByteArray> requests;

private:
    void read(QTcpSocket& socket) {
        QByteArray& text = m_texts[&socket];
        text += socket.readAll();
        const auto head = text.indexOf("\r\n\r\n");
        const auto length = text.toLower().indexOf("content-length: ");
        if (head < 0 || length < 0)
            return;
        const int size = text.mid(length + 16, text.indexOf("\r\n", length) - length - 16).toInt();
        if (text.size() < head + 4 + size)
            return;
        requests += text;
        m_texts.remove(&socket);
        const QByteArray answer = m_answers.size() > 1 ? m_answers.takeFirst() : m_answers.first();
        if (answer != "silence")
            socket.write(answer);
        if (answer != "silence" && !answer.contains("Content-Length"))
            socket.disconnectFromHost();
    }
    QTcpServer m_server;
    QList<QByteArray> m_answers;
    QHash<QTcpSocket*, QByteArray> m_texts;
};

QByteArray http(const char* status) {
    return QByteArray("HTTP/1.1 ") + status + "\r\nContent-Length: 0\r\n\r\n";
}

struct House {
    explicit House(const QTemporaryDir& folder, WebhookSettings settings = {}) {
        settings.firstPause = settings.longestPause = 1ms;
        auto started =
            JobStorageThread::start(QStringLiteral("jobs"), [&] { return job_test::openStorage(folder, clock); });
        storage = std::move(started).value();
        sender = std::make_unique<WebhookSender>(settings, WebhookSender::Ports{*storage, clock, executor});
    }
    // A job that has ended, in the database.
    Job end(const std::string& url) {
        return *storage->callBlocking<Job>([url](JobStorage& opened) -> Result<Job> {
            Job draft = job_test::draft();
            draft.webhook.url = url;
            draft.webhook.secret = "s3cret";
            MM_TRY(const Job job, opened.accept(draft, job_test::texts(5)));
            return opened.end(job.id, v1::JOB_STATUS_CANCELLED, {ErrorCode::RequestCancelled, "x"});
        });
    }
    Webhook state(const std::string& id) {
        return storage->callBlocking<Job>([id](JobStorage& opened) { return opened.get(id); })->webhook;
    }

    SystemClock clock;
    QtExecutor executor;
    std::unique_ptr<JobStorageThread> storage;
    std::unique_ptr<WebhookSender> sender;
};

} // namespace

class TestWebhooks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void theMessageSaysWhatHappenedAndIsSigned();
    void withoutASecretNothingIsSigned();
    void attemptsGoOnWithGrowingPausesUntilGivenUp();
    void aFailingReceiverIsToldAgainUnderTheSameDelivery();
    void redirectsAreNotFollowed();
    void aSilentReceiverIsNotWaitedForForEver();
    void aTalkativeReceiverIsNotListenedTo();
    void aReceiverThatIsNotThereIsGivenUp();
    void theNextEngineTellsWhatThisOneDidNot();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestWebhooks::theMessageSaysWhatHappenedAndIsSigned() {
    const WebhookMessage message = webhookMessage(endedJob(), kNow + 7s);
    const auto body = nlohmann::json::parse(message.body.toStdString());
    QCOMPARE(body["event"].get<std::string>(), std::string("job.completed"));
    QCOMPARE(body["job_id"].get<std::string>(), std::string("the-job"));
    QCOMPARE(body["result_url"].get<std::string>(), std::string("/api/v1/jobs/the-job/result"));
    QCOMPARE(headerOf(message, "X-ModelMora-Delivery"), QByteArray("the-job"));
    QCOMPARE(headerOf(message, "X-ModelMora-Timestamp"), QByteArray("1760000007"));
    const QByteArray mac =
        QMessageAuthenticationCode::hash("1760000007." + message.body, "s3cret", QCryptographicHash::Sha256);
    QCOMPARE(headerOf(message, "X-ModelMora-Signature"), "sha256=" + mac.toHex());
    QVERIFY(!message.body.contains("s3cret"));
}

void TestWebhooks::withoutASecretNothingIsSigned() {
    Job job = endedJob();
    job.webhook.secret.clear();
    job.status = v1::JOB_STATUS_FAILED;
    job.error.emplace().set_message("broken \xff text");
    const WebhookMessage message = webhookMessage(job, kNow);
    QCOMPARE(headerOf(message, "X-ModelMora-Signature"), QByteArray("missing"));
    const auto body = nlohmann::json::parse(message.body.toStdString(), nullptr, false);
    QVERIFY(!body.is_discarded());
    QCOMPARE(body["event"].get<std::string>(), std::string("job.failed"));
    QVERIFY(!body.contains("result_url"));
}

void TestWebhooks::attemptsGoOnWithGrowingPausesUntilGivenUp() {
    WebhookSettings settings;
    settings.maxAttempts = 4;
    settings.firstPause = 5s;
    settings.longestPause = 12s;
    Webhook webhook;
    QList<qint64> pauses;
    while (pauses.isEmpty() || webhook.dueAt) {
        webhook = afterAttempt(webhook, {503, {}}, kNow, settings);
        if (webhook.dueAt)
            pauses += std::chrono::duration_cast<std::chrono::seconds>(*webhook.dueAt - kNow).count();
    }
    QCOMPARE(pauses, (QList<qint64>{5, 10, 12}));
    QCOMPARE(webhook.attempts, 4);
    QVERIFY(!webhook.delivered);
    QCOMPARE(webhook.lastError, std::string("the receiver answered 503"));
    const Webhook delivered = afterAttempt({}, {204, {}}, kNow, settings);
    QVERIFY(delivered.delivered && !delivered.dueAt && delivered.lastError.empty());
}

void TestWebhooks::aFailingReceiverIsToldAgainUnderTheSameDelivery() {
    Receiver receiver({http("500 Broken"), http("404 Missing"), http("200 OK")});
    House house(*m_folder);
    const Job job = house.end(receiver.url());
    house.sender->onJobEnded(job);
    QVERIFY(awaitUntil([&] { return house.sender->pending() == 0; }));
    QCOMPARE(receiver.requests.size(), 3);
    for (const QByteArray& request : receiver.requests)
        QVERIFY(request.contains(QByteArray("X-ModelMora-Delivery: " + QByteArray::fromStdString(job.id))));
    const Webhook webhook = house.state(job.id);
    QVERIFY(webhook.delivered && !webhook.dueAt);
    QCOMPARE(webhook.attempts, 3);
}

void TestWebhooks::redirectsAreNotFollowed() {
    Receiver elsewhere({http("200 OK")});
    Receiver receiver({"HTTP/1.1 302 Found\r\nLocation: " + QByteArray::fromStdString(elsewhere.url()) +
                       "\r\nContent-Length: 0\r\n\r\n"});
    WebhookSettings settings;
    settings.maxAttempts = 2;
    House house(*m_folder, settings);
    const Job job = house.end(receiver.url());
    house.sender->onJobEnded(job);
    QVERIFY(awaitUntil([&] { return house.sender->pending() == 0; }));
    QVERIFY(elsewhere.requests.isEmpty());
    QVERIFY(QString::fromStdString(house.state(job.id).lastError).contains(QStringLiteral("redirects are not")));
}

void TestWebhooks::aSilentReceiverIsNotWaitedForForEver() {
    Receiver receiver({"silence"});
    WebhookSettings settings;
    settings.maxAttempts = 1;
    settings.timeout = 50ms;
    House house(*m_folder, settings);
    const Job job = house.end(receiver.url());
    house.sender->onJobEnded(job);
    QVERIFY(awaitUntil([&] { return house.sender->pending() == 0; }));
    const Webhook webhook = house.state(job.id);
    QVERIFY(!webhook.delivered && !webhook.dueAt);
    QCOMPARE(webhook.lastError, std::string("no answer came within 50 ms"));
}

void TestWebhooks::aTalkativeReceiverIsNotListenedTo() {
    Receiver receiver({"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + QByteArray(1 << 20, 'x')});
    House house(*m_folder);
    const Job job = house.end(receiver.url());
    house.sender->onJobEnded(job);
    QVERIFY(awaitUntil([&] { return house.sender->pending() == 0; }));
    QVERIFY(house.state(job.id).delivered);
}

void TestWebhooks::aReceiverThatIsNotThereIsGivenUp() {
    std::string url;
    {
        const Receiver gone({http("200 OK")});
        url = gone.url();
    }
    WebhookSettings settings;
    settings.maxAttempts = 3;
    House house(*m_folder, settings);
    const Job job = house.end(url);
    house.sender->onJobEnded(job);
    QVERIFY(awaitUntil([&] { return house.sender->pending() == 0; }));
    QCOMPARE(house.state(job.id).attempts, 3);
    QVERIFY(!house.state(job.id).lastError.empty());
}

void TestWebhooks::theNextEngineTellsWhatThisOneDidNot() {
    Receiver receiver({http("200 OK")});
    std::string id;
    {
        House dead(*m_folder);
        id = dead.end(receiver.url()).id;
    }
    House house(*m_folder);
    house.sender->start();
    QVERIFY(awaitUntil([&] { return receiver.requests.size() == 1 && house.sender->pending() == 0; }));
    QVERIFY(house.state(id).delivered);
}

QTEST_GUILESS_MAIN(TestWebhooks)
#include "test_webhooks.moc"
