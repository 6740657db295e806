#include "gui/pages/models/register/register_dialog.h"

#include "engine/ipc/names.h"
#include "gui/client/engine_state.h"
#include "gui/pages/models/config_form.h"
#include "gui/pages/models/failure_text.h"
#include "gui/pages/models/register/collected_folder.h"
#include "gui/pages/models/register/off_thread.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/list.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <chrono>

namespace mm::gui::models {
namespace {

constexpr std::chrono::milliseconds kTyping(250);
constexpr int kWidth = 660;
constexpr int kLastTask = v1::TaskType_MAX;

QLabel* faultLabel(const char* name) {
    auto* label = new QLabel;
    label->setObjectName(QString::fromLatin1(name));
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setKind(*label, "bad");
    label->hide();
    return label;
}

QLayout* above(QWidget* upper, QWidget* lower) {
    auto* column = new QVBoxLayout;
    column->setSpacing(2);
    column->addWidget(upper);
    column->addWidget(lower);
    return column;
}

} // namespace

RegisterDialog::RegisterDialog(const PageContext& context, const QString& folder, QWidget* parent)
    : QDialog(parent), m_context(context) {
    setObjectName(QStringLiteral("registerDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Register a model"));
    auto* title = new QLabel(tr("Register a model"));
    setKind(*title, "title");
    m_fault = faultLabel("registerFault");
    auto* tabs = new QTabWidget;
    tabs->setDocumentMode(true);
    tabs->tabBar()->setDrawBase(false);
    tabs->addTab(makeForm(), tr("Model"));
    tabs->addTab(makeConfig(), tr("Configuration"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(12);
    column->addWidget(title);
    column->addWidget(makeSource());
    column->addWidget(makeFacts());
    column->addWidget(tabs);
    column->addWidget(m_fault);
    column->addLayout(makeButtons());
    setMinimumWidth(kWidth);
    m_typed.setSingleShot(true);
    m_typed.setInterval(kTyping);
    connect(&m_typed, &QTimer::timeout, this, &RegisterDialog::inspect);
    connect(m_folder, &QLineEdit::textChanged, this, [this] {
        m_facts.reset();
        updateButton();
        m_typed.start();
    });
    listCache();
    m_folder->setText(folder);
    if (!folder.isEmpty())
        inspect();
    updateButton();
}

QWidget* RegisterDialog::makeSource() {
    m_folder = new QLineEdit;
    m_folder->setObjectName(QStringLiteral("registerFolder"));
    m_folder->setPlaceholderText(tr("The folder that holds config.json"));
    m_folder->setAccessibleName(tr("Folder of the model"));
    auto* browse = new QPushButton(tr("Browse…"));
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, &RegisterDialog::browse);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_folder, 1);
    row->addWidget(browse);
    m_where = new QLabel;
    setKind(*m_where, "warning");
    m_where->setWordWrap(true);
    const bool isElsewhere = !m_context.link.target().address.empty();
    m_where->setText(tr("The engine runs at %1 and reads the folder of that name there; what is found here may be "
                        "another.")
                         .arg(text(m_context.link.target().address)));
    m_where->setVisible(isElsewhere);
    m_cache = makeList(QStringLiteral("registerCache"), tr("Models in the Hugging Face cache"),
                       {tr("In the Hugging Face cache"), tr("Size")}, 0, {1});
    m_cache->setMaximumHeight(120);
    m_cache->hide();
    connect(m_cache, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item != nullptr)
            m_folder->setText(item->data(0, Qt::UserRole).toString());
    });
    auto* source = new QWidget;
    auto* column = new QVBoxLayout(source);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(row);
    column->addWidget(m_where);
    m_faults["source_url"] = faultLabel("fault.source_url");
    column->addWidget(m_faults["source_url"]);
    column->addWidget(m_cache);
    return source;
}

