// EvictionSource: who would have to go next, as the engine says by the policy that it was given. Asked while somebody
// looks, at most once a second. GUI thread.
#pragma once

#include "gui/client/engine_link.h"

#include <QElapsedTimer>
#include <QObject>

#include <optional>

namespace mm::gui {

class EvictionSource : public QObject {
    Q_OBJECT

public:
    explicit EvictionSource(EngineLink& link, QObject* parent = nullptr);

    // Asks again where the last answer is old.
    void refresh();
    // Null before the first answer, and where the engine does not say.
    [[nodiscard]] const v1::EvictionOrder* order() const { return m_order ? &*m_order : nullptr; }

Q_SIGNALS:
    void changed();

private:
    EngineLink& m_link;
    QString m_engine;
    std::optional<v1::EvictionOrder> m_order;
    QElapsedTimer m_asked;
    CallHandle m_call;
};

} // namespace mm::gui
