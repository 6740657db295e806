// InstancesTab: the workers of a loaded model. GUI thread.
#pragma once

#include "gui/pages/models/details/tab.h"
#include "gui/shell/page.h"

class QLabel;
class QTreeWidget;

namespace mm::gui::models {

class InstancesTab : public DetailsTab {
    Q_OBJECT

public:
    explicit InstancesTab(const PageContext& context, QWidget* parent = nullptr);

    void open(const std::string& id) override;
    // Out of what is known of the engine anyway.
    void refresh() override;

private:
    PageContext m_context;
    std::string m_id;
    QLabel* m_about = nullptr;
    QTreeWidget* m_list = nullptr;
};

} // namespace mm::gui::models
