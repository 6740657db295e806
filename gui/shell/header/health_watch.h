// HealthWatch: keeps the report of the engine's health up to date, out of what the console knows of it anyway; of the
// engine it asks only once for models that have failed before, and whether the audit holds together. GUI thread.
#pragma once

#include "gui/client/engine_state.h"
#include "gui/shell/engines/engine_switch.h"
#include "gui/shell/header/health.h"

#include <QObject>

namespace mm::gui {

class HealthWatch : public QObject {
    Q_OBJECT

public:
    struct Parts {
        EngineLink& link;
        EngineState& state;
        EventFeed& events;
        EngineSwitch* engines = nullptr; // null: the link is opened by somebody else
    };
    explicit HealthWatch(const Parts& parts, QObject* parent = nullptr);

    [[nodiscard]] const HealthReport& report() const { return m_report; }

Q_SIGNALS:
    void changed();

private:
    void onLink();
    void lookBack();
    void take(const std::vector<v1::Event>& events);
    void work();

    Parts m_parts;
    QString m_engine;
    bool m_hasLookedBack = false;
    FailureList m_failures;
    QString m_auditFault;
    HealthReport m_report;
};

} // namespace mm::gui
