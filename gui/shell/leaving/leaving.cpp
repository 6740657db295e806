#include "gui/shell/leaving/leaving.h"

#include "gui/shell/leaving/leave_dialog.h"
#include "gui/shell/leaving/still_running.h"

#include <QDialog>
#include <QWidget>

namespace mm::gui {

Leaving::Leaving(const Parts& parts, QObject* parent) : QObject(parent), m_parts(parts) {
    if (m_parts.own)
        connect(m_parts.own, &OwnEngine::stopped, this, [this] {
            if (!m_isStopping)
                return;
            m_isOver = true;
            Q_EMIT over();
        });
}

bool Leaving::mayClose() {
    if (m_isOver)
        return true;
    if (m_isStopping || m_answer == Answer::Stop) {
        stop();
        return false;
    }
    if (!m_parts.own || !m_parts.own->isRunning()) {
        m_isOver = true;
        Q_EMIT over();
        return true;
    }
    if (m_answer == Answer::Keep)
        keep();
    else
        ask();
    return false;
}

void Leaving::ask() {
    if (m_question && m_question->isVisible())
        return m_question->raise();
    auto* dialog = new LeaveDialog(m_parts.hasTray, &m_parts.window);
    m_question = dialog;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const auto say = [this, dialog] {
        const auto& status = m_parts.state.status();
        dialog->showRunning(stillRunning(status ? &*status : nullptr));
    };
    say();
    connect(&m_parts.state, &EngineState::statusChanged, dialog, say);
    connect(dialog, &LeaveDialog::keepChosen, this, [this, dialog] {
        if (dialog->isRemembered())
            m_answer = Answer::Keep;
        keep();
    });
    connect(dialog, &LeaveDialog::stopChosen, this, &Leaving::stop);
    dialog->open();
}

void Leaving::keep() {
    if (m_parts.hasTray)
        m_parts.window.hide();
    else
        m_parts.window.showMinimized();
}

void Leaving::stop() {
    if (!m_parts.own || !m_parts.own->isRunning()) {
        m_isOver = true;
        Q_EMIT over();
        return;
    }
    m_isStopping = true;
    Q_EMIT stopping();
    m_parts.own->stop();
}

} // namespace mm::gui
