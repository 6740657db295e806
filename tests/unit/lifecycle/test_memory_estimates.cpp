#include "engine/base/cpu_features.h"
#include "engine/lifecycle/memory/memory_estimator.h"
#include "tests/support/scripted_probe.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <map>

using namespace mm;
using namespace mm::lifecycle;

namespace {

namespace fs = std::filesystem;

class Kept final : public MeasurementStore {
public:
    [[nodiscard]] std::optional<Measurement> find(const MeasurementKey& key) const override {
        const auto found = m_kept.find(key);
        return found == m_kept.end() ? std::nullopt : std::optional(found->second);
    }
    [[nodiscard]] std::optional<Measurement> latest(const std::string&, const std::string&) const override {
        return std::nullopt;
    }
    void put(const MeasurementKey& key, const Measurement& measurement) override { m_kept[key] = measurement; }
    void forget(const std::string&, const std::string&) override { m_kept.clear(); }

private:
    std::map<MeasurementKey, Measurement> m_kept;
};

// A folder of model files, as small as can be.
class Folder {
public:
    void write(const std::string& file, const std::string& bytes) const {
        fs::create_directories((path() / file).parent_path());
        std::ofstream(path() / file, std::ios::binary) << bytes;
    }
    // One tensor of that many elements.
    void weights(const std::string& file, const std::string& dtype, std::int64_t elements, std::int64_t width,
                 const std::string& more = "") const {
        const std::string bytes = std::to_string(elements * width);
        const std::string header = R"({"w":{"dtype":")" + dtype + R"(","shape":[)" + std::to_string(elements) +
                                   R"(],"data_offsets":[0,)" + bytes + "]}" + more + "}";
        std::string length;
        for (unsigned i = 0; i < 8; ++i)
            length.push_back(static_cast<char>((header.size() >> (8 * i)) & 0xFFU));
        write(file, length + header + std::string(static_cast<std::size_t>(elements * width), '\0'));
    }
    [[nodiscard]] fs::path path() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

LoadSpec specOf(const Folder& folder) {
    LoadSpec spec;
    spec.modelId = "org/m";
    spec.version = "1";
    spec.path = folder.path().string();
    spec.threads = 2;
    (*spec.config.mutable_fields())["dtype"].set_string_value("fp32");
    return spec;
}

struct House {
    mm::test::ScriptedProbe probe{16'000'000'000};
    Kept kept;
    MemoryEstimator estimator{kept, probe};
};

} // namespace

class TestMemoryEstimates : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void weightsAreCountedInTheDtypeTheyAreLoadedIn_data() {
        QTest::addColumn<QString>("stored");
        QTest::addColumn<int>("width");
        QTest::newRow("F32") << QStringLiteral("F32") << 4;
        QTest::newRow("F16") << QStringLiteral("F16") << 2;
        QTest::newRow("BF16") << QStringLiteral("BF16") << 2;
        QTest::newRow("F64") << QStringLiteral("F64") << 8;
    }
    void weightsAreCountedInTheDtypeTheyAreLoadedIn() {
        QFETCH(QString, stored);
        QFETCH(int, width);
        const Folder folder;
        folder.weights("model.safetensors", stored.toStdString(), 1000, width);
        const FileFacts facts = readFileFacts(folder.path()).value();
        QCOMPARE(estimateFromFiles(facts, {"cpu", "fp32"}).front().weightsBytes, 4000);
        QCOMPARE(estimateFromFiles(facts, {"cpu", "bf16"}).front().weightsBytes, 2000);
    }

    void integersKeepTheirBytes() {
        const Folder folder;
        folder.weights("model.safetensors", "I64", 100, 8);
        QCOMPARE(estimateFromFiles(readFileFacts(folder.path()).value(), {"cpu", "bf16"}).front().weightsBytes, 800);
    }

