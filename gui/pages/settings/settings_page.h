// The settings page: what the engine is set to, the keys, and the console itself. GUI thread.
#pragma once

#include "engine/base/error.h"
#include "gui/pages/settings/key_rows.h"
#include "gui/shell/page.h"

class QLabel;
class QPushButton;
class QTableView;

namespace mm::gui {

class EngineSettings;

class SettingsPage : public Page {
    Q_OBJECT

public:
    explicit SettingsPage(const PageContext& context);

    void setSeen(bool seen) override;

private:
    QWidget* makeKeys();
    void ask();
    void askKeys();
    void createKey();
    void rotateKey();
    void revokeKey();
    void confirm(const QString& question, const QString& action, std::function<void()> agreed);
    void showSecret(const modelmora::v1::IssuedKey& issued);
    [[nodiscard]] const modelmora::v1::ApiKey* chosenKey() const;
    void showButtons();
    void tellFailure(const Error& error);

    PageContext m_context;
    EngineSettings* m_settings = nullptr;
    KeyRows m_keys;
    QTableView* m_keyTable = nullptr;
    QLabel* m_keysSay = nullptr;
    QPushButton* m_rotate = nullptr;
    QPushButton* m_revoke = nullptr;
    bool m_isSeen = false;
};

} // namespace mm::gui
