// ModelActions: what can be done with the selected model, as actions for buttons, menus and keys, each enabled where it
// makes sense. Asks the engine and tells how it went. GUI thread.
#pragma once

#include "engine/base/result.h"
#include "gui/pages/models/list/model_row.h"
#include "gui/shell/page.h"

#include <QList>
#include <QObject>

#include <optional>
#include <string>

class QAction;

namespace mm::gui::models {

class ModelActions : public QObject {
    Q_OBJECT

public:
    // `window` is what dialogs stand before and keys are heard in.
    ModelActions(const PageContext& context, QWidget* window);

    void setSubject(const ModelRow* row);
    [[nodiscard]] const std::optional<ModelRow>& subject() const { return m_subject; }
    // In the order of a menu; null for a separator.
    [[nodiscard]] QList<QAction*> all() const;

    QAction* load = nullptr;
    QAction* unload = nullptr;
    QAction* kill = nullptr;
    QAction* pin = nullptr;
    QAction* warmUp = nullptr;
    QAction* test = nullptr;
    QAction* remove = nullptr;
    QAction* copyId = nullptr;

Q_SIGNALS:
    // Something was done to it: what is known of it is old.
    void done(const std::string& id);

private:
    QAction* make(const QString& text, const char* icon, const QKeySequence& key, void (ModelActions::*act)());
    void askLoad();
    void askUnload();
    void askKill();
    void order(const v1::UnloadModelRequest& request);
    void askPin();
    void askWarmUp();
    void openTest();
    void askRemove();
    void copy();
    void failed(const Error& error);
    void ended(const std::string& id, const QString& sentence);
    void removeNow(const std::string& id, bool force);

    PageContext m_context;
    QWidget* m_window;
    std::optional<ModelRow> m_subject;
};

} // namespace mm::gui::models
