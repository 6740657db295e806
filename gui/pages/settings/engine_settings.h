// EngineSettings: the card with what the engine is set to: found by group or search, edited in place, reset. GUI
// thread.
#pragma once

#include "engine/base/error.h"
#include "gui/pages/settings/setting_tree.h"
#include "gui/shell/page.h"

#include <QFrame>
#include <QSortFilterProxyModel>

class QLabel;
class QPushButton;
class QTreeView;

namespace mm::gui {

class EngineSettings : public QFrame {
    Q_OBJECT

public:
    explicit EngineSettings(const PageContext& context, QWidget* parent = nullptr);

    // Asks the engine anew.
    void ask();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeBar();
    void makeTree();
    void openGroups();
    void edit(const QModelIndex& shown);
    void send(const std::string& name, const std::string& text);
    void taken(const std::vector<std::string>& names, const modelmora::v1::ListSettingsResponse& changed);
    void refused(const modelmora::v1::ChangeSettingsRequest& asked, const Error& error);
    void resetChosen();
    void confirmRestart();
    void showWaiting(int count);
    void showButtons();
    [[nodiscard]] const modelmora::v1::Setting* chosen() const;

    PageContext m_context;
    SettingTree m_settings;
    QSortFilterProxyModel m_found;
    QTreeView* m_tree = nullptr;
    QLabel* m_says = nullptr;
    QPushButton* m_reset = nullptr;
    QWidget* m_bar = nullptr;
    QLabel* m_waiting = nullptr;
    QPushButton* m_restart = nullptr;
};

} // namespace mm::gui
