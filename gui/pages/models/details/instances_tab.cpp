#include "gui/pages/models/details/instances_tab.h"

#include "engine/ipc/names.h"
#include "gui/client/engine_state.h"
#include "gui/pages/models/say.h"
#include "gui/theme/kind.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/list.h"

#include <QLabel>
#include <QLocale>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace mm::gui::models {

InstancesTab::InstancesTab(const PageContext& context, QWidget* parent) : DetailsTab(parent), m_context(context) {
    m_about = new QLabel;
    m_about->setWordWrap(true);
    setKind(*m_about, "muted");
    m_list = makeList(QStringLiteral("instancesList"), tr("Instances"),
                      {tr("Instance"), tr("State"), tr("Process"), tr("Memory"), tr("Running"), tr("Crashes")}, 1,
                      {0, 2, 3, 4, 5});
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->addWidget(m_about);
    column->addWidget(m_list, 1);
}

void InstancesTab::open(const std::string& id) {
    m_id = id;
    refresh();
}

void InstancesTab::refresh() {
    const v1::ModelStatus* status = m_context.state.statusOf(m_id);
    const int count = status != nullptr ? status->instances_size() : 0;
    m_about->setText(count == 0 ? tr("It has no worker now.")
                                : tr("%1 measured, %2 predicted, %3 at most; %4 with the pages of its files")
                                      .arg(bytesText(status->measured_bytes()), bytesText(status->predicted_bytes()),
                                           bytesText(status->peak_bytes()), bytesText(status->resident_bytes())));
    while (m_list->topLevelItemCount() > count)
        delete m_list->takeTopLevelItem(count);
    const QLocale locale;
    for (int i = 0; i < count; ++i) {
        const v1::InstanceStatus& instance = status->instances(i);
        QTreeWidgetItem* item = m_list->topLevelItem(i);
        if (item == nullptr)
            m_list->addTopLevelItem(item = new QTreeWidgetItem);
        const QStringList values{QString::number(instance.instance()),
                                 text(std::string(stateName(instance.state()))),
                                 instance.pid() > 0 ? QString::number(instance.pid()) : kNothing,
                                 bytesText(instance.measured_bytes()),
                                 locale.toString(instance.in_flight()),
                                 locale.toString(instance.crashes())};
        for (int column = 0; column < values.size(); ++column)
            item->setText(column, values[column]);
        alignRight(*item, {0, 2, 3, 4, 5});
    }
}

} // namespace mm::gui::models
