#include "gui/pages/models/load/load_dialog.h"

#include "gui/client/engine_state.h"
#include "gui/pages/models/failure_text.h"
#include "gui/pages/models/load/plan_bar.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"
#include "gui/widgets/time_text.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <chrono>
#include <utility>

namespace mm::gui::models {
namespace {

constexpr std::chrono::milliseconds kPlanAgain(2000);
constexpr int kMostInstances = 16;
constexpr int kWidth = 600;

QLabel* label(const char* kind, const char* name) {
    auto* made = new QLabel;
    setKind(*made, kind);
    made->setObjectName(QString::fromLatin1(name));
    made->setWordWrap(true);
    return made;
}

void clear(QGridLayout& grid) {
    while (QLayoutItem* item = grid.takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

} // namespace

LoadDialog::LoadDialog(const PageContext& context, std::string modelId, QWidget* parent)
    : QDialog(parent), m_context(context), m_modelId(std::move(modelId)) {
    setObjectName(QStringLiteral("loadDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Load a model"));
    auto* title = label("title", "loadTitle");
    title->setText(tr("Load %1?").arg(shortName(m_modelId)));
    title->setToolTip(text(m_modelId));
    m_headline = label("muted", "loadHeadline");
    m_headline->setText(tr("Asking what it would take…"));
    m_bar = new PlanBarView(m_context.theme);
    m_bar->hide();
    m_lines = new QGridLayout;
    m_lines->setHorizontalSpacing(16);
    m_lines->setVerticalSpacing(8);
    m_lines->setColumnStretch(2, 1);
    m_todo = label("muted", "loadTodo");
    m_todo->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_todo->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(12);
    column->addWidget(title);
    column->addWidget(m_headline);
    column->addWidget(m_bar);
    column->addLayout(m_lines);
    column->addWidget(m_todo);
    column->addLayout(makeOptions());
    column->addWidget(makeProgress());
    column->addLayout(makeButtons());
    setMinimumWidth(kWidth);
    m_again.setInterval(kPlanAgain);
    connect(&m_again, &QTimer::timeout, this, &LoadDialog::askPlan);
    askPlan();
    m_again.start();
}

QLayout* LoadDialog::makeOptions() {
    m_instances = new QSpinBox;
    m_instances->setObjectName(QStringLiteral("loadInstances"));
    m_instances->setRange(0, kMostInstances);
    m_instances->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_instances->setSpecialValueText(tr("as configured"));
    auto* name = new QLabel(tr("&Instances"));
    name->setBuddy(m_instances);
    m_pin = new QCheckBox(tr("&Pin it: never evicted, never idle"));
    m_pin->setObjectName(QStringLiteral("loadPin"));
    connect(m_instances, &QSpinBox::valueChanged, this, &LoadDialog::askPlan);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(name);
    row->addWidget(m_instances);
    row->addSpacing(16);
    row->addWidget(m_pin);
    row->addStretch(1);
    return row;
}

QWidget* LoadDialog::makeProgress() {
    m_percent = new QProgressBar;
    m_percent->setTextVisible(false);
    m_percent->setRange(0, 100);
    m_percent->setAccessibleName(tr("How far the load is"));
    m_stage = label("muted", "loadStage");
    m_progress = new QWidget;
    auto* column = new QVBoxLayout(m_progress);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_percent);
    column->addWidget(m_stage);
    m_progress->hide();
    return m_progress;
}

QLayout* LoadDialog::makeButtons() {
    auto* copy = new QPushButton(tr("Copy as command"));
    copy->setObjectName(QStringLiteral("loadCopy"));
    copy->setAutoDefault(false);
    setKind(*copy, "flat");
    m_cancel = new QPushButton(tr("Cancel"));
    m_cancel->setObjectName(QStringLiteral("loadCancel"));
    m_cancel->setAutoDefault(false);
    m_load = new QPushButton(tr("Load"));
    m_load->setObjectName(QStringLiteral("loadStart"));
    m_load->setDefault(true);
    m_load->setEnabled(false);
    setKind(*m_load, "primary");
    connect(copy, &QPushButton::clicked, this, &LoadDialog::copyCommand);
    connect(m_cancel, &QPushButton::clicked, this, &LoadDialog::reject);
    connect(m_load, &QPushButton::clicked, this, &LoadDialog::start);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(copy);
    row->addStretch(1);
    row->addWidget(m_cancel);
    row->addWidget(m_load);
    return row;
}

void LoadDialog::askPlan() {
    if (m_loading || m_hasFailed)
        return;
    if (m_planning)
        m_planning->letGo(); // for other instances, or late
    v1::PlanLoadRequest request;
    request.set_model_id(m_modelId);
    request.set_instances(m_instances->value());
    m_planning =
        m_context.link.call(&ManagementCalls::PlanLoad, request, this, [this](const Result<v1::LoadPlan>& plan) {
            m_planning.reset();
            if (m_loading || m_hasFailed)
                return;
            if (plan.ok())
                return showPlan(*plan);
            m_headline->setText(text(plan.error().message));
            m_load->setEnabled(false);
        });
}

void LoadDialog::showPlan(const v1::LoadPlan& plan) {
    const PlanText told = describe(plan);
    m_needsForce = told.needsForce;
    m_headline->setText(told.headline);
    setKind(*m_headline, told.canLoad ? "muted" : "bad");
    if (const auto& ledger = m_context.state.memory())
        m_bar->show(barOf(plan, *ledger), m_modelId);
    m_load->setEnabled(told.canLoad && !plan.already_loaded());
    if (std::exchange(m_told, told) == told)
        return;
    clear(*m_lines);
    int row = 0;
    for (const PlanLine& line : told.lines) {
        auto* value =
            new QLabel(line.isStrong ? QStringLiteral("<b>%1</b>").arg(line.value.toHtmlEscaped()) : line.value);
        value->setAlignment(Qt::AlignRight | Qt::AlignTop);
        auto* note = new QLabel(line.note);
        note->setWordWrap(true);
        setKind(*note, "muted");
        auto* name = new QLabel(line.label);
        name->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        m_lines->addWidget(name, row, 0);
        m_lines->addWidget(value, row, 1);
        m_lines->addWidget(note, row, 2);
        ++row;
    }
    m_todo->setText(told.todo);
    m_todo->setVisible(!told.todo.isEmpty());
    m_load->setText(told.button);
    adjustSize();
}

void LoadDialog::setLoading(bool isLoading) {
    m_progress->setVisible(isLoading);
    m_load->setEnabled(!isLoading);
    m_instances->setEnabled(!isLoading);
    m_pin->setEnabled(!isLoading);
    m_cancel->setText(isLoading ? tr("Cancel the load") : tr("Cancel"));
}

void LoadDialog::start() {
    m_hasFailed = false;
    m_status.reset();
    setLoading(true);
    m_percent->setValue(0);
    m_stage->setText(tr("asking the engine…"));
    m_todo->hide();
    v1::LoadModelRequest request;
    request.set_model_id(m_modelId);
    request.set_force(m_needsForce);
    request.set_instances(m_instances->value());
    if (m_pin->isChecked())
        request.set_pin(true);
    m_loading = m_context.link.stream(
        &ManagementCalls::LoadModelWithProgress, request, this,
        [this](const std::vector<v1::LoadEvent>& events) { took(events); },
        [this](const Result<void>& how) { ended(how); }, EngineLink::kLongSeconds);
}

void LoadDialog::took(const std::vector<v1::LoadEvent>& events) {
    for (const v1::LoadEvent& event : events) {
        if (event.has_status())
            m_status = event.status();
        if (!event.has_progress())
            continue;
        m_percent->setValue(static_cast<int>(event.progress().percent()));
        m_stage->setText(stageText(event.progress()));
    }
}

void LoadDialog::ended(const Result<void>& how) {
    m_loading.reset();
    setLoading(false);
    if (!how.ok())
        return showFault(how.error());
    QString sentence = tr("%1 is loaded").arg(text(m_modelId));
    if (m_status && m_status->load_time_ms() > 0)
        sentence = tr("%1 is loaded after %2, %3 of memory")
                       .arg(text(m_modelId), spanText(m_status->load_time_ms()), bytesText(m_status->measured_bytes()));
    accept();
    Q_EMIT loaded(sentence);
}

void LoadDialog::showFault(const Error& error) {
    m_hasFailed = true;
    setKind(*m_headline, "bad");
    m_headline->setText(text(error.message));
    QStringList todo{adviceOf(error), failureFacts(error)};
    todo.removeAll({});
    m_todo->setText(todo.join(QLatin1Char('\n')));
    m_todo->setVisible(!m_todo->text().isEmpty());
    m_load->setText(tr("Try again"));
    adjustSize();
    m_load->setEnabled(true);
    m_context.state.refresh();
}

void LoadDialog::copyCommand() {
    QApplication::clipboard()->setText(commandOf(m_modelId, m_needsForce, m_instances->value(), m_pin->isChecked()));
    m_context.guide.tell(tr("The command is copied"));
}

void LoadDialog::reject() {
    if (m_loading) {
        m_loading->letGo();
        // The load belongs to everybody who asked for it, so that leaving alone does not end it.
        v1::UnloadModelRequest request;
        request.set_model_id(m_modelId);
        m_context.link.call(
            &ManagementCalls::UnloadModel, request, parent(),
            [context = m_context, id = m_modelId](const Result<v1::UnloadModelResponse>& answer) {
                if (!answer.ok())
                    return context.guide.tellFailure(text(answer.error().message));
                context.guide.tell(tr("The load of %1 was cancelled").arg(text(id)));
                context.state.refresh();
            },
            EngineLink::kLongSeconds);
    }
    QDialog::reject();
}

} // namespace mm::gui::models
