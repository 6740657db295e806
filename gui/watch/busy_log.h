// BusyLog: for how long the GUI thread was busy at a stretch, and over what, since it was last asked. Pure.
#pragma once

#include <QString>

#include <vector>

namespace mm::gui {

// One event from its delivery to its end. On a machine that has other things to do `cpuMs` says what it took, `wallMs`
// what the person in front of it saw.
struct BusyStretch {
    double wallMs = 0;
    double cpuMs = 0;
    QString where;
};

class BusyLog {
public:
    static constexpr double kTooLongMs = 50;
    static constexpr std::size_t kWorst = 5;

    struct Report {
        int events = 0;
        double cpuMs = 0; // of all of them
        double longestWallMs = 0;
        double longestCpuMs = 0;
        int tooLongWall = 0;
        int tooLongCpu = 0;
        std::vector<BusyStretch> worst; // by CPU time, the longest first
    };

    // Whether the next one is worth a name; making one costs more than most events.
    [[nodiscard]] bool isWorst(double cpuMs) const;
    void note(BusyStretch stretch);
    [[nodiscard]] const Report& report() const { return m_report; }
    // The report, and begins anew.
    Report take();

private:
    Report m_report;
};

} // namespace mm::gui
