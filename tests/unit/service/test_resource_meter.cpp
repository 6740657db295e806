// How busy the machine is, from a file that a test writes in place of the kernel's.
#include "engine/service/machine/resource_meter.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace mm;
using namespace mm::service;
using namespace std::chrono_literals;

class TestResourceMeter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theProcessorsShareIsOfTheTimeSinceItWasAsked();
    void whatTheSystemDoesNotSayIsLeftOut();
};

void TestResourceMeter::theProcessorsShareIsOfTheTimeSinceItWasAsked() {
    const QTemporaryDir folder;
    const std::filesystem::path dir = folder.path().toStdString();
    const auto write = [&](const char* line) { std::ofstream(dir / "stat") << line << "\ncpu0 1 2 3 4\n"; };
    write("cpu  100 0 0 900 0 0 0 0 50 0");
    ResourceMeter meter(dir, dir / "stat");
    const Instant now{1h};
    QVERIFY(!meter.read(now).has_cpu_percent()); // no time has gone by
    write("cpu  130 10 10 950 100 0 0 0 90 0");  // 50 busy, 150 idle or waiting for disks
    QVERIFY(!meter.read(now + 50ms).has_cpu_percent());
    const auto usage = meter.read(now + 1s);
    QCOMPARE(usage.cpu_percent(), 25.0);
    QCOMPARE(meter.read(now + 1050ms).cpu_percent(), 25.0); // asked again too soon
    QVERIFY(usage.disk_percent() >= 0 && usage.disk_percent() <= 100 && usage.disk_available_bytes() > 0);
    QVERIFY(usage.memory_percent() > 0 && usage.memory_percent() <= 100);
}

void TestResourceMeter::whatTheSystemDoesNotSayIsLeftOut() {
    ResourceMeter meter("/nowhere/at/all", "/nowhere/stat");
    const auto usage = meter.read(Instant{1h});
    QVERIFY(!usage.has_cpu_percent());
    QVERIFY(!usage.has_disk_percent() && !usage.has_disk_available_bytes());
}

QTEST_GUILESS_MAIN(TestResourceMeter)
#include "test_resource_meter.moc"
