#include "gui/pages/overview/memory_card.h"

#include "gui/client/engine_state.h"
#include "gui/pages/overview/eviction_source.h"
#include "gui/pages/overview/loaded_table.h"
#include "gui/pages/overview/memory_picture.h"
#include "gui/shell/page.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/cell_delegate.h"
#include "gui/widgets/table.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

namespace mm::gui {
namespace {

constexpr int kRowHeight = 34;
constexpr int kRowsSeen = 6; // more are scrolled
constexpr int kWidths[] = {230, 150, 84, 84, 210, 92};

QLabel* labelOf(const char* kind) {
    auto* label = new QLabel;
    setKind(*label, kind);
    return label;
}

} // namespace

MemoryCard::MemoryCard(const PageContext& context, QWidget* parent) : QFrame(parent), m_context(context) {
    setKind(*this, "card");
    setObjectName(QStringLiteral("memory-card"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 12, 14, 8);
    column->setSpacing(6);
    m_bars = new QVBoxLayout;
    m_bars->setSpacing(8);
    column->addLayout(m_bars);
    m_order = new EvictionSource(context.link, this);
    connect(m_order, &EvictionSource::changed, this, &MemoryCard::showAll);
    m_table = new LoadedTable(context.theme, this);
    m_view = makeTable();
    column->addWidget(m_view);
    m_empty = labelOf("muted");
    m_empty->setText(tr("No model is loaded. One is loaded by its first request, or on the Models page."));
    m_empty->setContentsMargins(8, 8, 8, 8);
    column->addWidget(m_empty);
    connect(m_table, &QAbstractItemModel::rowsInserted, this, &MemoryCard::fitTable);
    connect(m_table, &QAbstractItemModel::rowsRemoved, this, &MemoryCard::fitTable);
    addDevice();
    fitTable();
}

QTableView* MemoryCard::makeTable() {
    QTableView* view = gui::makeTable(*m_table, QStringLiteral("loaded-models"), tr("Loaded models"), kRowHeight);
    view->setItemDelegate(new CellDelegate(m_context.theme, view));
    view->horizontalHeader()->setStretchLastSection(true);
    for (int i = 0; i < static_cast<int>(std::size(kWidths)); ++i)
        view->setColumnWidth(i, kWidths[i]);
    letColumnsBeChosen(*view, QStringLiteral("loaded"));
    connect(view->horizontalScrollBar(), &QScrollBar::rangeChanged, this, &MemoryCard::fitTable,
            Qt::QueuedConnection); // it comes while the table lays itself out
    connect(view, &QTableView::activated, this,
            [this](const QModelIndex& index) { openModel(m_table->at(index.row()).modelId); });
    return view;
}

void MemoryCard::addDevice() {
    Device device;
    device.all = new QWidget;
    auto* column = new QVBoxLayout(device.all);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    device.title = labelOf("heading");
    device.sentence = labelOf("muted");
    device.sentence->setObjectName(QStringLiteral("memory-sentence"));
    device.sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(device.title);
    row->addWidget(device.sentence, 1);
    column->addLayout(row);
    device.bar = new MemoryBar(m_context.theme);
    device.bar->setObjectName(QStringLiteral("memory-bar"));
    column->addWidget(device.bar);
    connect(device.bar, &MemoryBar::opened, this, &MemoryCard::openModel);
    m_bars->addWidget(device.all);
    m_devices.push_back(device);
}

void MemoryCard::showDevices(const v1::MemoryLedger& memory, const LoadedRows& rows, std::int64_t nowMs) {
    const auto count = static_cast<std::size_t>(memory.devices_size());
    while (m_devices.size() < count)
        addDevice();
    for (std::size_t i = 0; i < m_devices.size(); ++i) {
        Device& shown = m_devices[i];
        shown.all->setVisible(i < count);
        if (i >= count)
            continue;
        const v1::DeviceLedger& device = memory.devices(static_cast<int>(i));
        shown.title->setText(count == 1 ? tr("Memory") : QString::fromStdString(device.device()));
        shown.title->setToolTip(QString::fromStdString(device.name()));
        shown.sentence->setText(memorySentence(device));
        shown.bar->setAccessibleName(tr("Memory of %1").arg(QString::fromStdString(device.device())));
        shown.bar->setPicture(pictureOf(device, rows, nowMs));
    }
}

void MemoryCard::refresh() {
    m_order->refresh();
    showAll();
}

void MemoryCard::showAll() {
    const EngineState& state = m_context.state;
    const auto now = QDateTime::currentMSecsSinceEpoch();
    LoadedRows rows;
    if (state.status())
        rows = loadedRowsOf(*state.status(), state.memory() ? &*state.memory() : nullptr,
                            state.queue() ? &*state.queue() : nullptr, m_order->order());
    showDevices(state.memory().value_or(v1::MemoryLedger()), rows, now);
    m_table->show(std::move(rows), now,
                  m_order->order() ? QString::fromStdString(m_order->order()->policy()) : QString());
}

void MemoryCard::fitTable() {
    const int rows = m_table->rowCount();
    m_view->setVisible(rows > 0);
    m_empty->setVisible(rows == 0);
    const QScrollBar* bar = m_view->horizontalScrollBar();
    const int below = bar->maximum() > 0 ? bar->sizeHint().height() : 0;
    m_view->setFixedHeight(m_view->horizontalHeader()->sizeHint().height() + std::min(rows, kRowsSeen) * kRowHeight +
                           below + 2);
}

void MemoryCard::openModel(const std::string& modelId) {
    m_context.guide.open(QStringLiteral("models"), QString::fromStdString(modelId));
}

} // namespace mm::gui
