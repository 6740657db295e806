// ModelRow: what the table says of one model, put together from what the engine told at different times. Pure values
// and functions, any thread.
#pragma once

#include "modelmora/v1/inference.pb.h"
#include "modelmora/v1/management.pb.h"
#include "modelmora/v1/observability.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mm::gui::models {

namespace v1 = modelmora::v1;

// In the order of what wants attention.
enum class Condition { Failed, Waiting, Loading, Busy, Ready, Leaving, Unloaded };

// What is asked for seldom, and for the visible rows alone.
struct Learned {
    std::optional<v1::ModelStatus> status; // of a model that is not loaded
    std::int64_t predictedBytes = 0;
    std::optional<double> p50, p95, p99, rate;
    std::vector<double> rates; // of the last minutes, for the sparkline
};

struct ModelRow {
    std::string id;
    QString name; // short where no other model is called so
    QString task;
    QStringList tags;
    QString version;
    Condition condition = Condition::Unloaded;
    QString state;  // "loading 43 %"
    QString detail; // "weights", or why it waits or failed
    bool isPinned = false;
    std::optional<double> percent;
    std::int64_t measuredBytes = 0;
    std::int64_t predictedBytes = 0;
    int running = 0;
    int waiting = 0;
    double batch = 0;
    std::optional<double> p50, p95, p99, rate;
    std::vector<double> rates;
    std::int64_t usedAt = 0;    // seconds since 1970; 0: never
    std::int64_t unloadsAt = 0; // 0: it stays
    QString used, unloadsIn;
    int crashes = 0;

    // It has a worker, or is getting one.
    [[nodiscard]] bool isInMemory() const {
        return condition != Condition::Unloaded && condition != Condition::Failed && condition != Condition::Waiting;
    }
    bool operator==(const ModelRow&) const = default;
};

struct Sources {
    const std::vector<v1::Model>& models;
    const v1::SystemStatus* status; // these two may be null: not known yet
    const v1::QueueReport* queue;
    const std::map<std::string, Learned>& learned;
    std::int64_t now = 0; // seconds since 1970
};

// One for each model, by id.
std::vector<ModelRow> rowsOf(const Sources& sources);

// The last known values of a report that was asked for with resolution; empty series leave what there is unset.
void learn(const v1::HistoryReport& report, Learned& into);
inline constexpr const char* kRateSeries = "requests_per_second";
inline constexpr const char* kP50Series = "latency_p50_ms";
inline constexpr const char* kP95Series = "latency_p95_ms";
inline constexpr const char* kP99Series = "latency_p99_ms";

// "7 registered · 4 loaded"
QString summary(const std::vector<ModelRow>& rows);

} // namespace mm::gui::models
