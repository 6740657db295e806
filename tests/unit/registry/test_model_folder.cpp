#include "engine/registry/files/file_hasher.h"
#include "engine/registry/files/folder_contents.h"
#include "engine/registry/files/verify_files.h"
#include "tests/unit/registry/fixtures.h"

#include <QTest>

#include <sys/stat.h>

using namespace mm::registry;
using mm::registry::test::makeModelFolder;
using mm::registry::test::write;
namespace v1 = modelmora::v1;

class TestModelFolder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everyFileIsListedAndHashed();
    void theChecksumDependsOnEveryByteAndName();
    void anotherChecksumThanExpectedIsRefused();
    void aFolderThatIsNoModelIsRefusedWithTheReason_data();
    void aFolderThatIsNoModelIsRefusedWithTheReason();
    void hostileEntriesAreRefused_data();
    void hostileEntriesAreRefused();
    void linksWithinTheFolderAndBookkeepingAreFine();
    void aTransformerInAFolderOfItsOwnIsFound();
    void aTaskTheArchitectureCannotDoIsRefused();
    void hashingEndsWhenTheEngineStops();
    void aChangedOrVanishedFileIsNamed();

private:
    mm::Result<Contents> read(v1::TaskType task = v1::TASK_TYPE_TXT2EMBED, const std::string& expected = {}) const {
        const std::atomic<bool> stop = false;
        return readFolder(test::path(m_root), task, expected, stop);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_root;
};

void TestModelFolder::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = makeModelFolder(m_folder->filePath(QStringLiteral("model")));
}

void TestModelFolder::everyFileIsListedAndHashed() {
    const auto contents = read();
    QVERIFY2(contents.ok(), contents.ok() ? "" : contents.error().message.c_str());
    QCOMPARE(contents->architecture, std::string("bert"));
    QCOMPARE(contents->files.size(), std::size_t{4});
    QCOMPARE(contents->files.at(0).path, std::string("1_Pooling/config.json"));
    std::int64_t total = 0;
    QByteArray manifest;
    for (const ModelFile& file : contents->files) {
        const QString path = m_root + QStringLiteral("/") + QString::fromStdString(file.path);
        QCOMPARE(QByteArray::fromStdString(file.sha256), test::hashOf(path));
        QCOMPARE(file.bytes, QFileInfo(path).size());
        total += file.bytes;
        manifest += QByteArray::fromStdString(file.sha256 + " " + std::to_string(file.bytes) + " " + file.path + "\n");
    }
    QCOMPARE(contents->totalBytes, total);
    QCOMPARE(contents->checksum,
             "sha256:" + QCryptographicHash::hash(manifest, QCryptographicHash::Sha256).toHex().toStdString());
}

void TestModelFolder::theChecksumDependsOnEveryByteAndName() {
    const std::string first = read()->checksum;
    QCOMPARE(read()->checksum, first);
    write(m_root + QStringLiteral("/model.safetensors"), "weightz");
    const std::string second = read()->checksum;
    QVERIFY(second != first);
    QVERIFY(QFile::rename(m_root + QStringLiteral("/model.safetensors"), m_root + QStringLiteral("/b.safetensors")));
    QVERIFY(read()->checksum != second);
}

void TestModelFolder::anotherChecksumThanExpectedIsRefused() {
    const std::string checksum = read()->checksum;
    QVERIFY(read(v1::TASK_TYPE_TXT2EMBED, checksum).ok());
    const auto other = read(v1::TASK_TYPE_TXT2EMBED, "sha256:" + std::string(64, '0'));
    QVERIFY(!other.ok());
    QCOMPARE(other.error().code, mm::ErrorCode::ChecksumMismatch);
    QCOMPARE(std::get<std::string>(other.error().facts.at("found")), checksum);
}

