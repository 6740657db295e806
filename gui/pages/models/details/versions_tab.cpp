#include "gui/pages/models/details/versions_tab.h"

#include "gui/client/engine_state.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/list.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace mm::gui::models {
namespace {

QString standing(const v1::Model& version) {
    if (version.current())
        return Say::tr("current");
    if (!version.deprecated())
        return {};
    return version.deprecation_reason().empty() ? Say::tr("deprecated")
                                                : Say::tr("deprecated: %1").arg(text(version.deprecation_reason()));
}

QTreeWidgetItem* itemOf(const v1::Model& version) {
    const QDateTime made = QDateTime::fromSecsSinceEpoch(version.created_at().seconds());
    auto* item = new QTreeWidgetItem(QStringList{
        text(version.version()), standing(version), text(version.architecture()), bytesText(version.total_bytes()),
        QLocale().toString(made, QLocale::ShortFormat), text(version.source_url())});
    alignRight(*item, {3});
    item->setToolTip(5, text(version.source_url()));
    return item;
}

} // namespace

VersionsTab::VersionsTab(const PageContext& context, QWidget* parent) : DetailsTab(parent), m_context(context) {
    m_list = makeList(QStringLiteral("versionsList"), tr("Versions"),
                      {tr("Version"), tr("Standing"), tr("Architecture"), tr("Size"), tr("Registered"), tr("Source")},
                      5, {3});
    const auto button = [this](const QString& title, const char* name, void (VersionsTab::*act)()) {
        auto* made = new QPushButton(title);
        made->setObjectName(QString::fromLatin1(name));
        connect(made, &QPushButton::clicked, this, act);
        return made;
    };
    m_promote = button(tr("Promote"), "promoteVersion", &VersionsTab::promote);
    m_promote->setToolTip(tr("Make it the version that the model's name alone means"));
    m_deprecate = button(tr("Deprecate…"), "deprecateVersion", &VersionsTab::askDeprecate);
    m_delete = button(tr("Delete version…"), "deleteVersion", &VersionsTab::askDelete);
    setKind(*m_delete, "danger");
    m_fault = new QLabel;
    m_fault->setObjectName(QStringLiteral("versionsFault"));
    m_fault->setWordWrap(true);
    setKind(*m_fault, "bad");
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_fault, 1);
    for (QPushButton* each : {m_promote, m_deprecate, m_delete})
        row->addWidget(each);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->addWidget(m_list, 1);
    column->addLayout(row);
    connect(m_list, &QTreeWidget::currentItemChanged, this, &VersionsTab::updateButtons);
    updateButtons();
}

void VersionsTab::open(const std::string& id) {
    m_id = id;
    m_fault->clear();
    showVersions({});
}

void VersionsTab::refresh() {
    if (m_id.empty())
        return;
    v1::ListVersionsRequest request;
    request.set_model_id(m_id);
    m_context.link.call(&RegistryCalls::ListVersions, request, this,
                        [this, id = m_id](const Result<v1::ListVersionsResponse>& got) {
                            if (id != m_id)
                                return;
                            if (!got.ok())
                                return m_fault->setText(text(got.error().message));
                            showVersions({got->versions().begin(), got->versions().end()});
                        });
}

void VersionsTab::showVersions(std::vector<v1::Model> versions) {
    const auto isSame = [](const v1::Model& one, const v1::Model& other) {
        return one.version() == other.version() && one.revision() == other.revision() &&
               one.current() == other.current();
    };
    if (std::equal(versions.begin(), versions.end(), m_versions.begin(), m_versions.end(), isSame))
        return;
    const int before = m_list->indexOfTopLevelItem(m_list->currentItem());
    m_versions = std::move(versions);
    m_list->clear();
    for (const v1::Model& version : m_versions)
        m_list->addTopLevelItem(itemOf(version));
    for (const int column : {0, 1, 2, 3, 4})
        m_list->resizeColumnToContents(column);
    if (!m_versions.empty())
        m_list->setCurrentItem(m_list->topLevelItem(std::clamp(before, 0, static_cast<int>(m_versions.size()) - 1)));
    updateButtons();
}

const v1::Model* VersionsTab::selected() const {
    const int at = m_list->indexOfTopLevelItem(m_list->currentItem());
    return at >= 0 && at < static_cast<int>(m_versions.size()) ? &m_versions[static_cast<std::size_t>(at)] : nullptr;
}

void VersionsTab::updateButtons() {
    const v1::Model* version = selected();
    const bool isOld = version != nullptr && !version->current();
    m_promote->setEnabled(isOld);
    m_deprecate->setEnabled(isOld && !version->deprecated());
    m_delete->setEnabled(isOld);
}

void VersionsTab::ended(const Result<QString>& how) {
    m_fault->setText(how.ok() ? QString() : text(how.error().message));
    if (how.ok())
        m_context.guide.tell(*how);
    m_context.state.refresh();
    refresh();
}

void VersionsTab::promote() {
    v1::PromoteVersionRequest request;
    request.set_model_id(m_id);
    request.set_version(selected()->version());
    m_context.link.call(&RegistryCalls::PromoteVersion, request, this, [this](const Result<v1::Model>& answer) {
        if (!answer.ok())
            return ended(answer.error());
        ended(tr("%1 means version %2 now").arg(text(answer->model_id()), text(answer->version())));
    });
}

void VersionsTab::askDeprecate() {
    auto* dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("deprecateDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Deprecate a version"));
    dialog->setLabelText(tr("Why should nobody use version %1 any more?").arg(text(selected()->version())));
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, version = selected()->version()](const QString& reason) { deprecate(version, reason); });
    dialog->open();
}

void VersionsTab::deprecate(const std::string& version, const QString& reason) {
    v1::DeprecateVersionRequest request;
    request.set_model_id(m_id);
    request.set_version(version);
    request.set_reason(reason.toStdString());
    m_context.link.call(&RegistryCalls::DeprecateVersion, request, this, [this](const Result<v1::Model>& answer) {
        if (!answer.ok())
            return ended(answer.error());
        ended(tr("Version %1 is deprecated").arg(text(answer->version())));
    });
}

void VersionsTab::askDelete() {
    auto* box = new QMessageBox(this);
    box->setObjectName(QStringLiteral("deleteVersionDialog"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("Delete a version"));
    box->setText(tr("Delete version %1 of %2?").arg(text(selected()->version()), text(m_id)));
    box->setInformativeText(tr("Its registration and what was measured of it go; the files in %1 stay.")
                                .arg(text(selected()->source_url())));
    auto* remove = box->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(remove, &QAbstractButton::clicked, this,
            [this, version = selected()->version()] { deleteVersion(version); });
    box->open();
}

void VersionsTab::deleteVersion(const std::string& version) {
    v1::DeleteVersionRequest request;
    request.set_model_id(m_id);
    request.set_version(version);
    m_context.link.call(
        &RegistryCalls::DeleteVersion, request, this,
        [this](const Result<v1::DeleteVersionResponse>& answer) {
            if (!answer.ok())
                return ended(answer.error());
            ended(tr("Version %1 is deleted").arg(text(answer->version())));
        },
        EngineLink::kLongSeconds);
}

} // namespace mm::gui::models
