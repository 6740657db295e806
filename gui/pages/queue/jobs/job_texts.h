// What the jobs' table says of each job. Pure.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <QString>
#include <QStringList>

#include <deque>
#include <map>
#include <string>

namespace mm::gui {

namespace v1 = modelmora::v1;

bool isOver(const v1::JobStatusResponse& job);
bool hasResult(const v1::JobStatusResponse& job);
// It ended without a result, and what it was asked is still kept as far as can be told from here; the engine decides.
bool mayTryAgain(const v1::JobStatusResponse& job, double now);
// "31,204 of 50,000"
QString doneText(const v1::JobStatusResponse& job);
// 0 to 1
double doneOf(const v1::JobStatusResponse& job);
QString jobStateText(const v1::JobStatusResponse& job);
// "2 running, 1 failed, 41 done"
QString jobsSummary(const std::vector<v1::JobStatusResponse>& jobs);
// The first rows of a result, one a line: "1   384 numbers: 0.0123, -0.0456, …".
QStringList rowsOf(const v1::OutputData& output, int most);

// How fast jobs go, by what they had done some seconds ago.
class JobRates {
public:
    static constexpr double kSpan = 15'000; // ms

    void add(double now, const std::vector<v1::JobStatusResponse>& jobs);
    // Inputs a second; below zero where nothing is known or it does not run.
    [[nodiscard]] double perSecond(const std::string& jobId) const;
    // Milliseconds; below zero where nothing is known.
    [[nodiscard]] double leftMs(const v1::JobStatusResponse& job) const;

private:
    struct Sample {
        double at = 0;
        std::int64_t done = 0;
    };
    std::map<std::string, std::deque<Sample>> m_samples;
};

} // namespace mm::gui
