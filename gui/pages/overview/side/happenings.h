// Happenings: what has happened in the engine of late, the remembered first and then as it happens; the newest first.
// GUI thread.
#pragma once

#include "gui/client/event_feed.h"
#include "gui/pages/overview/side/happening.h"

#include <QObject>
#include <QTimer>

#include <deque>

namespace mm::gui {

class Happenings : public QObject {
    Q_OBJECT

public:
    Happenings(EngineLink& link, EventFeed& events, QObject* parent = nullptr);

    [[nodiscard]] const std::deque<Happening>& all() const { return m_all; }

Q_SIGNALS:
    void changed();

private:
    void askForRemembered();
    void take(const std::vector<v1::Event>& events);
    void insert(Happening happening);

    EngineLink& m_link;
    QString m_engine; // whose these are
    CallHandle m_stream;
    QTimer m_soon;               // so that many at once are one change
    std::deque<Happening> m_all; // by id, descending
};

} // namespace mm::gui
