#include "gui/pages/settings/engine_settings.h"

#include "gui/client/engine_link.h"
#include "gui/pages/settings/setting_delegate.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/remembered.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace mm::gui {
namespace {

constexpr int kFilterWidth = 220;

} // namespace

EngineSettings::EngineSettings(const PageContext& context, QWidget* parent) : QFrame(parent), m_context(context) {
    setKind(*this, "card");
    m_found.setSourceModel(&m_settings);
    m_found.setRecursiveFilteringEnabled(true);
    m_found.setFilterRole(SettingTree::SearchRole);
    m_found.setFilterCaseSensitivity(Qt::CaseInsensitive);
    connect(&m_settings, &SettingTree::entered, this,
            [this](const QString& name, const QString& text) { send(name.toStdString(), text.toStdString()); });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(8);
    column->addWidget(makeHead());
    column->addWidget(makeBar());
    makeTree();
    column->addWidget(m_tree, 1);
    showButtons();
}

QWidget* EngineSettings::makeHead() {
    auto* head = new QWidget;
    auto* title = new QLabel(tr("Settings"));
    setKind(*title, "heading");
    m_says = new QLabel;
    m_says->setObjectName(QStringLiteral("settings-say"));
    m_says->setWordWrap(true);
    setKind(*m_says, "muted");
    m_reset = new QPushButton(tr("Reset"));
    m_reset->setObjectName(QStringLiteral("reset-setting"));
    m_reset->setToolTip(tr("Drops the change of the chosen setting (Del)"));
    connect(m_reset, &QPushButton::clicked, this, &EngineSettings::resetChosen);
    auto* filter = new QLineEdit;
    filter->setObjectName(QStringLiteral("settings-filter"));
    filter->setPlaceholderText(tr("Filter settings"));
    filter->setAccessibleName(tr("Filter settings"));
    filter->setMaximumWidth(kFilterWidth);
    filter->setClearButtonEnabled(true);
    connect(filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_found.setFilterFixedString(text);
        openGroups();
    });
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(title);
    row->addWidget(m_says, 1);
    row->addWidget(m_reset);
    row->addWidget(filter);
    return head;
}

QWidget* EngineSettings::makeBar() {
    auto* bar = new QFrame;
    bar->setObjectName(QStringLiteral("restart-bar"));
    setKind(*bar, "decision");
    m_waiting = new QLabel;
    m_restart = new QPushButton(tr("Restart the engine…"));
    m_restart->setObjectName(QStringLiteral("restart-engine"));
    connect(m_restart, &QPushButton::clicked, this, &EngineSettings::confirmRestart);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 6, 8, 6);
    row->addWidget(m_waiting, 1);
    row->addWidget(m_restart);
    bar->hide();
    m_bar = bar;
    return bar;
}

void EngineSettings::makeTree() {
    m_tree = new QTreeView;
    m_tree->setObjectName(QStringLiteral("settings-tree"));
    m_tree->setAccessibleName(tr("Settings"));
    m_tree->setModel(&m_found);
    m_tree->setItemDelegate(new SettingDelegate(m_context.theme, this));
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers); // edit() says when
    m_tree->setExpandsOnDoubleClick(false);
    m_tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_tree->header()->setHighlightSections(false);
    m_tree->header()->setStretchLastSection(true);
    m_tree->setColumnWidth(SettingTree::Name, 460);
    m_tree->setColumnWidth(SettingTree::Value, 320);
    m_tree->setColumnWidth(SettingTree::Applies, 130);
    rememberColumns(*m_tree->header(), QStringLiteral("engine-settings"));
    connect(m_tree->header(), &QHeaderView::sectionResized, m_tree, [this](int section) {
        if (section <= SettingTree::Value) // their texts are broken into lines
            m_tree->doItemsLayout();
    });
    connect(m_tree, &QTreeView::activated, this, &EngineSettings::edit);
    connect(m_tree, &QTreeView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == SettingTree::Value)
            edit(index);
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &EngineSettings::showButtons);
    m_tree->installEventFilter(this);
    connect(&m_found, &QAbstractItemModel::modelReset, this, &EngineSettings::openGroups);
    connect(m_tree->itemDelegate(), &QAbstractItemDelegate::closeEditor, this, [this] { m_settings.endEdit(); });
    connect(&m_context.theme, &Theme::changed, m_tree->viewport(), qOverload<>(&QWidget::update));
}

void EngineSettings::openGroups() {
    m_tree->expandAll();
    for (int group = 0; group < m_found.rowCount(); ++group)
        m_tree->setFirstColumnSpanned(group, {}, true);
}

