// What the overview says of each model that is loaded or on its way, drawn from what the engine tells. Pure.
#pragma once

#include "modelmora/v1/inference.pb.h"
#include "modelmora/v1/management.pb.h"
#include "modelmora/v1/memory.pb.h"

#include <QString>

#include <optional>
#include <vector>

namespace mm::gui {

namespace v1 = modelmora::v1;

enum class LoadedState { Loading, Ready, Busy, Ending, Unhealthy };

// Whether a model would have to go if room were needed, as the engine says by its policy.
struct Fate {
    int order = 0;    // from 1; 0: it stays for now
    QString sentence; // "not used for 34 s, reloads in 2.1 s", "never: pinned"; empty: not known

    bool operator==(const Fate&) const = default;
};

struct LoadedRow {
    std::string modelId; // without its version
    std::string version;
    QString dtype;
    LoadedState state = LoadedState::Ready;
    double percent = 0; // while loading
    QString stage;      // "weights 5 of 12"
    std::int64_t predictedBytes = 0;
    std::int64_t measuredBytes = 0; // 0: not measured yet
    v1::MemoryEstimate estimate;
    int inFlight = 0;
    int waiting = 0; // for it, in the queue
    double loadMs = 0;
    bool isPinned = false;
    std::int64_t loadedAt = 0;   // ms since 1970; 0: not yet
    std::int64_t lastUsedAt = 0; // ms since 1970; 0: never
    Fate fate;

    [[nodiscard]] std::string key() const { return modelId + '@' + version; }
};

using LoadedRows = std::vector<LoadedRow>;

// In the order of the bar: as the ledger has them, by name.
LoadedRows loadedRowsOf(const v1::SystemStatus& status, const v1::MemoryLedger* memory, const v1::QueueReport* queue,
                        const v1::EvictionOrder* order);

// "ready", "loading"
QString stateWord(LoadedState state);
// "3.28 GB · 1.71 GB · 0.16 GB": weights, activations, run time of one instance.
QString splitText(const v1::MemoryEstimate& estimate);

} // namespace mm::gui