QWidget* RegisterDialog::makeFacts() {
    auto* card = new QFrame;
    setKind(*card, "card");
    m_factsForm = new QFormLayout;
    m_factsForm->setHorizontalSpacing(16);
    m_factsForm->setVerticalSpacing(4);
    m_problems = new QLabel(tr("Choose a folder: it is looked at before anything is registered."));
    m_problems->setObjectName(QStringLiteral("registerProblems"));
    m_problems->setWordWrap(true);
    setKind(*m_problems, "muted");
    m_collects = new QLabel(tr("Its files are links out of the folder, as in the Hugging Face cache. When it is "
                               "registered they get a folder of their own; that takes no room on the same disk."));
    m_collects->setWordWrap(true);
    setKind(*m_collects, "muted");
    m_collects->hide();
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(14, 10, 14, 10);
    column->addLayout(m_factsForm);
    column->addWidget(m_collects);
    column->addWidget(m_problems);
    return card;
}

QLineEdit* RegisterDialog::addLine(QFormLayout& form, const char* field, const QString& title) {
    auto* line = new QLineEdit;
    line->setObjectName(QStringLiteral("register.") + QLatin1String(field));
    auto* fault = faultLabel("");
    fault->setObjectName(QStringLiteral("fault.") + QLatin1String(field));
    auto* name = new QLabel(title);
    name->setBuddy(line);
    form.addRow(name, above(line, fault));
    m_faults[field] = fault;
    connect(line, &QLineEdit::textChanged, this, &RegisterDialog::updateButton);
    return line;
}

QWidget* RegisterDialog::makeForm() {
    auto* page = new QWidget;
    auto* form = new QFormLayout(page);
    form->setContentsMargins(0, 12, 0, 0);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    m_id = addLine(*form, "model_id", tr("&Id"));
    m_id->setPlaceholderText(tr("org/repo"));
    m_task = new QComboBox;
    m_task->setObjectName(QStringLiteral("register.task_type"));
    m_task->addItem(tr("choose what it does"), 0);
    for (int task = 1; task <= kLastTask; ++task)
        if (v1::TaskType_IsValid(task))
            m_task->addItem(text(std::string(taskName(static_cast<v1::TaskType>(task)))), task);
    connect(m_task, &QComboBox::currentIndexChanged, this, &RegisterDialog::updateButton);
    m_faults["task_type"] = faultLabel("fault.task_type");
    auto* task = new QLabel(tr("&Task"));
    task->setBuddy(m_task);
    form->addRow(task, above(m_task, m_faults["task_type"]));
    m_version = addLine(*form, "version", tr("&Version"));
    m_version->setPlaceholderText(tr("main"));
    m_tags = addLine(*form, "tags", tr("Ta&gs"));
    m_tags->setPlaceholderText(tr("separated by commas"));
    return page;
}

QWidget* RegisterDialog::makeConfig() {
    m_config = new ConfigForm;
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(0, 12, 12, 0);
    column->addWidget(m_config);
    area->setWidget(inside);
    inside->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    area->setMinimumHeight(180);
    return area;
}

QLayout* RegisterDialog::makeButtons() {
    auto* cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("registerCancel"));
    cancel->setAutoDefault(false);
    m_submit = new QPushButton(tr("Register"));
    m_submit->setObjectName(QStringLiteral("registerSubmit"));
    m_submit->setDefault(true);
    setKind(*m_submit, "primary");
    connect(cancel, &QPushButton::clicked, this, &RegisterDialog::reject);
    connect(m_submit, &QPushButton::clicked, this, &RegisterDialog::submit);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(m_submit);
    return row;
}

