#include "gui/pages/settings/key_rows.h"

#include "gui/widgets/figures.h"

#include <QDateTime>
#include <QLocale>
#include <QStringList>

#include <utility>

namespace mm::gui {
namespace {

QString dayOf(bool isSet, const google::protobuf::Timestamp& at) {
    return isSet ? QLocale().toString(QDateTime::fromSecsSinceEpoch(at.seconds()).date(), QLocale::ShortFormat)
                 : kNothing;
}

} // namespace

void KeyRows::show(std::vector<modelmora::v1::ApiKey> keys) {
    const bool isSameList = keys.size() == m_keys.size();
    if (!isSameList)
        beginResetModel();
    m_keys = std::move(keys);
    if (!isSameList)
        endResetModel();
    else if (!m_keys.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
}

const modelmora::v1::ApiKey* KeyRows::at(int row) const {
    return row < 0 || row >= rowCount() ? nullptr : &m_keys[static_cast<std::size_t>(row)];
}

int KeyRows::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_keys.size());
}

int KeyRows::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumns;
}

QVariant KeyRows::data(const QModelIndex& index, int role) const {
    if (role != Qt::DisplayRole)
        return {};
    const auto& key = m_keys.at(static_cast<std::size_t>(index.row()));
    switch (index.column()) {
    case Name:
        return QString::fromStdString(key.name());
    case Role:
        return QString::fromStdString(key.role());
    case Models: {
        QStringList models;
        for (const std::string& model : key.models())
            models << QString::fromStdString(model);
        return models.empty() ? tr("every model") : models.join(QStringLiteral(", "));
    }
    case Begins:
        return QString(QString::fromStdString(key.secret_begins()) + QStringLiteral("…"));
    case Created:
        return dayOf(key.has_created_at(), key.created_at());
    case Expires:
        return dayOf(key.has_expires_at(), key.expires_at());
    default:
        return QString::fromStdString(key.status());
    }
}

QVariant KeyRows::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    const QStringList names{tr("Key"),     tr("Role"),    tr("May use"), tr("Begins with"),
                            tr("Created"), tr("Expires"), tr("State")};
    return role == Qt::DisplayRole ? names.at(section) : QVariant();
}

} // namespace mm::gui
