// FilesTab: the files of the current version with sizes and checksums. GUI thread.
#pragma once

#include "gui/pages/models/details/tab.h"
#include "gui/shell/page.h"

class QLabel;
class QTreeWidget;

namespace mm::gui::models {

class FilesTab : public DetailsTab {
    Q_OBJECT

public:
    explicit FilesTab(const PageContext& context, QWidget* parent = nullptr);

    void open(const std::string& id) override;
    void refresh() override;

private:
    void showFiles(const v1::Model& model);

    PageContext m_context;
    std::string m_id;
    std::string m_checksum; // of what is shown
    QLabel* m_whole = nullptr;
    QTreeWidget* m_list = nullptr;
};

} // namespace mm::gui::models
