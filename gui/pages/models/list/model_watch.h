// ModelWatch: asks for what EngineState does not know, of the models that are looked at and of no others, one after
// another, so that a hundred of them take no more than a few calls a second. GUI thread.
#pragma once

#include "gui/pages/models/list/model_row.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <string>
#include <vector>

namespace mm::gui {
class EngineLink;
} // namespace mm::gui

namespace mm::gui::models {

class ModelWatch : public QObject {
    Q_OBJECT

public:
    explicit ModelWatch(EngineLink& link, QObject* parent = nullptr);

    // Those that are seen now, by id.
    void look(std::vector<std::string> ids);
    void setSeen(bool seen);
    // What was known of it is old, such as after a load.
    void forget(const std::string& id);
    [[nodiscard]] const std::map<std::string, Learned>& learned() const { return m_learned; }

Q_SIGNALS:
    void changed();

private:
    void askNext();
    void ask(const std::string& id);

    EngineLink& m_link;
    QTimer m_timer;
    std::vector<std::string> m_ids;
    std::map<std::string, Learned> m_learned;
    std::map<std::string, qint64> m_askedAt; // ms
};

} // namespace mm::gui::models
