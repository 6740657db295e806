#include "worker/model/model_folder.h"
#include "worker/model/weight_files.h"
#include "worker/runtime/failure.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using mm::ErrorCode;
using mm::worker::Failure;
using mm::worker::FolderUse;
using mm::worker::ModelFolder;
using mm::worker::openModelFolder;
using mm::worker::PoolingMode;
using mm::worker::WeightFiles;

namespace {

class Folder {
public:
    Folder() {
        write("config.json", R"({"model_type":"bert"})");
        write("tokenizer.json", "{}");
    }
    void write(const char* name, const QByteArray& text) const {
        const QString path = m_dir.filePath(QString::fromUtf8(name));
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", name);
    }
    void remove(const char* name) const { QFile::remove(m_dir.filePath(QString::fromUtf8(name))); }
    [[nodiscard]] std::filesystem::path path() const { return m_dir.path().toStdString(); }

    void sentenceModules(const QByteArray& more = {}) const {
        write("modules.json", R"([{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
            {"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"})" +
                                  more + "]");
        write("1_Pooling/config.json", R"({"word_embedding_dimension":8})");
    }

private:
    QTemporaryDir m_dir;
};

template <typename Action>
std::pair<ErrorCode, QString> failureOf(Action&& action) {
    try {
        action();
    } catch (const Failure& failure) {
        return {failure.error.code, QString::fromStdString(failure.error.message)};
    }
    return {ErrorCode::InternalError, QStringLiteral("(it was taken)")};
}

QByteArray safetensors(const QByteArray& name) {
    const QByteArray header = "{\"" + name + "\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}";
    QByteArray bytes(8, '\0');
    bytes[0] = static_cast<char>(header.size());
    return bytes + header + "ab";
}

} // namespace

class TestModelFolder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPlainTransformerFolderMeansMeanPooling();
    void severalPoolingModesJoinInTheirFixedOrder();
    void theNewerSpellingOfPoolingIsRead();
    void denseAndNormalizeFollowPooling();
    void promptsAndLengthsAreRead();
    void whatCannotBeComputedIsNamed_data();
    void whatCannotBeComputedIsNamed();
    void damagedFilesAreNamed_data();
    void damagedFilesAreNamed();
    void pickledWeightsAreRefusedWithTheReason();
    void shardsAreJoined();
    void hostileIndexesAreRefused_data();
    void hostileIndexesAreRefused();
};

void TestModelFolder::aPlainTransformerFolderMeansMeanPooling() {
    const Folder folder;
    folder.write("tokenizer_config.json", R"({"model_max_length":1000000000000000019884624838656})");
    const ModelFolder model = openModelFolder(folder.path(), FolderUse::Embedding);
    QCOMPARE(model.modelType, std::string("bert"));
    QVERIFY(model.modules.pooling.modes == std::vector{PoolingMode::Mean});
    QVERIFY(model.modules.afterPooling.empty());
    QVERIFY(!model.tokenizerMaxLength);
    QCOMPARE(model.maxSequenceLength(512), 512);
}

void TestModelFolder::severalPoolingModesJoinInTheirFixedOrder() {
    const Folder folder;
    folder.sentenceModules();
    folder.write("1_Pooling/config.json", R"({"word_embedding_dimension":8,"pooling_mode_mean_tokens":true,
        "pooling_mode_cls_token":true,"pooling_mode_lasttoken":true,"include_prompt":false})");
    const auto pooling = openModelFolder(folder.path(), FolderUse::Embedding).modules.pooling;
    QVERIFY((pooling.modes == std::vector{PoolingMode::Cls, PoolingMode::Mean, PoolingMode::LastToken}));
    QVERIFY(!pooling.includePrompt);
    QCOMPARE(pooling.dimension, 8);
}

