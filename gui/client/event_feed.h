// EventFeed: what happens in the engine, for every page; goes on where it was after the connection was lost. GUI
// thread.
#pragma once

#include "gui/client/engine_link.h"

#include <QObject>
#include <QTimer>

#include <vector>

namespace mm::gui {

class EventFeed : public QObject {
    Q_OBJECT

public:
    explicit EventFeed(EngineLink& link, QObject* parent = nullptr);

Q_SIGNALS:
    // In their order. Events of single requests are not among them: who shows those asks for them itself.
    void happened(const std::vector<modelmora::v1::Event>& events);

private:
    void follow();
    void take(const std::vector<modelmora::v1::Event>& events);

    EngineLink& m_link;
    QTimer m_again;
    CallHandle m_stream;
    bool m_isFollowing = false;
    QString m_engine; // whose ids these are
    std::int64_t m_lastId = 0;
};

} // namespace mm::gui
