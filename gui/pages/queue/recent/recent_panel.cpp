#include "gui/pages/queue/recent/recent_panel.h"

#include "gui/pages/queue/lanes.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/table.h"
#include "gui/widgets/time_split_bar.h"
#include "gui/widgets/time_text.h"

#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QSpinBox>
#include <QStyledItemDelegate>
#include <QTableView>

#include <chrono>

namespace mm::gui {
namespace {

constexpr std::chrono::milliseconds kPollEvery(1000);
constexpr int kLimit = 100;
constexpr int kPatience = 5; // seconds
constexpr int kRowHeight = 28;
constexpr int kBar = 10;

enum Which { All, Failed, Slow };

bool isRight(int column) {
    return column == RecentModel::Total;
}

class BarDelegate : public QStyledItemDelegate {
public:
    BarDelegate(const RecentModel& model, const Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent), m_model(model), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        QStyledItemDelegate::paint(painter, option, index);
        if (const auto* entry = m_model.rowAt(index); entry != nullptr && entry->has_metadata())
            paintSplit(
                *painter,
                QRectF(option.rect.left() + 6, option.rect.center().y() - kBar / 2, option.rect.width() - 12, kBar),
                timeSplitOf(entry->metadata()), m_model.longest(), m_theme);
    }

private:
    const RecentModel& m_model;
    const Theme& m_theme;
};

} // namespace

RecentModel::RecentModel(Theme& theme, QObject* parent) : RowsModel(parent), m_theme(theme) {}

double RecentModel::longest() const {
    double longest = 0;
    for (const v1::QueueEntry& entry : rows())
        longest = std::max(longest, timeSplitOf(entry.metadata()).total);
    return longest;
}

int RecentModel::columnCount(const QModelIndex&) const {
    return kColumns;
}

QVariant RecentModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (isRight(section) ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    const std::array<QString, kColumns> names{RecentPanel::tr("Ended"), RecentPanel::tr("Client"),
                                              RecentPanel::tr("Model"), RecentPanel::tr("Where the time went"),
                                              RecentPanel::tr("Took"),  RecentPanel::tr("State")};
    return names.at(static_cast<std::size_t>(section));
}

QVariant RecentModel::data(const QModelIndex& index, int role) const {
    const v1::QueueEntry* entry = rowAt(index);
    if (entry == nullptr)
        return {};
    const bool hasFailed = entry->state() == v1::REQUEST_STATE_FAILED;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (isRight(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ForegroundRole && index.column() == State && hasFailed)
        return m_theme.colour(Role::Bad);
    if ((role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) && index.column() == Where)
        return splitText(timeSplitOf(entry->metadata()));
    if (role != Qt::DisplayRole && !(role == Qt::ToolTipRole && index.column() == State))
        return {};
    switch (index.column()) {
    case When: {
        const auto& at = entry->has_finished_at() ? entry->finished_at() : entry->received_at();
        return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(msOf(at))).toString(QStringLiteral("HH:mm:ss"));
    }
    case Client:
        return QString::fromStdString(entry->client());
    case Model:
        return shortName(entry->model_id());
    case Total:
        return entry->has_metadata() ? spanText(timeSplitOf(entry->metadata()).total) : kNothing;
    case State:
        return hasFailed ? QString::fromStdString(entry->error().message()) : stateText(*entry, 0);
    default:
        return {};
    }
}

RecentPanel::RecentPanel(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_context(context), m_model(context.theme) {
    makeTable();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(4, 8, 4, 0);
    column->setSpacing(6);
    column->addWidget(makeFilters());
    column->addWidget(m_table, 1);
    m_poll.setInterval(kPollEvery);
    connect(&m_poll, &QTimer::timeout, this, &RecentPanel::poll);
    connect(&m_context.link, &EngineLink::changed, this, [this] { m_isAsking = false; });
}

QWidget* RecentPanel::makeFilters() {
    auto* filters = new QWidget;
    m_which = new QComboBox;
    m_which->setObjectName(QStringLiteral("recentWhich"));
    m_which->setAccessibleName(tr("Which requests"));
    m_which->addItems({tr("All that have ended"), tr("Failed"), tr("Slow")});
    m_slower = new QSpinBox;
    m_slower->setRange(1, 600'000);
    m_slower->setValue(100);
    m_slower->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_slower->setPrefix(tr("over "));
    m_slower->setSuffix(tr(" ms"));
    m_slower->setAccessibleName(tr("Slower than"));
    m_slower->hide();
    m_says = new QLabel;
    setKind(*m_says, "muted");
    auto* row = new QHBoxLayout(filters);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_which);
    row->addWidget(m_slower);
    row->addWidget(m_says);
    row->addStretch(1);
    row->addWidget(new TimeLegend(m_context.theme));
    connect(m_which, &QComboBox::currentIndexChanged, this, [this](int which) {
        m_slower->setVisible(which == Slow);
        poll();
    });
    connect(m_slower, &QSpinBox::valueChanged, this, &RecentPanel::poll);
    return filters;
}

void RecentPanel::makeTable() {
    m_table = gui::makeTable(m_model, QStringLiteral("recent"), tr("Requests that have ended"), kRowHeight);
    m_table->setItemDelegateForColumn(RecentModel::Where, new BarDelegate(m_model, m_context.theme, this));
    setWidths(*m_table, {{RecentModel::When, 76},
                         {RecentModel::Client, 120},
                         {RecentModel::Model, 180},
                         {RecentModel::Total, 80},
                         {RecentModel::State, 260}});
    m_table->horizontalHeader()->setSectionResizeMode(RecentModel::Where, QHeaderView::Stretch);
    letColumnsBeChosen(*m_table, QStringLiteral("recent"));
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& row) {
        if (const auto* entry = m_model.rowAt(row); entry != nullptr && !m_isUpdating)
            Q_EMIT requestChosen(QString::fromStdString(entry->request_id()));
    });
}

void RecentPanel::setSeen(bool seen) {
    if (!seen)
        return m_poll.stop();
    m_poll.start();
    poll();
}

void RecentPanel::poll() {
    if (m_isAsking || m_context.link.state() != EngineLink::State::Connected)
        return;
    m_isAsking = true;
    v1::ListRequestsRequest request;
    request.set_limit(kLimit);
    if (m_which->currentIndex() == Failed)
        request.set_state(v1::REQUEST_STATE_FAILED);
    if (m_which->currentIndex() == Slow)
        request.set_slower_than_ms(m_slower->value());
    m_context.link.call(
        &ObservabilityCalls::ListRequests, request, this,
        [this](Result<v1::ListRequestsResponse> answer) {
            m_isAsking = false;
            if (!answer.ok())
                return m_says->setText(QString::fromStdString(answer.error().message));
            std::vector<v1::QueueEntry> ended;
            for (v1::QueueEntry& entry : *answer->mutable_requests())
                if (isOver(entry))
                    ended.push_back(std::move(entry));
            m_says->setText(ended.empty()        ? tr("There is none.")
                            : answer->has_more() ? tr("The newest %1").arg(ended.size())
                                                 : QString());
            m_isUpdating = true;
            m_model.update(std::move(ended));
            m_isUpdating = false;
        },
        kPatience);
}

} // namespace mm::gui
