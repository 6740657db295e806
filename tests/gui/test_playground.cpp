// The playground asks a real model: what it shows is what the engine says, what it copies works, and a job runs to its
// end.
#include "gui/pages/playground/similarity.h"
#include "tests/support/console_house.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTimer>
#include <QTreeView>
#include <QtTest>

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cmath>
#include <optional>

using mm::test::ConsoleHouse;
namespace v1 = modelmora::v1;

namespace {

const QString kCat = QStringLiteral("A cat sat on the mat.");
const QString kKitten = QStringLiteral("It's a kitten that sat on the rug.");
const QString kMarket = QStringLiteral("The stock market closed higher today.");

} // namespace

class TestPlayground : public QObject {
    Q_OBJECT

    ConsoleHouse* m_house = nullptr;

    void picture(const char* name) {
        QCoreApplication::processEvents();
        if (const QByteArray folder = qgetenv("MM_SHOTS"); !folder.isEmpty())
            m_house->window->grab().save(QString::fromLocal8Bit(folder + "/" + name + ".png"));
    }

    template <typename Widget>
    Widget* find(const char* name) {
        return m_house->find<Widget>(name);
    }

private Q_SLOTS:
    void initTestCase() {
        m_house = new ConsoleHouse;
        QVERIFY(m_house->start());
        QVERIFY(m_house->registerModel("org/model").ok());
        QVERIFY(ConsoleHouse::until([&] { return m_house->state.models()->size() == 1; }));
        m_house->window->open(QStringLiteral("playground"), QStringLiteral("org/model"));
        find<QPlainTextEdit>("texts")->setPlainText(QStringList{kCat, kKitten, kMarket}.join(QLatin1Char('\n')));
    }

    void cleanupTestCase() { delete m_house; }

    void theNearPairIsNamedWithTheEnginesNumbers() {
        QTest::keyClick(m_house->window.get(), Qt::Key_Return, Qt::ControlModifier);
        auto* nearest = find<QLabel>("nearest");
        QVERIFY(ConsoleHouse::until([&] { return !nearest->text().isEmpty(); }));

        v1::InferenceRequest request;
        request.set_model_id("org/model");
        for (const QString& text : {kCat, kKitten, kMarket})
            request.mutable_input_data()->mutable_text_batch()->add_texts(text.toStdString());
        const auto answer = m_house->ask(&mm::gui::InferenceCalls::Infer, request);
        QVERIFY(answer.ok());
        double dot = 0;
        double one = 0;
        double other = 0;
        const auto& vectors = answer->output_data().embedding_batch().embeddings();
        for (int i = 0; i < vectors[0].values_size(); ++i) {
            dot += double{vectors[0].values(i)} * double{vectors[1].values(i)};
            one += double{vectors[0].values(i)} * double{vectors[0].values(i)};
            other += double{vectors[1].values(i)} * double{vectors[1].values(i)};
        }
        const QString first = nearest->accessibleName().section(QLatin1Char('\n'), 0, 0);
        QVERIFY2(first.startsWith(QString::number(dot / std::sqrt(one * other), 'f', 2)), qPrintable(first));
        QVERIFY(first.contains(kCat) && first.contains(kKitten));
        QCOMPARE(find<QListWidget>("history")->count(), 1);
        QVERIFY(ConsoleHouse::until([&] {
            return find<QPlainTextEdit>("rawResponse")->toPlainText().contains(QStringLiteral("\"compute_ms\""));
        }));
        picture("playground-embed");
    }

