// Leaving: what closing the window means while an engine serves from within it: asks, keeps it in the tray, or stops it
// in order without freezing the window. GUI thread.
#pragma once

#include "gui/client/engine_state.h"
#include "gui/shell/engines/own_engine.h"

#include <QObject>
#include <QPointer>

class QDialog;
class QWidget;

namespace mm::gui {

class Leaving : public QObject {
    Q_OBJECT

public:
    enum class Answer { Ask, Keep, Stop };

    struct Parts {
        QWidget& window;
        EngineState& state;
        OwnEngine* own = nullptr; // may be null: then there is nothing to ask
        bool hasTray = false;
    };
    explicit Leaving(const Parts& parts, QObject* parent = nullptr);

    // Whether the window may close; where it may not, a question is shown or the engine is stopping.
    bool mayClose();
    // Without a question, such as at a signal; again: at once.
    void stop();
    [[nodiscard]] bool isStopping() const { return m_isStopping; }

Q_SIGNALS:
    void stopping();
    // Nothing is left that would be lost.
    void over();

private:
    void ask();
    void keep();

    Parts m_parts;
    Answer m_answer = Answer::Ask;
    bool m_isStopping = false;
    bool m_isOver = false;
    QPointer<QDialog> m_question;
};

} // namespace mm::gui
