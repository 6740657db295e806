#include "engine/lifecycle/memory/host_probe.h"
#include "engine/lifecycle/memory/machine_probe.h"
#include "engine/lifecycle/memory/nvml_probe.h"

#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <vector>

using namespace mm::lifecycle;

namespace {

namespace fs = std::filesystem;

// A kernel's files as a test wants them.
class Kernel {
public:
    Kernel() {
        write("proc/meminfo", "MemTotal:       16000 kB\nMemFree:         1000 kB\nMemAvailable:    9000 kB\n");
        write("proc/self/cgroup", "0::/\n");
    }
    void write(const std::string& file, const std::string& text) const {
        fs::create_directories((root() / file).parent_path());
        std::ofstream(root() / file) << text;
    }
    void group(const std::string& path, const std::string& limit, const std::string& current,
               const std::string& stat = "") const {
        const std::string folder = path.empty() ? "cgroup/" : "cgroup/" + path + "/";
        write(folder + "memory.max", limit + "\n");
        write(folder + "memory.current", current + "\n");
        write(folder + "memory.stat", stat);
    }
    [[nodiscard]] DeviceMemory host() const {
        return HostProbe({root() / "proc", root() / "cgroup"}).devices().front();
    }
    [[nodiscard]] fs::path root() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

constexpr std::int64_t kKB = 1024;

} // namespace

class TestMemoryProbes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { qunsetenv("MM_FAKE_NVML"); }

    void theHostIsWhatTheKernelSays() {
        const DeviceMemory host = Kernel().host();
        QCOMPARE(host.device, std::string("cpu"));
        QCOMPARE(host.totalBytes, 16000 * kKB);
        QCOMPARE(host.availableBytes, 9000 * kKB);
    }

    void aControlGroupAboveLimitsIt() {
        const Kernel kernel;
        kernel.write("proc/self/cgroup", "1:cpu:/other\n0::/system.slice/modelmora.service\n");
        kernel.group("system.slice/modelmora.service", "max", "100");
        kernel.group("system.slice", "4096000", "3096000", "anon 1000\nactive_file 500000\ninactive_file 500000\n");
        const DeviceMemory host = kernel.host();
        QCOMPARE(host.totalBytes, 4096000);
        QCOMPARE(host.availableBytes, 2000000);
        QVERIFY(host.name.ends_with("system.slice"));
    }

    void theTightestOfSeveralLimitsCounts() {
        const Kernel kernel;
        kernel.write("proc/self/cgroup", "0::/a/b\n");
        kernel.group("a/b", "3000000", "0");
        kernel.group("a", "2000000", "1900000");
        QCOMPARE(kernel.host().totalBytes, 2000000);
        QCOMPARE(kernel.host().availableBytes, 100000);
        kernel.write("cgroup/a/b/memory.high", "1000000\n");
        QCOMPARE(kernel.host().totalBytes, 1000000);
        QCOMPARE(kernel.host().availableBytes, 100000);
    }

    void insideAContainerTheRootOfTheHierarchyIsItsOwn() {
        const Kernel kernel;
        kernel.write("proc/self/cgroup", "0::/../../elsewhere\n");
        kernel.group("", "5000000", "4000000");
        QCOMPARE(kernel.host().availableBytes, 1000000);
    }

    void aProcessCountsForAnonymousSharedAndSwappedMemory() {
        const Kernel kernel;
        kernel.write("proc/77/status", "Name:\tworker\nVmRSS:\t 900 kB\nRssAnon:\t 400 kB\nRssFile:\t 450 kB\n"
                                       "RssShmem:\t 50 kB\nVmSwap:\t 30 kB\n");
        kernel.write("proc/78/status", "Name:\tworker\nState:\tZ (zombie)\n");
        HostProbe probe({kernel.root() / "proc", kernel.root() / "cgroup"});
        QCOMPARE(*probe.processMemory(77), (ByDevice{{"cpu", 480 * kKB}}));
        QVERIFY(!probe.processMemory(78));
        QVERIFY(!probe.processMemory(79));
    }

