#include "gui/pages/settings/settings_page.h"

#include "gui/client/engine_link.h"
#include "gui/client/event_feed.h"
#include "gui/pages/settings/console_settings.h"
#include "gui/pages/settings/engine_settings.h"
#include "gui/pages/settings/key_dialogs.h"
#include "gui/pages/settings/setting_text.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/table.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace mm::gui {
namespace {

QLabel* heading(const QString& text) {
    auto* label = new QLabel(text);
    setKind(*label, "heading");
    return label;
}

QFrame* card(QVBoxLayout*& column) {
    auto* frame = new QFrame;
    setKind(*frame, "card");
    column = new QVBoxLayout(frame);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(8);
    return frame;
}

} // namespace

SettingsPage::SettingsPage(const PageContext& context) : m_context(context), m_settings(new EngineSettings(context)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(m_settings, 3);
    column->addWidget(makeKeys(), 1);
    // Made last, so that the cursor comes to it last: nobody shall change the looks by a key that was meant for a page.
    column->insertWidget(0, new ConsoleSettings(context.appearance));
    connect(&m_context.events, &EventFeed::happened, this, [this](const std::vector<v1::Event>& events) {
        if (m_isSeen && std::any_of(events.begin(), events.end(), concernsSettings))
            m_settings->ask();
    });
    connect(&m_context.link, &EngineLink::changed, this, [this] {
        if (m_isSeen)
            ask();
    });
}

QWidget* SettingsPage::makeKeys() {
    QVBoxLayout* column = nullptr;
    QFrame* frame = card(column);
    m_keysSay = new QLabel;
    m_keysSay->setObjectName(QStringLiteral("keys-say"));
    setKind(*m_keysSay, "muted");
    auto* create = new QPushButton(tr("New key…"));
    const auto paint = [this, create] { create->setIcon(m_context.theme.icon(QStringLiteral("plus"))); };
    paint();
    connect(&m_context.theme, &Theme::changed, create, paint);
    create->setObjectName(QStringLiteral("new-key-button"));
    m_rotate = new QPushButton(tr("Rotate…"));
    m_revoke = new QPushButton(tr("Revoke…"));
    m_revoke->setObjectName(QStringLiteral("revoke-button"));
    setKind(*m_revoke, "danger");
    connect(create, &QPushButton::clicked, this, &SettingsPage::createKey);
    connect(m_rotate, &QPushButton::clicked, this, &SettingsPage::rotateKey);
    connect(m_revoke, &QPushButton::clicked, this, &SettingsPage::revokeKey);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(heading(tr("Keys")));
    row->addWidget(m_keysSay, 1);
    for (QPushButton* button : {create, m_rotate, m_revoke})
        row->addWidget(button);
    m_keyTable = makeTable(m_keys, QStringLiteral("keys-table"), tr("Keys"));
    m_keyTable->horizontalHeader()->setStretchLastSection(true);
    letColumnsBeChosen(*m_keyTable, QStringLiteral("keys"));
    connect(m_keyTable->selectionModel(), &QItemSelectionModel::selectionChanged, this, &SettingsPage::showButtons);
    column->addLayout(row);
    column->addWidget(m_keyTable, 1);
    showButtons();
    return frame;
}

void SettingsPage::setSeen(bool seen) {
    m_isSeen = seen;
    if (seen)
        ask();
}

void SettingsPage::ask() {
    if (m_context.link.state() != EngineLink::State::Connected)
        return;
    m_settings->ask();
    askKeys();
}

void SettingsPage::askKeys() {
    m_context.link.call(&AccessCalls::ListKeys, {}, this, [this](const Result<v1::ListKeysResponse>& found) {
        if (!found.ok())
            return m_keysSay->setText(QString::fromStdString(found.error().message));
        m_keysSay->setText(found->keys().empty() ? tr("There is none. With --access on, everybody needs one.")
                                                 : QString());
        m_keys.show({found->keys().begin(), found->keys().end()});
        showButtons();
    });
}

void SettingsPage::createKey() {
    auto* dialog = new NewKeyDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_context.link.call(&AccessCalls::CreateKey, dialog->request(), this, [this](const Result<v1::IssuedKey>& key) {
            if (!key.ok())
                return tellFailure(key.error());
            showSecret(*key);
        });
    });
    dialog->open();
}

void SettingsPage::rotateKey() {
    const v1::ApiKey* key = chosenKey();
    if (!key)
        return;
    v1::RotateKeyRequest request;
    request.set_key(key->key_id());
    confirm(tr("Give %1 another secret? The one in use ends at once.").arg(QString::fromStdString(key->name())),
            tr("Rotate"), [this, request] {
                m_context.link.call(&AccessCalls::RotateKey, request, this,
                                    [this](const Result<v1::IssuedKey>& issued) {
                                        if (!issued.ok())
                                            return tellFailure(issued.error());
                                        showSecret(*issued);
                                    });
            });
}

void SettingsPage::revokeKey() {
    const v1::ApiKey* key = chosenKey();
    if (!key)
        return;
    v1::RevokeKeyRequest request;
    request.set_key(key->key_id());
    confirm(tr("Revoke %1? Whoever uses it is refused from now on.").arg(QString::fromStdString(key->name())),
            tr("Revoke"), [this, request] {
                m_context.link.call(&AccessCalls::RevokeKey, request, this, [this](const Result<v1::ApiKey>& revoked) {
                    if (!revoked.ok())
                        return tellFailure(revoked.error());
                    askKeys();
                });
            });
}

void SettingsPage::confirm(const QString& question, const QString& action, std::function<void()> agreed) {
    auto* box = new QMessageBox(QMessageBox::NoIcon, windowTitle(), question, QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* yes = box->addButton(action, QMessageBox::DestructiveRole);
    setKind(*yes, "danger");
    box->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, std::move(agreed));
    box->open();
}

void SettingsPage::showSecret(const v1::IssuedKey& issued) {
    auto* dialog =
        new SecretDialog(QString::fromStdString(issued.key().name()), QString::fromStdString(issued.secret()), this);
    dialog->open();
    askKeys();
}

const v1::ApiKey* SettingsPage::chosenKey() const {
    return m_keys.at(m_keyTable->currentIndex().isValid() ? m_keyTable->currentIndex().row() : -1);
}

void SettingsPage::showButtons() {
    const bool isChosen = m_keyTable->selectionModel()->hasSelection() && chosenKey() != nullptr;
    m_rotate->setEnabled(isChosen);
    m_revoke->setEnabled(isChosen);
}

void SettingsPage::tellFailure(const Error& error) {
    m_context.guide.tellFailure(QString::fromStdString(error.message));
}

} // namespace mm::gui
