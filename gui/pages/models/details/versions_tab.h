// VersionsTab: the versions of a model, which of them is current, and the say over them. GUI thread.
#pragma once

#include "engine/base/result.h"
#include "gui/pages/models/details/tab.h"
#include "gui/shell/page.h"

#include <vector>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace mm::gui::models {

class VersionsTab : public DetailsTab {
    Q_OBJECT

public:
    explicit VersionsTab(const PageContext& context, QWidget* parent = nullptr);

    void open(const std::string& id) override;
    void refresh() override;

private:
    void showVersions(std::vector<v1::Model> versions);
    void updateButtons();
    [[nodiscard]] const v1::Model* selected() const;
    void promote();
    void askDeprecate();
    void deprecate(const std::string& version, const QString& reason);
    void askDelete();
    void deleteVersion(const std::string& version);
    // Says what came of it, and looks again.
    void ended(const Result<QString>& how);

    PageContext m_context;
    std::string m_id;
    std::vector<v1::Model> m_versions;
    QTreeWidget* m_list = nullptr;
    QPushButton* m_promote = nullptr;
    QPushButton* m_deprecate = nullptr;
    QPushButton* m_delete = nullptr;
    QLabel* m_fault = nullptr;
};

} // namespace mm::gui::models
