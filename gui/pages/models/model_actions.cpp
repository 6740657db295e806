#include "gui/pages/models/model_actions.h"

#include "gui/client/engine_state.h"
#include "gui/pages/models/load/load_dialog.h"
#include "gui/pages/models/remove_dialog.h"
#include "gui/pages/models/say.h"
#include "gui/pages/models/unload_text.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_text.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QMessageBox>
#include <QPushButton>

namespace mm::gui::models {

ModelActions::ModelActions(const PageContext& context, QWidget* window)
    : QObject(window), m_context(context), m_window(window) {
    load = make(tr("Load…"), "player-play", Qt::CTRL | Qt::Key_L, &ModelActions::askLoad);
    unload = make(tr("Unload"), "player-stop", Qt::CTRL | Qt::Key_U, &ModelActions::askUnload);
    unload->setToolTip(tr("No new requests; what runs is finished, then its memory is free"));
    kill = make(tr("Kill…"), "x", Qt::CTRL | Qt::SHIFT | Qt::Key_U, &ModelActions::askKill);
    kill->setToolTip(tr("Unloads at once: what runs and what waits is ended with an error"));
    pin = make(tr("Pin"), "pin", Qt::CTRL | Qt::Key_P, &ModelActions::askPin);
    pin->setToolTip(tr("A pinned model is never evicted and never idle"));
    warmUp = make(tr("Warm up"), "bolt", Qt::CTRL | Qt::SHIFT | Qt::Key_W, &ModelActions::askWarmUp);
    test = make(tr("Test"), "send", Qt::CTRL | Qt::Key_T, &ModelActions::openTest);
    remove = make(tr("Delete…"), "trash", QKeySequence::Delete, &ModelActions::askRemove);
    copyId = make(tr("Copy id"), "copy", QKeySequence::Copy, &ModelActions::copy);
    setSubject(nullptr);
}

QAction* ModelActions::make(const QString& text, const char* icon, const QKeySequence& key,
                            void (ModelActions::*act)()) {
    auto* action = new QAction(m_context.theme.icon(QString::fromLatin1(icon)), text, this);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, act);
    return action;
}

QList<QAction*> ModelActions::all() const {
    return {load, unload, kill, pin, warmUp, test, nullptr, copyId, nullptr, remove};
}

void ModelActions::setSubject(const ModelRow* row) {
    m_subject = row != nullptr ? std::optional(*row) : std::nullopt;
    const bool isThere = m_subject.has_value();
    const bool isInMemory = isThere && m_subject->isInMemory();
    const bool isLoading = isThere && m_subject->condition == Condition::Loading;
    load->setEnabled(isThere && (!isInMemory || isLoading));
    for (QAction* action : {unload, kill})
        action->setEnabled(isThere && (isInMemory || m_subject->condition == Condition::Waiting));
    const bool isPinned = isThere && m_subject->isPinned;
    pin->setText(isPinned ? tr("Unpin") : tr("Pin"));
    pin->setEnabled(isThere);
    warmUp->setEnabled(isThere && !isLoading);
    for (QAction* action : {test, remove, copyId})
        action->setEnabled(isThere);
}

void ModelActions::failed(const Error& error) {
    m_context.guide.tellFailure(text(error.message));
    m_context.state.refresh();
}

void ModelActions::ended(const std::string& id, const QString& sentence) {
    m_context.guide.tell(sentence);
    m_context.state.refresh();
    Q_EMIT done(id);
}

void ModelActions::askLoad() {
    auto* dialog = new LoadDialog(m_context, m_subject->id, m_window);
    connect(dialog, &LoadDialog::loaded, this, [this, id = m_subject->id](const QString& how) { ended(id, how); });
    dialog->open();
}

