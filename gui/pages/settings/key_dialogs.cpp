#include "gui/pages/settings/key_dialogs.h"

#include "gui/theme/kind.h"
#include "gui/theme/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace mm::gui {
namespace {

constexpr int kFieldWidth = 300;
constexpr int kMostDays = 3650;
constexpr std::int64_t kDay = 86'400; // seconds

} // namespace

NewKeyDialog::NewKeyDialog(QWidget* parent)
    : QDialog(parent), m_name(new QLineEdit), m_role(new QComboBox), m_models(new QLineEdit), m_days(new QSpinBox) {
    setObjectName(QStringLiteral("new-key"));
    setWindowTitle(tr("A new key"));
    m_name->setObjectName(QStringLiteral("key-name"));
    m_name->setPlaceholderText(tr("who will use it, such as search-api"));
    m_name->setMinimumWidth(kFieldWidth);
    m_role->addItem(tr("viewer: sees"), QStringLiteral("viewer"));
    m_role->addItem(tr("user: and lets models compute"), QStringLiteral("user"));
    m_role->addItem(tr("operator: and loads, unloads, moves what waits"), QStringLiteral("operator"));
    m_role->addItem(tr("admin: and changes models and keys"), QStringLiteral("admin"));
    m_role->setCurrentIndex(1);
    m_models->setPlaceholderText(tr("every model; or org/*, org/model"));
    m_days->setRange(0, kMostDays);
    m_days->setSpecialValueText(tr("never"));
    m_days->setSuffix(tr(" days"));
    auto* form = new QFormLayout;
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Role"), m_role);
    form->addRow(tr("&May use"), m_models);
    form->addRow(tr("&Expires after"), m_days);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_create = buttons->addButton(tr("Create"), QDialogButtonBox::AcceptRole);
    m_create->setObjectName(QStringLiteral("create-key"));
    setKind(*m_create, "primary");
    m_create->setEnabled(false);
    connect(m_name, &QLineEdit::textChanged, m_create,
            [this](const QString& name) { m_create->setEnabled(!name.trimmed().isEmpty()); });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addLayout(form);
    column->addWidget(buttons);
}

modelmora::v1::CreateKeyRequest NewKeyDialog::request() const {
    modelmora::v1::CreateKeyRequest request;
    request.set_name(m_name->text().trimmed().toStdString());
    request.set_role(m_role->currentData().toString().toStdString());
    const QStringList models = m_models->text().split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const QString& model : models)
        request.add_models(model.trimmed().toStdString());
    request.set_expires_in_seconds(m_days->value() * kDay);
    return request;
}

SecretDialog::SecretDialog(const QString& name, const QString& secret, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("secret"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("The key %1").arg(name));
    auto* text = new QLabel(tr("This is shown once: only a hash of it is kept. Copy it to where it will be used."));
    text->setWordWrap(true);
    auto* line = new QLineEdit(secret);
    line->setObjectName(QStringLiteral("secret-line"));
    line->setAccessibleName(tr("Secret"));
    line->setReadOnly(true);
    line->setFont(Theme::monospaced());
    line->setMinimumWidth(line->fontMetrics().horizontalAdvance(secret) + 32);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    auto* copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    setKind(*copy, "primary");
    connect(copy, &QPushButton::clicked, this, [secret] { QGuiApplication::clipboard()->setText(secret); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(text);
    column->addWidget(line);
    column->addWidget(buttons);
}

} // namespace mm::gui
