#include "gui/pages/activity/record_table.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <iterator>

namespace mm::gui {

QString cellOf(const Record& record, int column) {
    switch (column) {
    case RecordTable::Time: {
        if (record.atMs == 0)
            return {};
        const QDateTime at = QDateTime::fromMSecsSinceEpoch(record.atMs);
        const bool isToday = at.date() == QDate::currentDate();
        return at.toString(isToday ? QStringLiteral("HH:mm:ss.zzz") : QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    }
    case RecordTable::What:
        return record.what;
    case RecordTable::About:
        return record.about;
    case RecordTable::Who:
        return record.who;
    default:
        return record.text;
    }
}

RecordTable::RecordTable(Theme& theme, QObject* parent) : QAbstractTableModel(parent), m_theme(theme) {
    connect(&theme, &Theme::changed, this, [this] {
        if (!m_records.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1), {Qt::ForegroundRole});
    });
}

void RecordTable::append(std::vector<Record> records) {
    if (records.size() > kMost)
        records.erase(records.begin(), records.end() - kMost);
    if (records.empty())
        return;
    const auto count = static_cast<int>(records.size());
    forget(rowCount() + count - kMost);
    beginInsertRows({}, rowCount(), rowCount() + count - 1);
    std::move(records.begin(), records.end(), std::back_inserter(m_records));
    endInsertRows();
}

void RecordTable::prepend(std::vector<Record> records) {
    const int room = kMost - rowCount();
    if (static_cast<int>(records.size()) > room)
        records.erase(records.begin(), records.end() - room);
    if (records.empty())
        return;
    beginInsertRows({}, 0, static_cast<int>(records.size()) - 1);
    m_records.insert(m_records.begin(), std::move_iterator(records.begin()), std::move_iterator(records.end()));
    endInsertRows();
}

void RecordTable::clear() {
    beginResetModel();
    m_records.clear();
    endResetModel();
}

void RecordTable::forget(int count) {
    if (count <= 0)
        return;
    beginRemoveRows({}, 0, count - 1);
    m_records.erase(m_records.begin(), m_records.begin() + count);
    endRemoveRows();
}

int RecordTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

int RecordTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

QVariant RecordTable::data(const QModelIndex& index, int role) const {
    const Record& record = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return cellOf(record, index.column());
    case Qt::ToolTipRole:
        return index.column() == Time && record.atMs != 0
                   ? QLocale().toString(QDateTime::fromMSecsSinceEpoch(record.atMs), QLocale::LongFormat)
                   : cellOf(record, index.column());
    case Qt::ForegroundRole:
        return QBrush(m_theme.colour(index.column() == Time || index.column() == Who ? Role::Muted : record.ink));
    default:
        return {};
    }
}

QVariant RecordTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section >= Columns)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    const QString titles[] = {tr("Time"), tr("What"), tr("About"), tr("Who"), tr("Message")};
    return role == Qt::DisplayRole ? QVariant(titles[section]) : QVariant();
}

} // namespace mm::gui