    void shardsAndPartsAreAddedUp() {
        const Folder folder;
        folder.write("modules.json", R"([{"path":""},{"path":"2_Dense"},{"path":"../elsewhere"},7])");
        folder.write("model.safetensors.index.json", R"({"weight_map":{"a":"s1.safetensors","b":"s2.safetensors",
                     "c":"s1.safetensors"}})");
        folder.weights("s1.safetensors", "F32", 10, 4);
        folder.weights("s2.safetensors", "F32", 20, 4);
        folder.weights("2_Dense/model.safetensors", "F32", 5, 4);
        QCOMPARE(readFileFacts(folder.path())->floatingElements, 35);
    }

    void theBatchAndTheThreadsDecideTheActivations() {
        const Folder folder;
        folder.weights("model.safetensors", "F32", 10, 4);
        folder.write("config.json", R"({"hidden_size":384,"intermediate_size":1536})");
        folder.write("tokenizer.json", std::string(1000, ' '));
        const FileFacts facts = readFileFacts(folder.path()).value();
        const MemoryEstimate estimate = estimateFromFiles(facts, {"cpu", "fp32", 4096, 2}).front();
        QCOMPARE(estimate.activationBytes, 4096 * 384 * 8 + 2 * 256 * (5 * 384 + 1536) * 4);
        QCOMPARE(estimate.runtimeBytes, 74'000'000 + 12 * 1000);
        const MemoryNeed onGpu = estimateFromFiles(facts, {"cuda:0", "fp32", 4096, 2});
        QCOMPARE(onGpu.size(), std::size_t{2});
        QCOMPARE(onGpu[0].device, std::string("cpu"));
        QCOMPARE(onGpu[0].weightsBytes, 0);
        QCOMPARE(onGpu[1].weightsBytes, 40);
    }

    void namesOfOtherFamiliesAreKnown() {
        const Folder folder;
        folder.write("config.json", R"({"dim":768,"hidden_dim":3072})");
        QCOMPARE(readFileFacts(folder.path())->hidden, 768);
        QCOMPARE(readFileFacts(folder.path())->intermediate, 3072);
    }

    void damagedFilesAreNamedAndDoNotStopAPrediction_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("cut short") << QStringLiteral("model.safetensors") << QByteArray("\x20");
        QTest::newRow("a lie") << QStringLiteral("model.safetensors") << QByteArray("\x02\0\0\0\0\0\0\0{x", 10);
        QTest::newRow("an index that leads out") << QStringLiteral("model.safetensors.index.json")
                                                 << QByteArray(R"({"weight_map":{"a":"../x.safetensors"}})");
        QTest::newRow("a missing shard") << QStringLiteral("model.safetensors.index.json")
                                         << QByteArray(R"({"weight_map":{"a":"x.safetensors"}})");
        QTest::newRow("no configuration") << QStringLiteral("config.json") << QByteArray("[]");
    }
    void damagedFilesAreNamedAndDoNotStopAPrediction() {
        QFETCH(QString, file);
        QFETCH(QByteArray, bytes);
        const Folder folder;
        folder.write(file.toStdString(), bytes.toStdString());
        House house;
        const Prediction prediction = house.estimator.predict(specOf(folder)).value();
        QVERIFY(prediction.problem.has_value());
        QCOMPARE(prediction.problem->code, ErrorCode::InvalidModelFiles);
        QVERIFY(prediction.problem->message.find(folder.path().string()) != std::string::npos);
        QCOMPARE(prediction.need.front().weightsBytes, 0);
    }

    void aHeaderBeyondAnyRealOneIsNotRead() {
        const Folder folder;
        std::string bytes("\0\0\0\x02\0\0\0\0", 8); // 32 MiB
        folder.write("model.safetensors", bytes + std::string(100, ' '));
        QCOMPARE(readFileFacts(folder.path())->otherBytes, 108);
    }

    void aMeasurementWinsOverADeclarationAndThatOverTheFiles() {
        const Folder folder;
        folder.weights("model.safetensors", "F32", 1'000'000, 4);
        LoadSpec spec = specOf(folder);
        House house;
        QCOMPARE(house.estimator.predict(spec)->need.front().source, EstimateSource::Files);
        spec.declaredBytes = 500'000'000;
        const Prediction declared = house.estimator.predict(spec).value();
        QCOMPARE(declared.need.front().source, EstimateSource::Declared);
        QCOMPARE(declared.need.front().total(), 500'000'000);
        Measurement seen;
        seen.measuredBytes = 90'000'000;
        seen.weightsBytes = 4'000'000;
        seen.activationBytes = 6'000'000;
        seen.loadMs = 321;
        house.kept.put({"org/m", "1", "cpu", "fp32"}, seen);
        const Prediction measured = house.estimator.predict(spec).value();
        QCOMPARE(measured.need.front().source, EstimateSource::Measured);
        QCOMPARE(measured.need.front().total(), 90'000'000);
        QCOMPARE(measured.need.front().runtimeBytes, 80'000'000);
        QCOMPARE(measured.loadMs, 321.0);
    }

    void automaticPrecisionIsWhatTheWorkerWillTake() {
        const Folder folder;
        LoadSpec spec = specOf(folder);
        spec.config.mutable_fields()->clear();
        House house;
        QCOMPARE(house.estimator.predict(spec)->dtype, std::string(nativeBf16() != nullptr ? "bf16" : "fp32"));
    }

    void theDeviceIsWhatTheMachineShows() {
        const Folder folder;
        LoadSpec spec = specOf(folder);
        House house;
        QCOMPARE(house.estimator.predict(spec)->device, std::string("cpu"));
        (*spec.config.mutable_fields())["device"].set_string_value("cuda:1");
        QCOMPARE(house.estimator.predict(spec).error().code, ErrorCode::DeviceUnavailable);
        house.probe.addDevice("cuda:0", 8'000'000'000);
        house.probe.addDevice("cuda:1", 8'000'000'000);
        MemoryEstimator withGpus(house.kept, house.probe);
        QCOMPARE(withGpus.predict(spec)->device, std::string("cuda:1"));
        (*spec.config.mutable_fields())["device"].set_string_value("auto");
        QCOMPARE(withGpus.predict(spec)->device, std::string("cuda:0"));
        Measurement onHost; // the worker had no CUDA after all
        onHost.updatedAt = WallTime(std::chrono::seconds(5));
        house.kept.put({"org/m", "1", "cpu", "fp32"}, onHost);
        QCOMPARE(withGpus.predict(spec)->device, std::string("cpu"));
    }

    void changedFilesAreReadAgain() {
        const Folder folder;
        folder.weights("model.safetensors", "F32", 10, 4);
        House house;
        QCOMPARE(house.estimator.predict(specOf(folder))->need.front().weightsBytes, 40);
        folder.weights("model.safetensors", "F32", 20, 4);
        QCOMPARE(house.estimator.predict(specOf(folder))->need.front().weightsBytes, 80);
    }
};

QTEST_GUILESS_MAIN(TestMemoryEstimates)
#include "test_memory_estimates.moc"
