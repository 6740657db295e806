#include "gui/pages/queue/queue_model.h"

#include "gui/theme/theme.h"
#include "gui/widgets/time_text.h"

#include <QLocale>
#include <QMimeData>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace mm::gui {
namespace {

const QString kMime = QStringLiteral("application/x-modelmora-requests");

// The stable order of rows that puts row i at places[i].
std::vector<int> orderBy(const std::vector<int>& places) {
    std::vector<int> order(places.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int one, int other) {
        return places[static_cast<std::size_t>(one)] < places[static_cast<std::size_t>(other)];
    });
    return order;
}

// Each removal makes a view lay itself out again; from so many on it is cheaper to bring those that go together first.
constexpr int kFewRuns = 8;

// Whether those that stay are in order among themselves, and those that go (at `gone`) lie together in few places.
bool canGoWhereTheyAre(const std::vector<int>& places, int gone) {
    int last = -1;
    int runs = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i] == gone) {
            runs += i == 0 || places[i - 1] != gone ? 1 : 0;
            continue;
        }
        if (places[i] < last)
            return false;
        last = places[i];
    }
    return runs <= kFewRuns;
}

bool isRight(int column) {
    return column == QueueModel::Number || column == QueueModel::Waited || column == QueueModel::Starts ||
           column == QueueModel::Deadline;
}

} // namespace

QueueModel::QueueModel(Theme& theme, QObject* parent) : QAbstractItemModel(parent), m_theme(theme) {}

void QueueModel::update(std::vector<v1::QueueEntry> entries, double now) {
    m_now = now;
    std::array<std::vector<v1::QueueEntry>, kLanes> next;
    for (v1::QueueEntry& entry : entries)
        next[static_cast<std::size_t>(laneOf(entry.priority()))].push_back(std::move(entry));
    for (int lane = 0; lane < kLanes; ++lane)
        updateLane(lane, std::move(next[static_cast<std::size_t>(lane)]));
    Q_EMIT dataChanged(laneIndex(Lane::Critical), laneIndex(Lane::Low));
}

void QueueModel::updateLane(int lane, std::vector<v1::QueueEntry> next) {
    auto& rows = m_lanes[static_cast<std::size_t>(lane)];
    const QModelIndex parent = index(lane, 0);
    std::unordered_map<std::string_view, int> placeOf;
    placeOf.reserve(next.size());
    for (const v1::QueueEntry& entry : next)
        placeOf.emplace(entry.request_id(), static_cast<int>(placeOf.size()));

    // First those that have gone; then the new ones, together at the end; then all in order.
    const int gone = static_cast<int>(next.size());
    std::vector<bool> isKnown(next.size(), false);
    std::vector<int> places;
    places.reserve(rows.size());
    for (const v1::QueueEntry& row : rows) {
        const auto found = placeOf.find(row.request_id());
        places.push_back(found == placeOf.end() ? gone : found->second);
        if (found != placeOf.end())
            isKnown[static_cast<std::size_t>(found->second)] = true;
    }
    if (!canGoWhereTheyAre(places, gone)) {
        reorder(lane, orderBy(places));
        std::sort(places.begin(), places.end());
    }
    removeRows(lane, places, gone);
    const auto fresh = static_cast<int>(std::count(isKnown.begin(), isKnown.end(), false));
    if (fresh > 0) {
        beginInsertRows(parent, static_cast<int>(rows.size()), static_cast<int>(rows.size()) + fresh - 1);
        for (std::size_t place = 0; place < next.size(); ++place)
            if (!isKnown[place]) {
                rows.push_back(next[place]);
                places.push_back(static_cast<int>(place));
            }
        endInsertRows();
        reorder(lane, orderBy(places));
    }
    rows = std::move(next);
    if (!rows.empty())
        Q_EMIT dataChanged(index(0, 0, parent), index(static_cast<int>(rows.size()) - 1, kColumns - 1, parent));
}