void TestModelFolder::theNewerSpellingOfPoolingIsRead() {
    const Folder folder;
    folder.sentenceModules();
    folder.write("1_Pooling/config.json", R"({"embedding_dimension":8,"pooling_mode":["max","cls"]})");
    QVERIFY((openModelFolder(folder.path(), FolderUse::Embedding).modules.pooling.modes ==
             std::vector{PoolingMode::Max, PoolingMode::Cls}));
    folder.write("1_Pooling/config.json", R"({"embedding_dimension":8,"pooling_mode":"weightedmean"})");
    QVERIFY(openModelFolder(folder.path(), FolderUse::Embedding).modules.pooling.modes ==
            std::vector{PoolingMode::WeightedMean});
}

void TestModelFolder::denseAndNormalizeFollowPooling() {
    const Folder folder;
    folder.sentenceModules(R"(,{"path":"2_Dense","type":"sentence_transformers.base.modules.dense.Dense"},
        {"path":"3_Normalize","type":"sentence_transformers.models.Normalize"})");
    folder.write("2_Dense/config.json", R"({"in_features":8,"out_features":4,"bias":false,
        "activation_function":"torch.nn.modules.linear.Identity"})");
    const auto modules = openModelFolder(folder.path(), FolderUse::Embedding).modules;
    QCOMPARE(modules.afterPooling.size(), std::size_t(2));
    const auto& dense = std::get<mm::worker::DenseModule>(modules.afterPooling[0]);
    QCOMPARE(dense.outFeatures, 4);
    QVERIFY(!dense.bias);
    QVERIFY(dense.activation == mm::worker::DenseActivation::Identity);
    QVERIFY(modules.endsNormalised());
}

void TestModelFolder::promptsAndLengthsAreRead() {
    const Folder folder;
    folder.sentenceModules();
    folder.write("sentence_bert_config.json", R"({"max_seq_length":256,"do_lower_case":true})");
    folder.write("config_sentence_transformers.json",
                 R"({"prompts":{"query":"query: ","extra":null},"default_prompt_name":"query"})");
    const ModelFolder model = openModelFolder(folder.path(), FolderUse::Embedding);
    QCOMPARE(model.modules.prompts.at("query"), std::string("query: "));
    QCOMPARE(model.modules.prompts.at("document"), std::string());
    QCOMPARE(model.modules.defaultPrompt.value(), std::string("query"));
    QVERIFY(model.modules.lowerCase);
    QCOMPARE(model.maxSequenceLength(512), 256);
    QCOMPARE(model.maxSequenceLength(128), 128);
}

void TestModelFolder::whatCannotBeComputedIsNamed_data() {
    QTest::addColumn<QByteArray>("module");
    QTest::addColumn<QString>("reason");
    QTest::newRow("another module") << QByteArray(R"({"path":"","type":"sentence_transformers.models.LSTM"})")
                                    << QStringLiteral("'sentence_transformers.models.LSTM' cannot be computed");
    QTest::newRow("code of its own") << QByteArray(R"({"path":"","type":"custom_st.Transformer"})")
                                     << QStringLiteral("'custom_st.Transformer'; code of its own is never run");
}

void TestModelFolder::whatCannotBeComputedIsNamed() {
    QFETCH(QByteArray, module);
    QFETCH(QString, reason);
    const Folder folder;
    folder.sentenceModules("," + module);
    const auto [code, message] = failureOf([&] { openModelFolder(folder.path(), FolderUse::Embedding); });
    QVERIFY(code == ErrorCode::UnsupportedModel);
    QVERIFY2(message.contains(reason), qPrintable(message));
}

