#include "gui/pages/overview/side/happening.h"

#include <QCoreApplication>

#include <google/protobuf/util/time_util.h>

#include <array>
#include <string_view>

namespace mm::gui {
namespace {

using Kind = Happening::Kind;

struct Told {
    std::string_view type;
    Kind kind;
};

constexpr std::array kTold{
    Told{"model.loading", Kind::Other},     Told{"model.loaded", Kind::Load},
    Told{"model.load_failed", Kind::Crash}, Told{"model.unhealthy", Kind::Crash},
    Told{"model.unloaded", Kind::Unload},   Told{"model.evicted", Kind::Unload},
    Told{"model.waiting", Kind::Refusal},   Told{"memory.threshold_exceeded", Kind::Refusal},
    Told{"model.registered", Kind::Other},  Told{"model.updated", Kind::Other},
    Told{"model.deleted", Kind::Other},     Told{"model.load_cancelled", Kind::Other},
    Told{"model.pinned", Kind::Other},      Told{"model.unpinned", Kind::Other},
    Told{"job.completed", Kind::Other},     Told{"job.failed", Kind::Refusal},
    Told{"device.lost", Kind::Crash},       Told{"audit.refused", Kind::Refusal},
    Told{"engine.started", Kind::Other},    Told{"engine.stopping", Kind::Other},
};

} // namespace

std::optional<Happening> happeningOf(const v1::Event& event) {
    for (const Told& told : kTold)
        if (told.type == event.type())
            return Happening{event.id(), google::protobuf::util::TimeUtil::TimestampToMilliseconds(event.at()),
                             told.kind, event.model_id(), QString::fromStdString(event.message())};
    return std::nullopt;
}

Role roleOf(Kind kind) {
    switch (kind) {
    case Kind::Load:
        return Role::Accent;
    case Kind::Unload:
        return Role::Good;
    case Kind::Refusal:
        return Role::Warning;
    case Kind::Crash:
        return Role::Bad;
    case Kind::Other:
        break;
    }
    return Role::Text;
}

QString wordOf(Kind kind) {
    const auto word = [kind] {
        switch (kind) {
        case Kind::Load:
            return QT_TRANSLATE_NOOP("overview", "load");
        case Kind::Unload:
            return QT_TRANSLATE_NOOP("overview", "unload");
        case Kind::Refusal:
            return QT_TRANSLATE_NOOP("overview", "refusal");
        case Kind::Crash:
            return QT_TRANSLATE_NOOP("overview", "crash");
        case Kind::Other:
            break;
        }
        return "";
    };
    return QCoreApplication::translate("overview", word());
}

bool isMarked(Kind kind) {
    return kind != Kind::Other;
}

} // namespace mm::gui