void QueueModel::removeRows(int lane, std::vector<int>& places, int gone) {
    auto& rows = m_lanes[static_cast<std::size_t>(lane)];
    for (auto end = std::ssize(places); end > 0;) {
        if (places[static_cast<std::size_t>(end - 1)] != gone) {
            --end;
            continue;
        }
        auto first = end - 1;
        while (first > 0 && places[static_cast<std::size_t>(first - 1)] == gone)
            --first;
        beginRemoveRows(index(lane, 0), static_cast<int>(first), static_cast<int>(end) - 1);
        rows.erase(rows.begin() + first, rows.begin() + end);
        places.erase(places.begin() + first, places.begin() + end);
        endRemoveRows();
        end = first;
    }
}

void QueueModel::reorder(int lane, const std::vector<int>& order) {
    if (std::is_sorted(order.begin(), order.end()))
        return;
    const QModelIndex parent = index(lane, 0);
    Q_EMIT layoutAboutToBeChanged({parent}, VerticalSortHint);
    auto& rows = m_lanes[static_cast<std::size_t>(lane)];
    std::vector<v1::QueueEntry> sorted(rows.size());
    std::vector<int> movedTo(rows.size());
    for (std::size_t place = 0; place < order.size(); ++place) {
        const auto from = static_cast<std::size_t>(order[place]);
        sorted[place] = std::move(rows[from]);
        movedTo[from] = static_cast<int>(place);
    }
    rows = std::move(sorted);
    const QModelIndexList held = persistentIndexList();
    QModelIndexList before;
    QModelIndexList after;
    for (const QModelIndex& each : held)
        if (each.internalId() == parent.row() + 1U && each.row() < static_cast<int>(movedTo.size())) {
            before.push_back(each);
            after.push_back(
                createIndex(movedTo[static_cast<std::size_t>(each.row())], each.column(), each.internalId()));
        }
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({parent}, VerticalSortHint);
}

void QueueModel::setNow(double now, const std::array<RowRange, kLanes>& seen) {
    m_now = now;
    for (int lane = 0; lane < kLanes; ++lane) {
        const QModelIndex parent = index(lane, 0);
        const RowRange rows = seen[static_cast<std::size_t>(lane)];
        const int last = std::min(rows.last, rowCount(parent) - 1);
        if (rows.first <= last)
            Q_EMIT dataChanged(index(rows.first, Waited, parent), index(last, Deadline, parent), {Qt::DisplayRole});
    }
}

void QueueModel::setTotals(const std::array<int, kLanes>& totals) {
    if (totals == m_totals)
        return;
    m_totals = totals;
    Q_EMIT dataChanged(laneIndex(Lane::Critical), laneIndex(Lane::Low));
}

int QueueModel::totalOf(Lane lane) const {
    return std::max(countOf(lane), m_totals[static_cast<std::size_t>(lane)]);
}

QModelIndex QueueModel::laneIndex(Lane lane) const {
    return index(static_cast<int>(lane), 0);
}

int QueueModel::countOf(Lane lane) const {
    return static_cast<int>(entriesOf(lane).size());
}

const std::vector<v1::QueueEntry>& QueueModel::entriesOf(Lane lane) const {
    return m_lanes[static_cast<std::size_t>(lane)];
}

const v1::QueueEntry* QueueModel::entryAt(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() == 0)
        return nullptr;
    const auto& rows = m_lanes[index.internalId() - 1];
    return index.row() < static_cast<int>(rows.size()) ? &rows[static_cast<std::size_t>(index.row())] : nullptr;
}

QModelIndex QueueModel::indexOf(const std::string& requestId) const {
    for (int lane = 0; lane < kLanes; ++lane) {
        const auto& rows = m_lanes[static_cast<std::size_t>(lane)];
        const auto found =
            std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.request_id() == requestId; });
        if (found != rows.end())
            return index(static_cast<int>(found - rows.begin()), 0, index(lane, 0));
    }
    return {};
}

QModelIndex QueueModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || column < 0 || column >= kColumns || row >= rowCount(parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : 0);
}