    void theCopiedCommandWorks() {
        auto* copy = m_house->window->findChild<QAction*>(QStringLiteral("copyCurl"));
        QVERIFY(ConsoleHouse::until([&] {
            copy->trigger();
            return QGuiApplication::clipboard()->text().contains(QStringLiteral("http://127.0.0.1:"));
        }));
        QProcess shell;
        shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), QGuiApplication::clipboard()->text()});
        QVERIFY(ConsoleHouse::until([&] { return shell.state() == QProcess::NotRunning; }));
        const QJsonObject answer = QJsonDocument::fromJson(shell.readAllStandardOutput()).object();
        QVERIFY2(!answer.isEmpty(), shell.readAllStandardError().constData());
        QCOMPARE(answer[QStringLiteral("output_data")][QStringLiteral("embeddings")].toArray().size(), 3);
    }

    // The words of a copied command, as a shell would give them to the program.
    static QStringList wordsOf(const QString& program, const QString& command) {
        QProcess shell;
        shell.start(QStringLiteral("sh"),
                    {QStringLiteral("-c"),
                     program + QStringLiteral("() { for w in \"$@\"; do printf '%s\\0' \"$w\"; done; }\n") + command});
        if (!shell.waitForFinished())
            return {};
        QStringList words = QString::fromUtf8(shell.readAllStandardOutput()).split(QChar(0));
        words.removeLast();
        return words;
    }

    QString copied(const char* action) {
        QGuiApplication::clipboard()->clear();
        m_house->window->findChild<QAction*>(QLatin1String(action))->trigger();
        return QGuiApplication::clipboard()->text();
    }

    void theCopiedGrpcCallWorks() {
        const QStringList words = wordsOf(QStringLiteral("grpcurl"), copied("copyGrpc"));
        QCOMPARE(words.size(), 5);
        QCOMPARE(words[0], QStringLiteral("-plaintext"));
        QCOMPARE(words[1], QStringLiteral("-d"));
        QCOMPARE(words[4], QStringLiteral("modelmora.v1.InferenceService/Infer"));
        v1::InferenceRequest request;
        QVERIFY(google::protobuf::util::JsonStringToMessage(words[2].toStdString(), &request).ok());
        const auto channel = mm::gui::channelTo(words[3].toStdString()); // where it says
        const auto stub = v1::InferenceService::NewStub(channel);
        std::optional<grpc::Status> ended;
        grpc::ClientContext context;
        v1::InferenceResponse response;
        stub->async()->Infer(&context, &request, &response, [&](grpc::Status status) {
            QMetaObject::invokeMethod(this, [&ended, status] { ended = status; });
        });
        QVERIFY(ConsoleHouse::until([&] { return ended.has_value(); }));
        QVERIFY2(ended->ok(), ended->error_message().c_str());
        // The numbers that the page has.
        v1::InferenceRequest own;
        own.set_model_id("org/model");
        for (const QString& text : {kCat, kKitten, kMarket})
            own.mutable_input_data()->mutable_text_batch()->add_texts(text.toStdString());
        const auto answer = m_house->ask(&mm::gui::InferenceCalls::Infer, own);
        QVERIFY(answer.ok());
        const auto& copied = response.output_data().embedding_batch().embeddings();
        const auto& shown = answer->output_data().embedding_batch().embeddings();
        QCOMPARE(copied.size(), 3);
        for (int text = 0; text < 3; ++text) {
            QCOMPARE(copied[text].values_size(), shown[text].values_size());
            for (int i = 0; i < copied[text].values_size(); ++i)
                QVERIFY(std::abs(copied[text].values(i) - shown[text].values(i)) < 1e-5F);
        }
    }

    void theCopiedPythonWorks() {
        const QString folder = m_house->data.filePath(QStringLiteral("python"));
        QProcess build; // the client as its users have it
        build.setProcessEnvironment(QProcessEnvironment::systemEnvironment());
        build.setWorkingDirectory(QStringLiteral(MM_SOURCE_FOLDER));
        build.start(QStringLiteral(MM_PYTHON),
                    {QStringLiteral("-c"),
                     QStringLiteral("import shutil, sys; sys.path.insert(0, 'tests/support'); import python_sdk; "
                                    "shutil.copytree(python_sdk.unpacked(), sys.argv[1])"),
                     folder});
        QVERIFY(ConsoleHouse::until([&] { return build.state() == QProcess::NotRunning; }));
        QVERIFY2(build.exitCode() == 0, build.readAllStandardError().constData());
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("PYTHONPATH"), folder);
        QProcess python;
        python.setProcessEnvironment(environment);
        python.start(QStringLiteral(MM_PYTHON), {QStringLiteral("-c"), copied("copyPython")});
        QVERIFY(ConsoleHouse::until([&] { return python.state() == QProcess::NotRunning; }));
        const QByteArray said = python.readAllStandardOutput();
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
        QVERIFY2(said.contains("org/model") && said.contains("embeddings"), said.left(300).constData());
    }

    void whatWasAskedIsKeptForTheNextStart() {
        const QString line = find<QListWidget>("history")->item(0)->text();
        QVERIFY(line.contains(QStringLiteral("model")));
        mm::gui::MainWindow next({m_house->link, m_house->state, m_house->events, m_house->theme, nullptr, nullptr},
                                 mm::gui::allPages());
        next.show();
        next.open(QStringLiteral("playground"));
        auto* history = next.findChild<QListWidget*>(QStringLiteral("history"));
        QCOMPARE(history->count(), find<QListWidget>("history")->count());
        QCOMPARE(history->item(0)->text(), line);
        history->setCurrentRow(0); // with its answer
        QCOMPARE(next.findChild<QLabel*>(QStringLiteral("nearest"))->text(), find<QLabel>("nearest")->text());
        QVERIFY(!find<QLabel>("nearest")->text().isEmpty());
    }

    void aRefusalIsTheEnginesSentence() {
        find<QPlainTextEdit>("parameters")->setPlainText(QStringLiteral("{\"dimensions\": -1}"));
        find<QPushButton>("run")->click();
        auto* says = find<QLabel>("answerSays");
        QVERIFY(ConsoleHouse::until([&] { return says->text().contains(QStringLiteral("dimensions")); }));
        find<QPlainTextEdit>("parameters")->clear();
    }

    void aLoadTestCountsAndStops() {
        find<QTabWidget>("answers")->setCurrentIndex(3);
        auto* button = find<QPushButton>("loadTest");
        auto* done = find<QLabel>("loadDone");
        find<QSpinBox>("seconds")->setValue(1);
        button->click();
        QVERIFY(ConsoleHouse::until([&] { return button->text() == QStringLiteral("Start"); }));
        QVERIFY(QLocale().toInt(done->text()) > 0);
        picture("playground-load");
        find<QSpinBox>("seconds")->setValue(600);
        button->click();
        QVERIFY(ConsoleHouse::until([&] { return QLocale().toInt(done->text()) > 10; }));
        button->click();
        QCOMPARE(button->text(), QStringLiteral("Start"));
    }

    // A hundred at a time, with the queue in sight; says how long the window did not answer at most.
    void theQueueIsLiveUnderLoad() {
        find<QSpinBox>("concurrency")->setValue(100);
        auto* button = find<QPushButton>("loadTest");
        QTimer beat;
        QElapsedTimer since;
        qint64 longest = 0;
        connect(&beat, &QTimer::timeout, this, [&] { longest = std::max(longest, since.restart()); });
        button->click();
        m_house->window->open(QStringLiteral("queue"));
        auto* summary = find<QLabel>("queueSummary");
        QVERIFY(ConsoleHouse::until([&] { return summary->text().contains(QStringLiteral("oldest")); }));
        since.start();
        beat.start(1);
        QTest::qWait(2'000);
        beat.stop();
        qInfo("under load the window did not answer for %lld ms at most", longest);
        auto* view = find<QTreeView>("queue");
        view->setFocus();
        QTest::keyClick(view, Qt::Key_End);
        picture("queue-busy");
        m_house->window->open(QStringLiteral("playground"));
        button->click();
        QVERIFY(ConsoleHouse::until([&] {
            const auto& queue = m_house->state.queue();
            return queue && queue->total() == 0;
        }));
    }

    void aJobRunsToItsEnd() {
        find<QPushButton>("runAsJob")->click();
        auto* jobs = find<QTableView>("jobs");
        auto* results = find<QPushButton>("resultsButton");
        QVERIFY(ConsoleHouse::until([&] { return jobs->isVisible() && results->isEnabled(); }));
        QVERIFY(!jobs->selectionModel()->selectedRows().isEmpty());
        picture("queue-jobs");
        jobs->setFocus();
        QTest::keyClick(jobs, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(ConsoleHouse::until([&] {
            auto* rows = find<QPlainTextEdit>("resultRows");
            return rows != nullptr && rows->toPlainText().count(QStringLiteral("384 numbers")) == 3;
        }));
        find<QDialog>("jobResult")->reject();
        find<QTabWidget>("below")->setCurrentIndex(1);
        auto* recent = find<QTableView>("recent");
        QVERIFY(ConsoleHouse::until([&] { return recent->model()->rowCount() > 3; }));
        recent->setFocus();
        recent->selectRow(0);
        QTest::keyClick(recent, Qt::Key_Down);
        QVERIFY(ConsoleHouse::until([&] { // the one that is chosen below is told of at the right, though it has ended
            const auto labels = find<QFrame>("requestCard")->findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
                return label->isVisible() && label->text() == QStringLiteral("org/model@main");
            });
        }));
        picture("queue-recent");
        m_house->theme.apply(mm::gui::Shade::Dark);
        picture("queue-dark");
        m_house->window->open(QStringLiteral("playground"));
        find<QTabWidget>("answers")->setCurrentIndex(0);
        find<QListWidget>("history")->setCurrentRow(1);
        picture("playground-dark");
    }
};

QTEST_MAIN(TestPlayground)
#include "test_playground.moc"