bool EngineSettings::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_tree && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_F2)
            edit(m_tree->currentIndex());
        else if (key == Qt::Key_Delete)
            resetChosen();
        if (key == Qt::Key_F2 || key == Qt::Key_Delete)
            return true;
    }
    return QFrame::eventFilter(watched, event);
}

void EngineSettings::ask() {
    m_context.link.call(&SettingsCalls::ListSettings, {}, this, [this](const Result<v1::ListSettingsResponse>& found) {
        m_says->setText(found.ok() ? tr("What is changed here is kept, and stands above the configuration file.")
                                   : QString::fromStdString(found.error().message));
        if (!found.ok())
            return;
        m_settings.show({found->settings().begin(), found->settings().end()});
        showWaiting(found->waiting_for_restart());
        showButtons();
    });
}

const v1::Setting* EngineSettings::chosen() const {
    return m_settings.at(m_found.mapToSource(m_tree->currentIndex()));
}

void EngineSettings::edit(const QModelIndex& shown) {
    const v1::Setting* setting = m_settings.at(m_found.mapToSource(shown));
    if (!setting)
        return;
    if (!setting->fixed().empty())
        return m_context.guide.tell(QString::fromStdString(setting->name() + ": " + setting->fixed()));
    const QModelIndex value = shown.siblingAtColumn(SettingTree::Value);
    m_tree->setCurrentIndex(value);
    m_settings.beginEdit(m_found.mapToSource(value));
    m_tree->edit(value);
}

void EngineSettings::send(const std::string& name, const std::string& text) {
    const QModelIndex place = m_settings.indexOf(name);
    const v1::Setting* setting = m_settings.at(place);
    if (!setting)
        return;
    const auto request = requestFor(*setting, text, m_settings.drafts(), m_settings.groupOf());
    m_settings.keepDraft(name, {text, tr("…"), false, true});
    m_context.link.call(&SettingsCalls::ChangeSettings, request, this,
                        [this, request](const Result<v1::ListSettingsResponse>& changed) {
                            if (!changed.ok())
                                return refused(request, changed.error());
                            std::vector<std::string> names;
                            for (const v1::SettingChange& change : request.changes())
                                names.push_back(change.name());
                            taken(names, *changed);
                        });
}

void EngineSettings::taken(const std::vector<std::string>& names, const v1::ListSettingsResponse& changed) {
    for (const std::string& name : names)
        m_settings.dropDraft(name);
    m_settings.update({changed.settings().begin(), changed.settings().end()});
    showWaiting(changed.waiting_for_restart());
    showButtons();
}

// What is wrong by itself is named by the engine; anything else lacks something besides it.
void EngineSettings::refused(const v1::ChangeSettingsRequest& asked, const Error& error) {
    for (const v1::SettingChange& change : asked.changes()) {
        QString reason = QString::fromStdString(error.message);
        bool isNamed = false;
        for (const FieldError& problem : error.fieldErrors)
            if (problem.field == change.name()) {
                reason = QString::fromStdString(problem.message);
                isNamed = true;
            }
        const bool isOther = !isNamed && !error.fieldErrors.empty();
        m_settings.keepDraft(change.name(), {change.value(), reason,
                                             isOther || (!isNamed && error.code == ErrorCode::ValidationError), false});
    }
    m_tree->doItemsLayout();
    showButtons();
}

// A refused entry goes first; the change that is in force only where there is none.
void EngineSettings::resetChosen() {
    const v1::Setting* setting = chosen();
    if (!setting)
        return;
    if (m_settings.drafts().contains(setting->name())) {
        m_settings.dropDraft(setting->name());
        m_tree->doItemsLayout();
        return showButtons();
    }
    if (!setting->changed())
        return;
    v1::ResetSettingRequest request;
    request.set_name(setting->name());
    m_context.link.call(&SettingsCalls::ResetSetting, request, this, [this](const Result<v1::Setting>& back) {
        if (!back.ok())
            return m_context.guide.tellFailure(QString::fromStdString(back.error().message));
        ask();
    });
}

void EngineSettings::confirmRestart() {
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Restart the engine"),
                                tr("Restart the engine? Requests that run end first, and every model is unloaded."),
                                QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* yes = box->addButton(tr("Restart"), QMessageBox::AcceptRole);
    yes->setObjectName(QStringLiteral("confirm-restart"));
    setKind(*yes, "primary");
    box->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, [this] { m_context.guide.restartEngine(); });
    box->open();
}

void EngineSettings::showWaiting(int count) {
    m_bar->setVisible(count > 0);
    m_waiting->setText(waitingSentence(count));
    m_restart->setVisible(m_context.guide.canRestartEngine());
}

void EngineSettings::showButtons() {
    const v1::Setting* setting = chosen();
    m_reset->setEnabled(setting && (setting->changed() || m_settings.drafts().contains(setting->name())));
}

} // namespace mm::gui