    void onTheRealMachineMemoryThatIsTouchedIsSeen() {
        MachineProbe probe;
        const DeviceMemory host = probe.devices().front();
        QVERIFY(host.totalBytes > 0 && host.availableBytes > 0 && host.availableBytes <= host.totalBytes);
        const std::int64_t before = bytesOn(probe.processMemory(getpid()).value(), kHostDevice);
        constexpr std::size_t kBytes = 64 << 20;
        const std::vector<char> block(kBytes, 1);
        const std::int64_t grown = bytesOn(probe.processMemory(getpid()).value(), kHostDevice) - before;
        QVERIFY2(grown >= std::int64_t(kBytes * 9 / 10) && block[1] == 1,
                 QByteArray::number(qint64{grown}).constData());
    }

    void withoutADriverThereAreNoGpus() {
        NvmlProbe probe("libnvidia-ml-that-is-not-there.so.1");
        QVERIFY(probe.devices().empty());
        QVERIFY(probe.processMemory(1)->empty());
        QVERIFY(probe.problem().find("not installed") != std::string::npos);
        NvmlProbe foreign("libc.so.6");
        QVERIFY(foreign.devices().empty());
        QVERIFY(foreign.problem().find("lacks functions") != std::string::npos);
    }

    void gpusAndTheirProcessesAreSeen() {
        NvmlProbe probe(MM_FAKE_NVML_LIBRARY);
        const auto gpus = probe.devices();
        QCOMPARE(gpus.size(), std::size_t{2});
        QCOMPARE(gpus[0].device, std::string("cuda:0"));
        QCOMPARE(gpus[0].name, std::string("Fake GPU A"));
        QCOMPARE(gpus[0].totalBytes, 8000);
        QCOMPARE(gpus[0].availableBytes, 6000);
        QCOMPARE(*probe.processMemory(139), (ByDevice{{"cuda:0", 49}})); // the last of more than the first list holds
        QVERIFY(probe.processMemory(99)->empty());
        QVERIFY(probe.problem().empty());
    }

    void howBusyGpusAreIsReadAsFarAsTheyTell() {
        const auto gpus = NvmlProbe(MM_FAKE_NVML_LIBRARY).readings();
        QCOMPARE(gpus.size(), std::size_t{2});
        QCOMPARE(gpus[0].device, std::string("cuda:0"));
        QCOMPARE(gpus[0].usePercent.value(), 40.0);
        QCOMPARE(gpus[0].memoryPercent.value(), 25.0);
        QCOMPARE(gpus[0].celsius.value(), 61.0);
        QCOMPARE(gpus[0].watts.value(), 125.5);
        QCOMPARE(gpus[1].usePercent.value(), 20.0);
        QVERIFY(!gpus[1].celsius && !gpus[1].watts);
        QVERIFY(NvmlProbe("libnvidia-ml-that-is-not-there.so.1").readings().empty());
    }

    void numbersFollowTheVisibleDevices() {
        NvmlProbe one(MM_FAKE_NVML_LIBRARY, "1");
        QCOMPARE(one.devices().size(), std::size_t{1});
        QCOMPARE(one.devices()[0].device, std::string("cuda:0"));
        QCOMPARE(one.devices()[0].name, std::string("Fake GPU B"));
        QCOMPARE(NvmlProbe(MM_FAKE_NVML_LIBRARY, "1,0,-1,0").devices().size(), std::size_t{2});
        QCOMPARE(NvmlProbe(MM_FAKE_NVML_LIBRARY, "GPU-bbbb").devices()[0].name, std::string("Fake GPU B"));
        NvmlProbe none(MM_FAKE_NVML_LIBRARY, "");
        QVERIFY(none.devices().empty());
        QVERIFY(none.problem().find("no GPU") != std::string::npos);
    }

    void aDriverThatDoesNotStartOrTellIsNoError() {
        qputenv("MM_FAKE_NVML", "broken");
        NvmlProbe broken(MM_FAKE_NVML_LIBRARY);
        QVERIFY(broken.devices().empty());
        QVERIFY(broken.problem().find("status 9") != std::string::npos);
        qputenv("MM_FAKE_NVML", "silent");
        NvmlProbe silent(MM_FAKE_NVML_LIBRARY);
        QCOMPARE(silent.devices().size(), std::size_t{2});
        QVERIFY(silent.processMemory(139)->empty());
    }
};

QTEST_GUILESS_MAIN(TestMemoryProbes)
#include "test_memory_probes.moc"
