// Draws every page of the console as it is with a real engine: without a model, busy and failing, light and dark.
// usage: console-pictures FOLDER [WIDTH HEIGHT [contrast]]
#include "gui/shell/language.h"
#include "tests/support/console_house.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFont>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLocale>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimer>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>

using mm::gui::Shade;
using mm::test::ConsoleHouse;

namespace {

constexpr int kSettle = 1200;    // ms until a page has asked and drawn
constexpr int kBusyFor = 20'000; // ms of traffic before the busy pictures, so that charts have a line
constexpr int kMostAtOnce = 90;

// Requests of several clients over REST, as fast as the engine takes them.
class Traffic {
public:
    Traffic(QString restAddress, QStringList models) : m_rest(std::move(restAddress)), m_models(std::move(models)) {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { send(); });
        m_timer.start(25);
    }
    ~Traffic() { m_timer.stop(); }

private:
    void send() {
        if (m_open >= kMostAtOnce)
            return;
        static const QStringList kClients{QStringLiteral("search-api"), QStringLiteral("importer"),
                                          QStringLiteral("notebook"), QStringLiteral("rerank-job")};
        const int turn = m_turn++;
        QStringList texts;
        for (int index = 0; index < 4 + turn % 29; ++index)
            texts << QStringLiteral("Sentence %1 of %2 is about memory, queues and what is in between. ")
                         .arg(index)
                         .arg(turn)
                         .repeated(4);
        const QJsonObject body{{QStringLiteral("model"), m_models.at(turn % m_models.size())},
                               {QStringLiteral("input"), QJsonArray::fromStringList(texts)}};
        QNetworkRequest request(QUrl(QStringLiteral("http://%1/v1/embeddings").arg(m_rest)));
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        request.setRawHeader("X-ModelMora-Client", kClients.at(turn % kClients.size()).toUtf8());
        ++m_open;
        QNetworkReply* reply = m_network.at(static_cast<std::size_t>(turn) % m_network.size())
                                   .post(request, QJsonDocument(body).toJson(QJsonDocument::Compact));
        QObject::connect(reply, &QNetworkReply::finished, &m_timer, [this, reply] {
            --m_open;
            reply->deleteLater();
        });
    }

    const QString m_rest;
    const QStringList m_models;
    std::array<QNetworkAccessManager, 16> m_network; // each has six connections to one host at most
    QTimer m_timer;
    int m_open = 0;
    int m_turn = 0;
};

using Shades = std::vector<std::pair<Shade, QString>>;

class Painter {
public:
    Painter(QDir folder, Shades shades) : m_folder(std::move(folder)), m_shades(std::move(shades)) {}

    void draw(ConsoleHouse& house, const QString& state, const QString& subject = {}) {
        for (const mm::gui::PageEntry& page : mm::gui::allPages())
            for (const auto& [shade, name] : m_shades) {
                house.window->open(page.id, page.id == QLatin1String("models") ? subject : QString());
                grab(house, shade, QStringLiteral("%1-%2-%3").arg(page.id, state, name));
            }
    }

    void grab(ConsoleHouse& house, Shade shade, const QString& name) {
        house.appearance.choose(shade);
        QTest::qWait(kSettle);
        const QString file = m_folder.filePath(QStringLiteral("console-%1.png").arg(name));
        if (!house.window->grab().save(file, "PNG", 1))
            qFatal("%s cannot be written", qPrintable(file));
        std::printf("%s\n", qPrintable(file));
        std::fflush(stdout);
    }

    // Of the window as it is.
    void drawWindow(ConsoleHouse& house, const QString& what) {
        for (const auto& [shade, name] : m_shades)
            grab(house, shade, what + QLatin1Char('-') + name);
    }

private:
    const QDir m_folder;
    const Shades m_shades;
};

// A copy of the packaged model whose weights are none.
void breakModel(const QString& folder) {
    const QDir from(QStringLiteral(MM_TEST_MODEL));
    QDir(folder).mkpath(QStringLiteral("1_Pooling"));
    for (const QString& name : from.entryList(QDir::Files))
        QFile::copy(from.filePath(name), QDir(folder).filePath(name));
    QFile::copy(from.filePath(QStringLiteral("1_Pooling/config.json")),
                QDir(folder).filePath(QStringLiteral("1_Pooling/config.json")));
    QFile weights(QDir(folder).filePath(QStringLiteral("model.safetensors")));
    weights.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (weights.open(QIODevice::WriteOnly))
        weights.write("what was here is lost");
}

bool load(ConsoleHouse& house, const std::string& model) {
    mm::gui::v1::LoadModelRequest request;
    request.set_model_id(model);
    return house.ask(&mm::gui::ManagementCalls::LoadModel, request).ok();
}