void RegisterDialog::browse() {
    auto* dialog = new QFileDialog(this, tr("Folder of the model"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

void RegisterDialog::listCache() {
    offThread(
        this, [] { return listHubCache(hubCacheFolder()); },
        [this](const std::vector<CachedModel>& found) {
            m_cached = found;
            for (const CachedModel& model : found) {
                auto* item = new QTreeWidgetItem(QStringList{model.id, bytesText(model.bytes)});
                item->setData(0, Qt::UserRole, model.folder);
                item->setToolTip(0, model.folder);
                alignRight(*item, {1});
                m_cache->addTopLevelItem(item);
            }
            m_cache->setVisible(!found.empty());
        });
}

void RegisterDialog::inspect() {
    m_typed.stop();
    const QString folder = m_folder->text().trimmed();
    if (folder.isEmpty())
        return;
    const int inspection = ++m_inspection;
    m_problems->setText(tr("Looking into the folder…"));
    setKind(*m_problems, "muted");
    m_problems->show();
    offThread(
        this, [folder] { return inspectFolder(folder); },
        [this, inspection](const FolderFacts& facts) {
            if (inspection == m_inspection)
                showFacts(facts);
        });
}

void RegisterDialog::showFacts(const FolderFacts& facts) {
    m_facts = facts;
    while (m_factsForm->rowCount() > 0)
        m_factsForm->removeRow(0);
    const auto& ledger = m_context.state.memory();
    if (facts.files > 0)
        for (const auto& [label, value] : describe(facts, ledger ? &*ledger : nullptr)) {
            auto* name = new QLabel(label);
            setKind(*name, "muted");
            m_factsForm->addRow(name, new QLabel(value));
        }
    m_collects->setVisible(facts.hasLinksOut && m_context.link.target().address.empty());
    m_problems->setText(facts.problems.join(QLatin1Char('\n')));
    m_problems->setVisible(!facts.problems.isEmpty());
    setKind(*m_problems, "warning");
    if (!m_id->isModified())
        m_id->setText(facts.suggestedId);
    if (facts.task)
        m_task->setCurrentIndex(m_task->findData(static_cast<int>(*facts.task)));
    updateButton();
}

void RegisterDialog::updateButton() {
    const bool isReady =
        !m_folder->text().trimmed().isEmpty() && !m_id->text().trimmed().isEmpty() && m_task->currentIndex() > 0;
    m_submit->setEnabled(isReady && !m_isSending);
    m_submit->setText(m_isSending ? tr("Checking the files…") : tr("Register"));
}

void RegisterDialog::submit() {
    for (const auto& [field, label] : m_faults)
        label->hide();
    m_fault->hide();
    m_isSending = true;
    updateButton();
    const QString folder = m_folder->text().trimmed();
    if (!m_facts || !m_facts->hasLinksOut || !m_context.link.target().address.empty())
        return send(folder);
    offThread(
        this, [folder, to = collectedFolderFor(m_id->text().trimmed(), folder)] { return collect(folder, to); },
        [this](const Result<QString>& collected) {
            if (collected.ok())
                return send(*collected);
            m_isSending = false;
            updateButton();
            showFault(collected.error());
        });
}

void RegisterDialog::send(const QString& folder) {
    v1::RegisterModelRequest request;
    request.set_model_id(m_id->text().trimmed().toStdString());
    request.set_version(m_version->text().trimmed().toStdString());
    request.set_task_type(static_cast<v1::TaskType>(m_task->currentData().toInt()));
    request.set_source_url(fileUrl(folder));
    for (const QString& tag : m_tags->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
        if (!tag.trimmed().isEmpty())
            request.add_tags(tag.trimmed().toStdString());
    if (auto config = m_config->config(); !config.fields().empty())
        *request.mutable_config() = std::move(config);
    m_context.link.call(
        &RegistryCalls::RegisterModel, request, this, [this](const Result<v1::Model>& answer) { answered(answer); },
        EngineLink::kLongSeconds);
}

void RegisterDialog::answered(const Result<v1::Model>& answer) {
    m_isSending = false;
    updateButton();
    if (!answer.ok())
        return showFault(answer.error());
    Q_EMIT registered(text(answer->model_id()));
    accept();
}

void RegisterDialog::showFault(const Error& error) {
    QStringList rest;
    for (const FieldError& each : m_config->showErrors(error.fieldErrors)) {
        const auto field = m_faults.find(each.field.substr(0, each.field.find('[')));
        if (field == m_faults.end()) {
            rest += tr("%1: %2").arg(text(each.field), text(each.message));
            continue;
        }
        field->second->setText(text(each.message));
        field->second->show();
    }
    if (error.fieldErrors.empty() || !rest.isEmpty())
        rest.prepend(text(error.message));
    m_fault->setText(rest.join(QLatin1Char('\n')));
    m_fault->setVisible(!rest.isEmpty());
}

} // namespace mm::gui::models
