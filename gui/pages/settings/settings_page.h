// The settings page: what the engine is set to and why, its log's level, and the keys. GUI thread.
#pragma once

#include "engine/base/error.h"
#include "gui/pages/settings/setting_rows.h"
#include "gui/shell/page.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace mm::gui {

class SettingsPage : public Page {
    Q_OBJECT

public:
    explicit SettingsPage(const PageContext& context);

    void setSeen(bool seen) override;

private:
    QWidget* makeSettings();
    QWidget* makeKeys();
    void ask();
    void askKeys();
    void setLevel(int index);
    void createKey();
    void rotateKey();
    void revokeKey();
    void confirm(const QString& question, const QString& action, std::function<void()> agreed);
    void showSecret(const modelmora::v1::IssuedKey& issued);
    [[nodiscard]] const modelmora::v1::ApiKey* chosenKey() const;
    void showButtons();
    void tellFailure(const Error& error);

    PageContext m_context;
    SettingRows m_settings;
    KeyRows m_keys;
    QComboBox* m_level = nullptr;
    QTableView* m_keyTable = nullptr;
    QLabel* m_keysSay = nullptr;
    QPushButton* m_rotate = nullptr;
    QPushButton* m_revoke = nullptr;
    bool m_isSeen = false;
};

} // namespace mm::gui
