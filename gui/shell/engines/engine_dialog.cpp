#include "gui/shell/engines/engine_dialog.h"

#include "gui/theme/kind.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr int kFieldWidth = 320;

QLineEdit* field(const char* name, const QString& text, const QString& hint) {
    auto* edit = new QLineEdit(text);
    edit->setObjectName(QLatin1String(name));
    edit->setPlaceholderText(hint);
    edit->setMinimumWidth(kFieldWidth);
    return edit;
}

} // namespace

EngineDialog::EngineDialog(const KnownEngine& before, QWidget* parent)
    : QDialog(parent)
    , m_name(field("engine-name", before.name == before.address ? QString() : before.name, tr("its address")))
    , m_address(field("engine-address", before.address, QStringLiteral("10.0.0.7:50051")))
    , m_key(field("engine-key", {}, tr("none, or as it was")))
    , m_ca(field("engine-ca", before.ca, tr("not spoken; \"system\" or a file of certificates")))
    , m_fault(new QLabel)
    , m_before(before) {
    setWindowTitle(tr("Connect to an engine"));
    m_key->setEchoMode(QLineEdit::Password);
    auto* form = new QFormLayout;
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    form->addRow(tr("&Address"), m_address);
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Key"), m_key);
    form->addRow(tr("&TLS, believing"), m_ca);
    setKind(*m_fault, "bad");
    m_fault->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_connect = buttons->addButton(tr("Connect"), QDialogButtonBox::AcceptRole);
    m_connect->setDefault(true);
    setKind(*m_connect, "primary");
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_address, &QLineEdit::textChanged, this, &EngineDialog::check);
    connect(m_key, &QLineEdit::textChanged, this, &EngineDialog::check);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addLayout(form);
    column->addWidget(m_fault);
    column->addWidget(buttons);
    check();
}

void EngineDialog::askForKeyOnly() {
    setWindowTitle(tr("A key for %1").arg(m_before.name));
    m_address->setEnabled(false);
    m_name->setEnabled(false);
    m_ca->setEnabled(false);
    m_key->setFocus();
}

void EngineDialog::check() {
    const auto address = engineAddress(m_address->text());
    const QString key = m_key->text().trimmed();
    const bool isKey = std::all_of(key.begin(), key.end(), [](QChar c) { return c > u' ' && c < u'\x7f'; });
    m_connect->setEnabled(address.ok() && isKey);
    if (!m_address->text().isEmpty() && !address.ok())
        m_fault->setText(QString::fromStdString(address.error().message));
    else
        m_fault->setText(isKey ? QString() : tr("A key is one word of visible ASCII characters."));
    m_fault->setVisible(!m_fault->text().isEmpty());
}

KnownEngine EngineDialog::engine() const {
    KnownEngine engine = m_before;
    if (const auto address = engineAddress(m_address->text()); address.ok())
        engine.address = *address;
    engine.name = m_name->text().trimmed().isEmpty() ? engine.address : m_name->text().trimmed();
    engine.ca = m_ca->text().trimmed();
    return engine;
}

QString EngineDialog::key() const {
    return m_key->text().trimmed();
}

} // namespace mm::gui
