// Which events are worth a line on the overview and a mark in its charts. Pure.
#pragma once

#include "gui/theme/theme.h"
#include "modelmora/v1/events.pb.h"

#include <QString>

#include <optional>

namespace mm::gui {

namespace v1 = modelmora::v1;

struct Happening {
    enum class Kind { Load, Unload, Refusal, Crash, Other };
    std::int64_t id = 0;
    std::int64_t atMs = 0; // since 1970
    Kind kind = Kind::Other;
    std::string modelId; // empty where it is about none
    QString text;
};

// Unset for what only programs want to know, such as a percent of a load.
std::optional<Happening> happeningOf(const v1::Event& event);
Role roleOf(Happening::Kind kind);
// "crash", "load"; for the legend.
QString wordOf(Happening::Kind kind);
// Other is told and not marked.
bool isMarked(Happening::Kind kind);

} // namespace mm::gui