void TestModelFolder::aFolderThatIsNoModelIsRefusedWithTheReason_data() {
    QTest::addColumn<QString>("remove");
    QTest::addColumn<QString>("add");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* remove, const char* add, const char* content,
                        const char* reason) {
        QTest::newRow(name) << QString::fromLatin1(remove) << QString::fromLatin1(add) << QByteArray(content)
                            << QString::fromLatin1(reason);
    };
    row("no tokenizer", "tokenizer.json", "", "", "tokenizer.json is missing");
    row("no configuration", "config.json", "", "", "config.json is missing");
    row("no weights", "model.safetensors", "", "", "holds no weights");
    row("only pickled weights", "model.safetensors", "pytorch_model.bin", "x", "are pickled (pytorch_model.bin)");
    row("configuration is not JSON", "", "config.json", "{\"model_type\": ", "not valid JSON");
    row("configuration is a list", "", "config.json", "[]", "does not say its model_type");
    row("model_type is a number", "", "config.json", "{\"model_type\": 3}", "does not say its model_type");
    row("configuration nests forever", "", "config.json", QByteArray(200'000, '[').constData(), "not valid JSON");
}

void TestModelFolder::aFolderThatIsNoModelIsRefusedWithTheReason() {
    QFETCH(QString, remove);
    QFETCH(QString, add);
    QFETCH(QByteArray, content);
    QFETCH(QString, reason);
    if (!remove.isEmpty())
        QVERIFY(QFile::remove(m_root + QStringLiteral("/") + remove));
    if (!add.isEmpty())
        write(m_root + QStringLiteral("/") + add, content);
    const auto contents = read();
    QVERIFY(!contents.ok());
    QCOMPARE(contents.error().code, mm::ErrorCode::InvalidModelFiles);
    QVERIFY2(QString::fromStdString(contents.error().message).contains(reason), contents.error().message.c_str());
}

void TestModelFolder::hostileEntriesAreRefused_data() {
    QTest::addColumn<QString>("reason");
    QTest::newRow("a link to a file outside") << QStringLiteral("a symbolic link out of the folder");
    QTest::newRow("a link to a folder outside") << QStringLiteral("a symbolic link out of the folder");
    QTest::newRow("a link that leads nowhere") << QStringLiteral("leads nowhere");
    QTest::newRow("a link to itself") << QStringLiteral("leads nowhere");
    QTest::newRow("a pipe") << QStringLiteral("neither a file nor a folder");
    QTest::newRow("a name that is not UTF-8") << QStringLiteral("not UTF-8");
    QTest::newRow("a name with a newline") << QStringLiteral("control character");
    QTest::newRow("folders without end") << QStringLiteral("folders deep");
}

void TestModelFolder::hostileEntriesAreRefused() {
    QFETCH(QString, reason);
    const QByteArray kind = QTest::currentDataTag();
    const QString secret = m_folder->filePath(QStringLiteral("secret"));
    write(secret + QStringLiteral("/password"), "x");
    const QString link = m_root + QStringLiteral("/vocab.txt");
    if (kind == "a link to a file outside")
        QVERIFY(QFile::link(secret + QStringLiteral("/password"), link));
    else if (kind == "a link to a folder outside")
        QVERIFY(QFile::link(secret, link));
    else if (kind == "a link that leads nowhere")
        QVERIFY(QFile::link(m_root + QStringLiteral("/missing"), link));
    else if (kind == "a link to itself")
        QVERIFY(QFile::link(link, link));
    else if (kind == "a pipe")
        QCOMPARE(::mkfifo(link.toUtf8().constData(), 0600), 0);
    else if (kind == "a name that is not UTF-8")
        std::filesystem::create_directory(test::path(m_root) / "bad\xff\xfe");
    else if (kind == "a name with a newline")
        write(m_root + QStringLiteral("/a\nb"), "x");
    else
        QVERIFY(QDir().mkpath(m_root + QStringLiteral("/d").repeated(40)));
    const auto contents = read();
    QVERIFY(!contents.ok());
    QCOMPARE(contents.error().code, mm::ErrorCode::InvalidModelFiles);
    QVERIFY2(QString::fromStdString(contents.error().message).contains(reason), contents.error().message.c_str());
}

void TestModelFolder::linksWithinTheFolderAndBookkeepingAreFine() {
    QVERIFY(QFile::link(m_root + QStringLiteral("/tokenizer.json"), m_root + QStringLiteral("/1_Pooling/t.json")));
    write(m_root + QStringLiteral("/.git/objects/x"), "x");
    const QString alias = m_folder->filePath(QStringLiteral("alias"));
    QVERIFY(QFile::link(m_root, alias));
    m_root = alias;
    const auto contents = read();
    QVERIFY2(contents.ok(), contents.ok() ? "" : contents.error().message.c_str());
    QCOMPARE(contents->files.size(), std::size_t{5});
    QCOMPARE(contents->folder.filename().string(), std::string("model"));
}

void TestModelFolder::aTransformerInAFolderOfItsOwnIsFound() {
    const QString own = m_folder->filePath(QStringLiteral("own"));
    makeModelFolder(own + QStringLiteral("/0_Transformer"));
    write(own + QStringLiteral("/modules.json"),
          R"([{"idx": 0, "path": "0_Transformer", "type": "sentence_transformers.models.Transformer"}])");
    m_root = own;
    QCOMPARE(read()->architecture, std::string("bert"));
    write(own + QStringLiteral("/modules.json"), R"([{"path": "../..", "type": "x.Transformer"}])");
    QVERIFY(!read().ok());
}

void TestModelFolder::aTaskTheArchitectureCannotDoIsRefused() {
    const auto image = read(v1::TASK_TYPE_IMG2EMBED);
    QVERIFY(!image.ok());
    QCOMPARE(image.error().code, mm::ErrorCode::UnsupportedModel);
    write(m_root + QStringLiteral("/config.json"), R"({"model_type": "vit"})");
    QVERIFY(read(v1::TASK_TYPE_IMG2EMBED).ok());
    QCOMPARE(read(v1::TASK_TYPE_TXT2EMBED).error().code, mm::ErrorCode::UnsupportedModel);
}

void TestModelFolder::hashingEndsWhenTheEngineStops() {
    const std::atomic<bool> stop = true;
    const auto hash = hashFile(test::path(m_root) / "config.json", stop);
    QVERIFY(!hash.ok());
    QCOMPARE(hash.error().code, mm::ErrorCode::RequestCancelled);
}

void TestModelFolder::aChangedOrVanishedFileIsNamed() {
    ModelEntry entry = test::entry("a/b", "main");
    setContents(entry, *read());
    QVERIFY(verifyFiles(entry).ok());
    write(m_root + QStringLiteral("/model.safetensors"), "short");
    const auto changed = verifyFiles(entry);
    QCOMPARE(changed.error().code, mm::ErrorCode::InvalidModelFiles);
    QCOMPARE(std::get<std::string>(changed.error().facts.at("file")), std::string("model.safetensors"));
    QVERIFY(QFile::remove(m_root + QStringLiteral("/model.safetensors")));
    QVERIFY(QString::fromStdString(verifyFiles(entry).error().message).contains(QStringLiteral("has gone")));
    QVERIFY(QDir(m_root).removeRecursively());
    QCOMPARE(verifyFiles(entry).error().code, mm::ErrorCode::SourceNotFound);
    QCOMPARE(read().error().code, mm::ErrorCode::SourceNotFound);
}

QTEST_GUILESS_MAIN(TestModelFolder)
#include "test_model_folder.moc"