// An answer to look at: the playground keeps it.
void askInPlayground(ConsoleHouse& house, const QString& model) {
    house.window->open(QStringLiteral("playground"), model);
    house.find<QPlainTextEdit>("texts")->setPlainText(
        QStringLiteral("A cat sat on the mat.\nA kitten rested on the rug.\nThe market closed higher today.\n"
                       "Shares rose in late trading.\nIt will rain in the evening.\nTake an umbrella with you."));
    house.find<QPushButton>("run")->click();
    const auto* nearest = house.find<QLabel>("nearest");
    if (!ConsoleHouse::until([&] { return !nearest->text().isEmpty(); }))
        qFatal("the playground has no answer");
}

std::string submit(ConsoleHouse& house, const QString& model, int texts, mm::gui::v1::Priority priority) {
    mm::gui::v1::InferenceRequest request;
    request.set_model_id(model.toStdString());
    request.set_priority(priority);
    for (int i = 0; i < texts; ++i)
        request.mutable_input_data()->mutable_text_batch()->add_texts("Paragraph " + std::to_string(i) +
                                                                      " of an import that has time until tomorrow.");
    const auto job = house.ask(&mm::gui::InferenceCalls::InferAsync, request);
    return job.ok() ? job->job_id() : std::string();
}

// One that is done, one that was cancelled, one that goes on.
void submitJobs(ConsoleHouse& house, const QStringList& models) {
    mm::gui::v1::GetJobStatusRequest done;
    done.set_job_id(submit(house, models[0], 300, mm::gui::v1::PRIORITY_HIGH));
    const auto isDone = [&] {
        const auto job = house.ask(&mm::gui::InferenceCalls::GetJobStatus, done);
        return job.ok() && job->status() == mm::gui::v1::JOB_STATUS_COMPLETED;
    };
    if (!ConsoleHouse::until(isDone))
        qFatal("the job does not end");
    mm::gui::v1::CancelJobRequest cancelled;
    cancelled.set_job_id(submit(house, models[1], 5'000, mm::gui::v1::PRIORITY_NORMAL));
    (void)house.ask(&mm::gui::InferenceCalls::CancelJob, cancelled);
    submit(house, models[2], 50'000, mm::gui::v1::PRIORITY_LOW);
}

void drawAll(Painter& painter, const QSize& size) {
    qputenv("MODELMORA_MODELS", MM_TEST_MODEL "/..");
    ConsoleHouse house;
    house.isWhole = true;
    QStringList models;
    if (!house.start())
        qFatal("the console does not start");
    if (size.isValid())
        house.window->resize(size);
    painter.drawWindow(house, QStringLiteral("welcome"));
    painter.draw(house, QStringLiteral("empty"));

    for (const char* id : {"sentence-transformers/all-MiniLM-L6-v2", "acme/search-small", "acme/faq", "lab/notes"}) {
        if (!house.registerModel(id).ok())
            qFatal("%s cannot be registered", id);
        models << QLatin1String(id);
    }
    for (const QString& id : models.mid(0, 3))
        load(house, id.toStdString());
    askInPlayground(house, models.front());
    submitJobs(house, models);
    {
        const Traffic traffic(house.restAddress, models.mid(0, 3));
        QTest::qWait(kBusyFor);
        painter.draw(house, QStringLiteral("busy"), models.front());

        const QString broken = house.data.filePath(QStringLiteral("broken"));
        breakModel(broken);
        mm::gui::v1::RegisterModelRequest request;
        request.set_model_id("lab/damaged");
        request.set_task_type(mm::gui::v1::TASK_TYPE_TXT2EMBED);
        request.set_source_url("file://" + broken.toStdString());
        if (house.ask(&mm::gui::RegistryCalls::RegisterModel, request).ok())
            load(house, "lab/damaged");
        if (const auto* victim = house.state.statusOf("acme/faq"); victim && victim->pid() > 0)
            ::kill(static_cast<pid_t>(victim->pid()), SIGSEGV);
        QTest::qWait(3000);
        painter.draw(house, QStringLiteral("failing"), QStringLiteral("lab/damaged"));
    }
    house.engines->use({QStringLiteral("rack-2"), QStringLiteral("127.0.0.1:9")}, {});
    QTest::qWait(2000);
    painter.grab(house, Shade::Light, QStringLiteral("lost-light"));
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2 && argc != 4 && argc != 5) {
        std::fprintf(stderr, "usage: console-pictures FOLDER [WIDTH HEIGHT [contrast]]\n");
        return 2;
    }
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    if (!folder.mkpath(QStringLiteral(".")))
        qFatal("%s cannot be made", argv[1]);
    QApplication application(argc, argv);
    QApplication::setStyle(QStringLiteral("Fusion"));
    QApplication::setFont(QFont(QStringLiteral("Inter"), 10));
    mm::gui::installTranslations(application, QLocale(QLocale::English));
    const Shades both{{Shade::Light, QStringLiteral("light")}, {Shade::Dark, QStringLiteral("dark")}};
    Painter painter(folder, argc == 5 ? Shades{{Shade::Contrast, QStringLiteral("contrast")}} : both);
    drawAll(painter, argc >= 4 ? QSize(std::atoi(argv[2]), std::atoi(argv[3])) : QSize());
    return 0;
}
