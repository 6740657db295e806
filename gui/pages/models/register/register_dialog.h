// RegisterDialog: picks a folder or an entry of the Hugging Face cache, shows what is in it, and registers it. Nothing
// is written before its button is pressed. GUI thread; deletes itself.
#pragma once

#include "engine/base/error.h"
#include "gui/client/engine_link.h"
#include "gui/pages/models/register/folder_facts.h"
#include "gui/pages/models/register/hub_cache.h"
#include "gui/shell/page.h"

#include <QDialog>
#include <QTimer>

#include <map>
#include <optional>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace mm::gui::models {

class ConfigForm;

class RegisterDialog : public QDialog {
    Q_OBJECT

public:
    RegisterDialog(const PageContext& context, const QString& folder, QWidget* parent);

Q_SIGNALS:
    void registered(const QString& modelId);

private:
    QWidget* makeSource();
    QWidget* makeFacts();
    QWidget* makeForm();
    QWidget* makeConfig();
    QLayout* makeButtons();
    QLineEdit* addLine(QFormLayout& form, const char* field, const QString& title);
    void browse();
    void listCache();
    void inspect();
    void showFacts(const FolderFacts& facts);
    void submit();
    void send(const QString& folder);
    void answered(const Result<v1::Model>& answer);
    void showFault(const Error& error);
    void updateButton();

    PageContext m_context;
    QTimer m_typed;
    int m_inspection = 0; // counts them: a late one says nothing
    std::optional<FolderFacts> m_facts;
    std::vector<CachedModel> m_cached;
    bool m_isSending = false;
    QLineEdit* m_folder = nullptr;
    QLineEdit* m_id = nullptr;
    QLineEdit* m_version = nullptr;
    QLineEdit* m_tags = nullptr;
    QComboBox* m_task = nullptr;
    ConfigForm* m_config = nullptr;
    QTreeWidget* m_cache = nullptr;
    QLabel* m_where = nullptr;
    QLabel* m_collects = nullptr;
    QLabel* m_fault = nullptr;
    QLabel* m_problems = nullptr;
    QFormLayout* m_factsForm = nullptr;
    std::map<std::string, QLabel*> m_faults; // by field of the request
    QPushButton* m_submit = nullptr;
};

} // namespace mm::gui::models
