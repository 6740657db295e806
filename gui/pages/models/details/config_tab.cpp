#include "gui/pages/models/details/config_tab.h"

#include "gui/client/engine_state.h"
#include "gui/pages/models/config_form.h"
#include "gui/pages/models/details/config_merge.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace mm::gui::models {

ConfigTab::ConfigTab(const PageContext& context, QWidget* parent) : DetailsTab(parent), m_context(context) {
    m_form = new ConfigForm;
    auto* inside = new QWidget;
    auto* centre = new QHBoxLayout(inside);
    centre->setContentsMargins(0, 0, 12, 0);
    m_form->setMaximumWidth(640);
    centre->addWidget(m_form, 1);
    centre->addStretch(0);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setWidget(inside);
    inside->setAutoFillBackground(false); // the card's shows through
    area->viewport()->setAutoFillBackground(false);
    m_told = new QLabel;
    m_told->setObjectName(QStringLiteral("configTold"));
    m_told->setWordWrap(true);
    m_save = new QPushButton(tr("Save"));
    m_save->setObjectName(QStringLiteral("configSave"));
    setKind(*m_save, "primary");
    m_revert = new QPushButton(tr("Revert"));
    m_revert->setObjectName(QStringLiteral("configRevert"));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_told, 1);
    row->addWidget(m_revert);
    row->addWidget(m_save);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->addWidget(area, 1);
    column->addLayout(row);
    connect(m_form, &ConfigForm::edited, this, [this] { setEdited(true); });
    connect(m_save, &QPushButton::clicked, this, &ConfigTab::save);
    connect(m_revert, &QPushButton::clicked, this, [this] {
        setEdited(false);
        reload();
    });
    setEdited(false);
}

void ConfigTab::setEdited(bool isEdited) {
    m_isEdited = isEdited;
    m_save->setEnabled(isEdited);
    m_revert->setEnabled(isEdited);
    if (isEdited)
        m_told->clear();
    else
        say(tr("Changes count from the next load."), "muted");
}

void ConfigTab::say(const QString& sentence, const char* kind) {
    m_told->setText(sentence);
    setKind(*m_told, kind);
}

void ConfigTab::open(const std::string& id) {
    m_id = id;
    m_revision = 0;
    m_form->setEnabled(false); // nothing is edited before it is known what there is
    m_form->show(google::protobuf::Struct());
    setEdited(false);
}

void ConfigTab::refresh() {
    if (!m_isEdited && !m_id.empty())
        ask();
}

void ConfigTab::reload() {
    m_revision = 0;
    m_form->setEnabled(false);
    ask();
}

void ConfigTab::ask() {
    v1::GetModelRequest request;
    request.set_model_id(m_id);
    m_context.link.call(&RegistryCalls::GetModel, request, this, [this, id = m_id](const Result<v1::Model>& got) {
        if (id != m_id || m_isEdited)
            return;
        if (!got.ok())
            return say(text(got.error().message), "bad");
        if (got->revision() != m_revision)
            take(*got);
    });
}

void ConfigTab::take(const v1::Model& model) {
    m_revision = model.revision();
    m_form->setEnabled(true);
    m_form->show(model.config());
}

void ConfigTab::save() {
    v1::UpdateModelRequest request;
    request.set_model_id(m_id);
    *request.mutable_config() = m_form->config();
    request.set_expected_revision(m_revision);
    m_save->setEnabled(false);
    m_context.link.call(&RegistryCalls::UpdateModel, request, this, [this, id = m_id](const Result<v1::Model>& answer) {
        if (id == m_id)
            answered(answer);
    });
}

void ConfigTab::mergeWithTheirs() {
    v1::GetModelRequest request;
    request.set_model_id(m_id);
    m_context.link.call(&RegistryCalls::GetModel, request, this, [this, id = m_id](const Result<v1::Model>& got) {
        if (id != m_id || !m_isEdited)
            return;
        if (!got.ok())
            return say(text(got.error().message), "bad");
        const ConfigMerge merge = mergeConfig(m_form->given(), m_form->config(), got->config());
        m_revision = got->revision();
        m_form->show(got->config(), merge.merged);
        QStringList both;
        for (const std::string& key : merge.both)
            both += ConfigForm::titleOf(key);
        say(both.isEmpty() ? tr("Somebody else has changed it meanwhile. What you entered is kept beside that; save "
                                "again.")
                           : tr("Somebody else has changed %1 meanwhile, too. What you entered is kept: save it over "
                                "theirs, or revert.")
                                 .arg(both.join(QStringLiteral(", "))),
            "warning");
    });
}

void ConfigTab::answered(const Result<v1::Model>& answer) {
    if (answer.ok()) {
        take(*answer);
        setEdited(false);
        say(tr("Saved; it counts from the next load."), "good");
        return m_context.state.refresh();
    }
    const Error& error = answer.error();
    m_save->setEnabled(true);
    if (error.code == ErrorCode::RevisionConflict) {
        say(text(error.message), "bad");
        return mergeWithTheirs();
    }
    const auto left = m_form->showErrors(error.fieldErrors);
    const bool isAllShown = !error.fieldErrors.empty() && left.empty();
    say(isAllShown ? tr("Not saved: see the fields.") : text(error.message), "bad");
}

} // namespace mm::gui::models
