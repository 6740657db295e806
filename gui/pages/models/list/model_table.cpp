#include "gui/pages/models/list/model_table.h"

#include "gui/pages/models/say.h"
#include "gui/theme/theme.h"
#include "gui/widgets/cell_delegate.h"
#include "gui/widgets/figures.h"

#include <QBrush>
#include <QFont>
#include <QLocale>

#include <algorithm>

namespace mm::gui::models {
namespace {

QString memoryOf(std::int64_t bytes) {
    return bytes > 0 ? bytesText(bytes) : kNothing;
}

QString shown(const ModelRow& row, int column) {
    const QLocale locale;
    switch (column) {
    case Name:
        return row.name;
    case Task:
        return row.task;
    case State:
        return row.state;
    case Memory:
        return memoryOf(row.measuredBytes);
    case Predicted:
        return memoryOf(row.predictedBytes);
    case Running:
        return locale.toString(row.running);
    case Waiting:
        return locale.toString(row.waiting);
    case Batch:
        return row.batch > 0 ? numberText(row.batch) : kNothing;
    case Latency:
        return latencyText(row.p50, row.p95, row.p99);
    case Rate:
        return row.rate ? Say::tr("%1 /s").arg(numberText(*row.rate)) : kNothing;
    case Used:
        return row.used.isEmpty() ? kNothing : row.used;
    case UnloadsIn:
        return row.unloadsIn.isEmpty() ? kNothing : row.unloadsIn;
    default:
        return locale.toString(row.crashes);
    }
}

QVariant sortKey(const ModelRow& row, int column) {
    constexpr qint64 kNever = std::numeric_limits<qint64>::max();
    switch (column) {
    case State: // busy and ready change too often to jump about for it
        return static_cast<int>(row.condition == Condition::Busy ? Condition::Ready : row.condition);
    case Memory:
        return static_cast<qlonglong>(row.measuredBytes);
    case Predicted:
        return static_cast<qlonglong>(row.predictedBytes);
    case Running:
        return row.running;
    case Waiting:
        return row.waiting;
    case Batch:
        return row.batch;
    case Latency:
        return row.p50.value_or(-1);
    case Rate:
        return row.rate.value_or(-1);
    case Used:
        return static_cast<qlonglong>(-row.usedAt);
    case UnloadsIn:
        return static_cast<qlonglong>(row.unloadsAt == 0 ? kNever : row.unloadsAt);
    case Crashes:
        return row.crashes;
    default:
        return shown(row, column).toLower();
    }
}

QString tipOf(const ModelRow& row, int column) {
    switch (column) {
    case Name:
        return text(row.id) + QLatin1Char('@') + row.version +
               (row.tags.isEmpty() ? QString() : QLatin1Char('\n') + row.tags.join(QStringLiteral(", ")));
    case State:
        return row.detail;
    case Memory:
    case Predicted:
        return row.measuredBytes > 0 ? Say::tr("%1 measured, %2 predicted")
                                           .arg(bytesText(row.measuredBytes), bytesText(row.predictedBytes))
               : row.predictedBytes > 0 ? Say::tr("%1 would be needed").arg(bytesText(row.predictedBytes))
                                        : QString();
    case Rate:
        return row.rates.empty() ? QString() : Say::tr("Requests a second; the line: the last 15 minutes");
    default:
        return {};
    }
}

// The state as it is read out: with what stands beside it.
QString spoken(const ModelRow& row, int column) {
    const QString words = shown(row, column);
    return column == State && !row.detail.isEmpty() ? QString(words + QStringLiteral(", ") + row.detail) : words;
}

bool isNumber(int column) {
    return column >= Memory;
}

} // namespace

QString latencyText(const std::optional<double>& p50, const std::optional<double>& p95,
                    const std::optional<double>& p99) {
    if (!p50 && !p95 && !p99)
        return kNothing;
    constexpr double kManyMs = 9'999.5;
    const bool isSeconds = std::max({p50.value_or(0), p95.value_or(0), p99.value_or(0)}) >= kManyMs;
    const auto told = [&](const std::optional<double>& ms) {
        return ms ? numberText(isSeconds ? *ms / 1000 : *ms) : kNothing;
    };
    return (isSeconds ? Say::tr("%1 / %2 / %3 s") : Say::tr("%1 / %2 / %3 ms")).arg(told(p50), told(p95), told(p99));
}

Role roleOf(Condition condition) {
    switch (condition) {
    case Condition::Failed:
        return Role::Bad;
    case Condition::Waiting:
    case Condition::Leaving:
        return Role::Warning;
    case Condition::Loading:
    case Condition::Busy:
        return Role::Accent;
    case Condition::Ready:
        return Role::Good;
    case Condition::Unloaded:
        break;
    }
    return Role::Faint;
}

QVariant ModelTable::drawn(const ModelRow& row, int column, int role) const {
    const bool isLoading = row.percent.has_value();
    switch (column) {
    case Name:
        if (role == Qt::FontRole) {
            QFont font;
            font.setWeight(QFont::DemiBold);
            return font;
        }
        return {};
    case Task:
        return role == FramedRole ? QVariant(true) : QVariant();
    case State:
        if (role == DotRole)
            return m_theme.colour(roleOf(row.condition));
        if (role == ProgressRole && isLoading)
            return *row.percent;
        if (role == MutedRole && isLoading)
            return row.detail;
        if (role == Qt::ForegroundRole && row.condition == Condition::Failed)
            return QBrush(m_theme.colour(Role::Bad));
        return {};
    case Predicted:
        return role == Qt::ForegroundRole ? QVariant(QBrush(m_theme.colour(Role::Muted))) : QVariant();
    case Rate:
        if (role == SparkRole && row.rates.size() > 1)
            return QVariant::fromValue(QList<double>(row.rates.begin(), row.rates.end()));
        return role == SparkColourRole ? QVariant(m_theme.modelColour(row.id)) : QVariant();
    case Crashes:
        return role == Qt::ForegroundRole && row.crashes > 0 ? QVariant(QBrush(m_theme.colour(Role::Bad))) : QVariant();
    default:
        return {};
    }
}

void ModelTable::show(std::vector<ModelRow> rows) {
    int at = 0;
    auto coming = rows.begin();
    while (at < rowCount() || coming != rows.end()) {
        const auto place = static_cast<std::size_t>(at);
        if (coming == rows.end() || (at < rowCount() && m_rows[place].id < coming->id)) {
            beginRemoveRows({}, at, at);
            m_rows.erase(m_rows.begin() + at);
            endRemoveRows();
            continue;
        }
        if (at == rowCount() || coming->id < m_rows[place].id) {
            beginInsertRows({}, at, at);
            m_rows.insert(m_rows.begin() + at, std::move(*coming));
            endInsertRows();
        } else if (m_rows[place] != *coming) {
            m_rows[place] = std::move(*coming);
            Q_EMIT dataChanged(index(at, 0), index(at, kColumns - 1));
        }
        ++coming;
        ++at;
    }
}

const ModelRow* ModelTable::at(int row) const {
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int ModelTable::find(const std::string& id) const {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const ModelRow& row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int ModelTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ModelTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumns;
}

QVariant ModelTable::data(const QModelIndex& index, int role) const {
    const ModelRow* row = at(index.row());
    if (row == nullptr)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return shown(*row, index.column());
    case kSortRole:
        return sortKey(*row, index.column());
    case Qt::ToolTipRole:
        return tipOf(*row, index.column());
    case Qt::AccessibleTextRole:
        return spoken(*row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    default:
        return drawn(*row, index.column(), role);
    }
}

QVariant ModelTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    const QStringList titles{tr("Model"),     tr("Task"),       tr("State"),  tr("Memory"),          tr("Predicted"),
                             tr("Running"),   tr("Waiting"),    tr("Batch"),  tr("p50 / p95 / p99"), tr("Rate"),
                             tr("Last used"), tr("Unloads in"), tr("Crashes")};
    return titles.value(section);
}

ModelSort::ModelSort(QObject* parent) : QSortFilterProxyModel(parent) {
    setSortRole(ModelTable::kSortRole);
    setDynamicSortFilter(true);
}

void ModelSort::setWords(const QString& text) {
    m_words = text.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

const ModelTable& ModelSort::table() const {
    return *static_cast<const ModelTable*>(sourceModel());
}

bool ModelSort::filterAcceptsRow(int row, const QModelIndex&) const {
    const ModelRow* model = table().at(row);
    if (model == nullptr)
        return false;
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString& word) {
        return text(model->id).contains(word, Qt::CaseInsensitive) || model->task.contains(word, Qt::CaseInsensitive) ||
               model->state.contains(word, Qt::CaseInsensitive) ||
               !model->tags.filter(word, Qt::CaseInsensitive).isEmpty();
    });
}

bool ModelSort::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const QVariant one = left.data(ModelTable::kSortRole);
    const QVariant other = right.data(ModelTable::kSortRole);
    const QPartialOrdering order = QVariant::compare(one, other);
    if (order != QPartialOrdering::Equivalent)
        return order == QPartialOrdering::Less;
    // The same whichever way it is sorted, so that equals stay where they are.
    const bool isByName = left.row() < right.row();
    return sortOrder() == Qt::AscendingOrder ? isByName : !isByName;
}

} // namespace mm::gui::models
