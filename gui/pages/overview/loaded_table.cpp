#include "gui/pages/overview/loaded_table.h"

#include "gui/theme/theme.h"
#include "gui/widgets/cell_delegate.h"
#include "gui/widgets/time_text.h"

#include <QLocale>

#include <algorithm>

namespace mm::gui {
namespace {

Role roleOf(LoadedState state) {
    switch (state) {
    case LoadedState::Busy:
        return Role::Accent;
    case LoadedState::Unhealthy:
        return Role::Bad;
    case LoadedState::Ending:
    case LoadedState::Loading:
        return Role::Faint;
    case LoadedState::Ready:
        break;
    }
    return Role::Good;
}

QString ordinal(int number) {
    const QString first[] = {LoadedTable::tr("1st"), LoadedTable::tr("2nd"), LoadedTable::tr("3rd")};
    return number <= 3 ? first[number - 1] : LoadedTable::tr("%1th").arg(number);
}

bool isNumber(int column) {
    return column == LoadedTable::Predicted || column == LoadedTable::Measured || column == LoadedTable::LastUsed;
}

} // namespace

LoadedTable::LoadedTable(Theme& theme, QObject* parent) : QAbstractTableModel(parent), m_theme(theme) {
    connect(&theme, &Theme::changed, this, [this] {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1));
    });
}

void LoadedTable::show(LoadedRows rows, std::int64_t nowMs, const QString& policy) {
    m_nowMs = nowMs;
    m_policy = policy;
    for (int i = rowCount() - 1; i >= 0; --i)
        if (std::none_of(rows.begin(), rows.end(), [&](const LoadedRow& row) { return row.key() == at(i).key(); })) {
            beginRemoveRows({}, i, i);
            m_rows.erase(m_rows.begin() + i);
            endRemoveRows();
        }
    for (std::size_t i = 0; i < rows.size(); ++i) { // both are in the order of their keys
        if (i < m_rows.size() && m_rows[i].key() == rows[i].key()) {
            m_rows[i] = std::move(rows[i]);
            continue;
        }
        beginInsertRows({}, static_cast<int>(i), static_cast<int>(i));
        m_rows.insert(m_rows.begin() + static_cast<std::ptrdiff_t>(i), std::move(rows[i]));
        endInsertRows();
    }
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1));
}

int LoadedTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LoadedTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

bool LoadedTable::isAmbiguous(const LoadedRow& row) const {
    return std::count_if(m_rows.begin(), m_rows.end(),
                         [&](const LoadedRow& each) { return shortName(each.modelId) == shortName(row.modelId); }) > 1;
}

QString LoadedTable::text(const LoadedRow& row, int column) const {
    const QString nothing = kNothing;
    switch (column) {
    case State:
        return row.state == LoadedState::Loading
                   ? tr("%1 %2 %").arg(stateWord(row.state)).arg(static_cast<int>(row.percent))
                   : stateWord(row.state);
    case Predicted:
        return row.predictedBytes > 0 ? bytesText(row.predictedBytes) : nothing;
    case Measured:
        if (row.state == LoadedState::Loading)
            return tr("reserved");
        return row.measuredBytes > 0 ? bytesText(row.measuredBytes) : nothing;
    case Split:
        return row.state == LoadedState::Loading && row.waiting > 0
                   ? (row.waiting == 1 ? tr("1 request waits for it") : tr("%1 requests wait for it").arg(row.waiting))
                   : splitText(row.estimate);
    case LastUsed:
        if (row.inFlight > 0)
            return agoText(0);
        return row.lastUsedAt > 0 ? agoText(static_cast<double>(m_nowMs - row.lastUsedAt)) : nothing;
    default:
        return {};
    }
}

QVariant LoadedTable::ofName(const LoadedRow& row, int role) const {
    switch (role) {
    case SwatchRole:
        return m_theme.modelColour(row.modelId);
    case LeadRole:
        return isAmbiguous(row) ? QString::fromStdString(row.key()) : shortName(row.modelId);
    case LeadColourRole:
        return m_theme.colour(Role::Text);
    case TagRole:
        return row.dtype;
    case Qt::ToolTipRole:
        return QString::fromStdString(row.key());
    case Qt::AccessibleTextRole:
        return QString(QString::fromStdString(row.key()) + QStringLiteral(", ") + row.dtype);
    default:
        return {};
    }
}

QVariant LoadedTable::ofState(const LoadedRow& row, int role) const {
    const bool isLoading = row.state == LoadedState::Loading;
    if (role == DotRole)
        return isLoading ? QVariant() : m_theme.colour(roleOf(row.state));
    if (role == ProgressRole)
        return isLoading ? QVariant(row.percent) : QVariant();
    if (role == MutedRole && isLoading)
        return row.stage;
    return {};
}

QVariant LoadedTable::ofFate(const LoadedRow& row, int role) const {
    switch (role) {
    case LeadRole:
        return row.fate.order > 0 ? QVariant(ordinal(row.fate.order)) : QVariant();
    case LeadColourRole:
        return m_theme.colour(row.fate.order == 1 ? Role::Warning : Role::Muted);
    case MutedRole:
        return row.fate.sentence.isEmpty() ? QString(kNothing) : row.fate.sentence;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return row.fate.order > 0 ? tr("number %1: %2").arg(row.fate.order).arg(row.fate.sentence) : row.fate.sentence;
    default:
        return {};
    }
}

QVariant LoadedTable::data(const QModelIndex& index, int role) const {
    const LoadedRow& row = at(index.row());
    if (role == Qt::DisplayRole)
        return text(row, index.column());
    if (role == Qt::TextAlignmentRole)
        return QVariant((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ForegroundRole && (index.column() == Split || text(row, index.column()) == tr("reserved")))
        return QBrush(m_theme.colour(Role::Muted));
    switch (index.column()) {
    case Name:
        return ofName(row, role);
    case State:
        return ofState(row, role);
    case WouldGo:
        return ofFate(row, role);
    default:
        return {};
    }
}

QVariant LoadedTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == WouldGo && !m_policy.isEmpty())
        return tr("If a request needed the room now: by the engine's policy “%1”.").arg(m_policy);
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[] = {
        tr("Model"),     tr("State"),        tr("Predicted"), tr("Measured"), tr("Weights · activations · run time"),
        tr("Last used"), tr("Would go next")};
    return section < Columns ? titles[section] : QString();
}

} // namespace mm::gui
