// ConfigTab: the editor of a model's configuration. What the engine complains of stands at its field; a change by
// somebody else meanwhile is told and put together with what was entered, and never overwritten unseen. GUI thread.
#pragma once

#include "engine/base/result.h"
#include "gui/pages/models/details/tab.h"
#include "gui/shell/page.h"

class QLabel;
class QPushButton;

namespace mm::gui::models {

class ConfigForm;

class ConfigTab : public DetailsTab {
    Q_OBJECT

public:
    explicit ConfigTab(const PageContext& context, QWidget* parent = nullptr);

    void open(const std::string& id) override;
    // What is being edited stays.
    void refresh() override;

private:
    void ask();
    // Whatever was edited.
    void reload();
    void take(const v1::Model& model);
    void save();
    void answered(const Result<v1::Model>& answer);
    // After a conflict: nothing that was entered is lost.
    void mergeWithTheirs();
    void setEdited(bool isEdited);
    void say(const QString& sentence, const char* kind);

    PageContext m_context;
    std::string m_id;
    std::int64_t m_revision = 0;
    bool m_isEdited = false;
    ConfigForm* m_form = nullptr;
    QLabel* m_told = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_revert = nullptr;
};

} // namespace mm::gui::models
