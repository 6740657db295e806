#include "gui/shell/welcome/welcome.h"

#include "gui/shell/welcome/packaged_model.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace mm::gui {
namespace {

constexpr int kCardWidth = 560;
constexpr int kWhole = 100; // percent

} // namespace

Welcome::Welcome(EngineLink& link, EngineState& state, Guide& guide, const Theme& theme)
    : m_link(link)
    , m_state(state)
    , m_guide(guide)
    , m_packaged(new QPushButton(tr("Serve %1").arg(QLatin1String(kPackagedName))))
    , m_own(new QPushButton(theme.icon(QStringLiteral("folder-plus")), tr("Choose a folder…")))
    , m_progress(new QProgressBar)
    , m_says(new QLabel) {
    setObjectName(QStringLiteral("welcome"));
    auto* title = new QLabel(tr("This engine has no model yet"));
    setKind(*title, "title");
    auto* text = new QLabel(tr("Begin with the model that comes with ModelMora: %1 makes vectors of sentences, takes "
                               "about 0.2 GB of memory and loads within a second. Or take a folder of a model from "
                               "Hugging Face; nothing in it is changed.")
                                .arg(QLatin1String(kPackagedName)));
    setKind(*text, "muted");
    text->setWordWrap(true);
    m_packaged->setObjectName(QStringLiteral("serve-packaged"));
    setKind(*m_packaged, "primary");
    m_own->setObjectName(QStringLiteral("choose-folder"));
    m_progress->setRange(0, kWhole);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("How far the load is"));
    m_progress->hide();
    m_says->setObjectName(QStringLiteral("welcome-says"));
    m_says->setWordWrap(true);
    m_says->hide();
    connect(m_packaged, &QPushButton::clicked, this, &Welcome::begin);
    connect(m_own, &QPushButton::clicked, this, &Welcome::chooseFolder);
    auto* card = new QFrame;
    setKind(*card, "card");
    card->setFixedWidth(kCardWidth);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(24, 24, 24, 20);
    column->setSpacing(12);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_packaged);
    buttons->addWidget(m_own);
    buttons->addStretch(1);
    column->addWidget(title);
    column->addWidget(text);
    column->addLayout(buttons);
    column->addWidget(m_progress);
    column->addWidget(m_says);
    auto* middle = new QVBoxLayout(this);
    auto* row = new QHBoxLayout; // not an alignment, under which lines that wrap get too little height
    row->addStretch(1);
    row->addWidget(card);
    row->addStretch(1);
    middle->addStretch(2);
    middle->addLayout(row);
    middle->addStretch(3);
}

void Welcome::setPackagedFolder(const QString& folder) {
    m_folder = folder;
    m_packaged->setVisible(!folder.isEmpty());
}

void Welcome::begin() {
    m_isBusy = true;
    m_packaged->setEnabled(false);
    m_progress->setValue(0);
    m_progress->show();
    setKind(*m_says, "muted");
    m_says->show();
    m_says->setText(tr("Registering: its files are looked at…"));
    v1::RegisterModelRequest request;
    request.set_model_id(kPackagedId);
    request.set_task_type(v1::TASK_TYPE_TXT2EMBED);
    request.set_display_name(kPackagedName);
    request.set_source_url("file://" + m_folder.toStdString());
    m_link.call(
        &RegistryCalls::RegisterModel, request, this,
        [this](const Result<v1::Model>& model) {
            if (model.ok())
                return load();
            failed(model.error());
        },
        EngineLink::kLongSeconds);
}

void Welcome::load() {
    v1::LoadModelRequest request;
    request.set_model_id(kPackagedId);
    m_link.stream(
        &ManagementCalls::LoadModelWithProgress, request, this,
        [this](const std::vector<v1::LoadEvent>& events) {
            for (const v1::LoadEvent& event : events)
                if (event.has_progress())
                    showStage(event.progress());
        },
        [this](const Result<void>& over) {
            if (!over.ok())
                return failed(over.error());
            m_isBusy = false;
            m_packaged->setEnabled(true);
            m_progress->hide();
            m_says->hide();
            m_state.refresh();
            Q_EMIT served(QLatin1String(kPackagedId));
        },
        EngineLink::kLongSeconds);
}

void Welcome::showStage(const v1::LoadStage& stage) {
    m_progress->setValue(static_cast<int>(stage.percent()));
    m_says->setText(tr("Loading: %1").arg(QString::fromStdString(stage.stage())));
}

void Welcome::failed(const Error& error) {
    m_isBusy = false;
    m_packaged->setEnabled(true);
    m_progress->hide();
    setKind(*m_says, "bad");
    m_says->setText(QString::fromStdString(error.message));
}

void Welcome::chooseFolder() {
    auto* dialog = new QFileDialog(this, tr("A folder with a model"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
        m_guide.open(QStringLiteral("models"), QStringLiteral("register ") + folder);
    });
    dialog->open();
}

} // namespace mm::gui