QModelIndex QueueModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == 0)
        return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr{0});
}

int QueueModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid())
        return kLanes;
    if (parent.internalId() != 0 || parent.column() != 0)
        return 0;
    return static_cast<int>(m_lanes[static_cast<std::size_t>(parent.row())].size());
}

int QueueModel::columnCount(const QModelIndex&) const {
    return kColumns;
}

QVariant QueueModel::textOf(const v1::QueueEntry& entry, int column) const {
    switch (column) {
    case Number:
        return positionText(entry);
    case Client:
        return QString::fromStdString(entry.client());
    case Model:
        return shortName(entry.model_id());
    case Waited:
        return waitedText(entry, m_now);
    case Starts:
        return startsText(entry, m_now);
    case Deadline:
        return deadlineText(entry, m_now);
    case Because:
        return becauseText(entry);
    default:
        return {};
    }
}

QVariant QueueModel::laneData(Lane lane, int column, int role) const {
    if (role == Qt::AccessibleTextRole && column == 0)
        return tr("%1, %n request(s)", nullptr, totalOf(lane)).arg(laneName(lane));
    if (role == Qt::DisplayRole && column == 0)
        return laneName(lane);
    return {};
}

QVariant QueueModel::data(const QModelIndex& index, int role) const {
    const v1::QueueEntry* entry = entryAt(index);
    if (entry == nullptr)
        return laneData(static_cast<Lane>(index.row()), index.column(), role);
    switch (role) {
    case Qt::DisplayRole:
        return textOf(*entry, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (isRight(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ToolTipRole:
        if (index.column() == Model)
            return QString::fromStdString(entry->model_id());
        return index.column() == Because ? becauseText(*entry) : QString();
    case Qt::ForegroundRole:
        return index.column() == Because ? QVariant(m_theme.colour(Role::Muted)) : QVariant();
    case Qt::DecorationRole:
        return index.column() == Menu ? QVariant(m_theme.icon(QStringLiteral("dots-vertical"))) : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == Menu ? QVariant(tr("Actions")) : textOf(*entry, index.column());
    default:
        return {};
    }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (isRight(section) ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number:
        return QStringLiteral("#");
    case Client:
        return tr("Client");
    case Model:
        return tr("Model");
    case Waited:
        return tr("Waited");
    case Starts:
        return tr("Starts in");
    case Deadline:
        return tr("Deadline");
    case Because:
        return tr("Waits because");
    default:
        return QString();
    }
}

Qt::ItemFlags QueueModel::flags(const QModelIndex& index) const {
    const v1::QueueEntry* entry = entryAt(index);
    if (entry == nullptr)
        return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsDropEnabled : Qt::ItemIsDropEnabled;
    const Qt::ItemFlags flags =
        Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren | Qt::ItemIsDropEnabled;
    return isWaiting(*entry) ? flags | Qt::ItemIsDragEnabled : flags;
}

QStringList QueueModel::mimeTypes() const {
    return {kMime};
}

QMimeData* QueueModel::mimeData(const QModelIndexList& indexes) const {
    QStringList ids;
    for (const QModelIndex& index : indexes)
        if (const auto* entry = entryAt(index); entry != nullptr && index.column() == 0)
            ids << QString::fromStdString(entry->request_id());
    auto* data = new QMimeData;
    data->setData(kMime, ids.join(QLatin1Char('\n')).toUtf8());
    return data;
}

bool QueueModel::dropMimeData(const QMimeData* data, Qt::DropAction, int, int, const QModelIndex& parent) {
    if (!data->hasFormat(kMime) || !parent.isValid())
        return false;
    const auto lane = static_cast<Lane>(parent.internalId() == 0 ? parent.row() : parent.internalId() - 1);
    Q_EMIT dropped(QString::fromUtf8(data->data(kMime)).split(QLatin1Char('\n')), lane);
    return false; // nothing to remove here
}

} // namespace mm::gui