void TestModelFolder::damagedFilesAreNamed_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* file, const char* text, const char* reason) {
        QTest::addRow("%s: %s", file, text) << QByteArray(file) << QByteArray(text) << QString::fromUtf8(reason);
    };
    row("config.json", "", "is empty");
    row("config.json", "{", "not valid JSON");
    row("config.json", "[]", "not a JSON object");
    row("config.json", "{}", "\"model_type\" is missing");
    row("config.json", R"({"model_type":"bert","model_type":"bert"})", "'model_type' appears twice");
    row("modules.json", "{}", "a list that begins with a Transformer");
    row("1_Pooling/config.json", R"({"pooling_mode":"best"})", "\"pooling_mode\" is 'best'");
    row("1_Pooling/config.json", R"({"pooling_mode_cls_token":"yes"})", "true or false is needed");
    row("sentence_bert_config.json", R"({"max_seq_length":-5})", "\"max_seq_length\" is -5");
    row("config_sentence_transformers.json", R"({"default_prompt_name":"q"})", "which \"prompts\" does not have");
    row("modules.json", R"([{"path":"","type":"sentence_transformers.models.Transformer"},
        {"path":"../x","type":"sentence_transformers.models.Pooling"}])",
        "outside the model's folder");
}

void TestModelFolder::damagedFilesAreNamed() {
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, text);
    QFETCH(QString, reason);
    const Folder folder;
    folder.sentenceModules();
    folder.write(file.constData(), text);
    const auto [code, message] = failureOf([&] { openModelFolder(folder.path(), FolderUse::Embedding); });
    QVERIFY2(message.contains(reason), qPrintable(message));
    QVERIFY2(message.contains(QString::fromUtf8(file)), qPrintable(message));
}

void TestModelFolder::pickledWeightsAreRefusedWithTheReason() {
    const Folder folder;
    folder.write("pytorch_model.bin", "x");
    const auto [code, message] = failureOf([&] { WeightFiles::open(folder.path()); });
    QVERIFY(code == ErrorCode::InvalidModelFiles);
    QVERIFY2(message.contains(QStringLiteral("can run code")), qPrintable(message));
    folder.remove("pytorch_model.bin");
    const QString none = failureOf([&] { WeightFiles::open(folder.path()); }).second;
    QVERIFY2(none.contains(QStringLiteral("holds no weights")), qPrintable(none));
}

void TestModelFolder::shardsAreJoined() {
    const Folder folder;
    folder.write("model-1.safetensors", safetensors("a"));
    folder.write("model-2.safetensors", safetensors("b"));
    folder.write("model.safetensors.index.json",
                 R"({"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}})");
    const WeightFiles files = WeightFiles::open(folder.path());
    QCOMPARE(files.tensorBytes(), std::uint64_t(4));
    QVERIFY(files.find("a") != nullptr && files.find("b") != nullptr && files.find("c") == nullptr);
}

void TestModelFolder::hostileIndexesAreRefused_data() {
    QTest::addColumn<QByteArray>("index");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* index, const char* reason) {
        QTest::newRow(name) << QByteArray(index) << QString::fromUtf8(reason);
    };
    row("no map", R"({})", "no \"weight_map\"");
    row("a list", R"([])", "no \"weight_map\"");
    row("a missing shard", R"({"weight_map":{"a":"model-9.safetensors"}})", "model-9.safetensors is missing");
    row("a tensor that its shard lacks", R"({"weight_map":{"z":"model-1.safetensors"}})", "does not hold tensor 'z'");
    row("a path upwards", R"({"weight_map":{"a":"../model-1.safetensors"}})", "only names");
    row("an absolute path", R"({"weight_map":{"a":"/etc/x.safetensors"}})", "only names");
    row("a pickle", R"({"weight_map":{"a":"pytorch_model.bin"}})", "only names");
    row("a number", R"({"weight_map":{"a":1}})", "no file name");
}

void TestModelFolder::hostileIndexesAreRefused() {
    QFETCH(QByteArray, index);
    QFETCH(QString, reason);
    const Folder folder;
    folder.write("model-1.safetensors", safetensors("a"));
    folder.write("model.safetensors.index.json", index);
    const auto [code, message] = failureOf([&] { WeightFiles::open(folder.path()); });
    QVERIFY(code == ErrorCode::InvalidModelFiles);
    QVERIFY2(message.contains(reason), qPrintable(message));
}

QTEST_APPLESS_MAIN(TestModelFolder)
#include "test_model_folder.moc"