void ModelActions::askUnload() {
    v1::UnloadModelRequest request;
    request.set_model_id(m_subject->id);
    const QString what = unloadText(*m_subject);
    if (what.isEmpty())
        return order(request);
    auto* box = new QMessageBox(m_window);
    box->setObjectName(QStringLiteral("unloadDialog"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("Unload a model"));
    box->setText(tr("Unload %1 while it is in use?").arg(text(m_subject->id)));
    box->setInformativeText(what);
    auto* go = box->addButton(tr("Unload"), QMessageBox::AcceptRole);
    go->setObjectName(QStringLiteral("unloadButton"));
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(go, &QAbstractButton::clicked, this, [this, request] { order(request); });
    box->open();
}

void ModelActions::askKill() {
    v1::UnloadModelRequest request;
    request.set_model_id(m_subject->id);
    request.set_now(true);
    auto* box = new QMessageBox(m_window);
    box->setObjectName(QStringLiteral("killDialog"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Warning);
    box->setWindowTitle(tr("Kill a model"));
    box->setText(tr("Kill %1?").arg(text(m_subject->id)));
    box->setInformativeText(killText(*m_subject));
    auto* go = box->addButton(tr("Kill"), QMessageBox::DestructiveRole);
    go->setObjectName(QStringLiteral("killButton"));
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(go, &QAbstractButton::clicked, this, [this, request] { order(request); });
    box->open();
}

void ModelActions::order(const v1::UnloadModelRequest& request) {
    const std::string& id = request.model_id();
    m_context.guide.tell(tr("%1 is unloading…").arg(text(id)));
    m_context.link.call(
        &ManagementCalls::UnloadModel, request, this,
        [this, id](const Result<v1::UnloadModelResponse>& answer) {
            if (!answer.ok())
                return failed(answer.error());
            ended(id, unloadedText(text(id), *answer));
        },
        EngineLink::kLongSeconds);
}

void ModelActions::askPin() {
    v1::SetPinnedRequest request;
    request.set_model_id(m_subject->id);
    request.set_pinned(!m_subject->isPinned);
    m_context.link.call(&ManagementCalls::SetPinned, request, this,
                        [this, id = m_subject->id](const Result<v1::ModelStatus>& answer) {
                            if (!answer.ok())
                                return failed(answer.error());
                            ended(id, answer->pinned() ? tr("%1 is pinned: it stays loaded once it is").arg(text(id))
                                                       : tr("%1 is no longer pinned").arg(text(id)));
                        });
}

void ModelActions::askWarmUp() {
    v1::WarmUpModelRequest request;
    request.set_model_id(m_subject->id);
    m_context.guide.tell(tr("%1 is warming up…").arg(text(m_subject->id)));
    m_context.link.call(
        &ManagementCalls::WarmUpModel, request, this,
        [this, id = m_subject->id](const Result<v1::WarmUpModelResponse>& answer) {
            if (!answer.ok())
                return failed(answer.error());
            ended(id, tr("%1 is warm after %2: %3 runs, the first in %4, the last in %5")
                          .arg(text(id), spanText(answer->warmup_time_ms()), QString::number(answer->samples()),
                               spanText(answer->first_ms()), spanText(answer->last_ms())));
        },
        EngineLink::kLongSeconds);
}

void ModelActions::openTest() {
    m_context.guide.open(QStringLiteral("playground"), text(m_subject->id));
}

void ModelActions::askRemove() {
    auto* dialog = new RemoveDialog(m_context, *m_subject, m_window);
    connect(dialog, &RemoveDialog::confirmed, this, [this, id = m_subject->id](bool force) { removeNow(id, force); });
    dialog->open();
}

void ModelActions::removeNow(const std::string& id, bool force) {
    v1::DeleteModelRequest request;
    request.set_model_id(id);
    request.set_force(force);
    m_context.link.call(
        &RegistryCalls::DeleteModel, request, this,
        [this, id](const Result<v1::DeleteModelResponse>& answer) {
            if (!answer.ok())
                return failed(answer.error());
            ended(id, tr("%1 is deleted").arg(text(id)));
        },
        EngineLink::kLongSeconds);
}

void ModelActions::copy() {
    QApplication::clipboard()->setText(text(m_subject->id));
    m_context.guide.tell(tr("%1 is copied").arg(text(m_subject->id)));
}

} // namespace mm::gui::models
