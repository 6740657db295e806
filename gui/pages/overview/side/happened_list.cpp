#include "gui/pages/overview/side/happened_list.h"

#include "gui/pages/overview/side/happenings.h"
#include "gui/shell/page.h"

#include <QApplication>
#include <QDateTime>
#include <QPainter>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr std::size_t kSeen = 100;
constexpr int kTimeWidth = 70;
constexpr int kPad = 7;

class LineDelegate final : public QStyledItemDelegate {
public:
    LineDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const auto* list = qobject_cast<const QAbstractItemView*>(option.widget);
        const int width = (list != nullptr ? list->viewport()->width() : option.rect.width()) - kTimeWidth;
        const QRect text =
            option.fontMetrics.boundingRect(QRect(0, 0, width, 1'000), Qt::TextWordWrap, index.data().toString());
        return {width, text.height() + 2 * kPad};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        painter->save();
        painter->setFont(option.font);
        if ((option.state & QStyle::State_Selected) != 0)
            painter->fillRect(option.rect, m_theme.colour(Role::Hover));
        painter->setPen(m_theme.colour(Role::Line));
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        const QRect inside = option.rect.adjusted(0, kPad, 0, -kPad);
        painter->setPen(m_theme.colour(Role::Muted));
        painter->drawText(inside, Qt::AlignLeft | Qt::AlignTop, index.data(HappenedModel::TimeRole).toString());
        painter->setPen(index.data(Qt::ForegroundRole).value<QBrush>().color());
        painter->drawText(inside.adjusted(kTimeWidth, 0, 0, 0), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                          index.data().toString());
        painter->restore();
    }

private:
    Theme& m_theme;
};

// Calm: only what is broken or wanting has a colour of its own.
Role inkOf(Happening::Kind kind) {
    return kind == Happening::Kind::Crash || kind == Happening::Kind::Refusal ? roleOf(kind) : Role::Text;
}

} // namespace

HappenedModel::HappenedModel(Theme& theme, const Happenings& happenings, QObject* parent)
    : QAbstractListModel(parent), m_theme(theme), m_happenings(happenings) {
    connect(&happenings, &Happenings::changed, this, &HappenedModel::follow);
    follow();
}

void HappenedModel::follow() {
    const auto& all = m_happenings.all();
    const auto newest = m_rows.empty() ? 0 : m_rows.front().id;
    const auto known = std::find_if(all.begin(), all.end(), [&](const Happening& each) { return each.id == newest; });
    const auto fresh = known - all.begin();
    if (known == all.end() || fresh > static_cast<std::ptrdiff_t>(kSeen) ||
        (m_rows.size() < kSeen && m_rows.size() + static_cast<std::size_t>(fresh) < std::min(kSeen, all.size()))) {
        beginResetModel(); // another engine, or older ones came after newer ones
        m_rows.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(kSeen, all.size())));
        return endResetModel();
    }
    if (fresh > 0) {
        beginInsertRows({}, 0, static_cast<int>(fresh) - 1);
        m_rows.insert(m_rows.begin(), all.begin(), known);
        endInsertRows();
    }
    if (m_rows.size() > kSeen) {
        beginRemoveRows({}, kSeen, rowCount() - 1);
        m_rows.resize(kSeen);
        endRemoveRows();
    }
}

int HappenedModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant HappenedModel::data(const QModelIndex& index, int role) const {
    const Happening& row = at(index.row());
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(row.atMs);
    switch (role) {
    case Qt::DisplayRole:
        return row.text;
    case TimeRole:
        return time.date() == QDate::currentDate() ? time.toString(QStringLiteral("HH:mm:ss"))
                                                   : QLocale().toString(time, QStringLiteral("ddd HH:mm"));
    case Qt::ToolTipRole:
        return QLocale().toString(time, QLocale::LongFormat);
    case Qt::ForegroundRole:
        return QBrush(m_theme.colour(inkOf(row.kind)));
    default:
        return {};
    }
}

HappenedList::HappenedList(const PageContext& context, const Happenings& happenings, QWidget* parent)
    : QListView(parent) {
    auto* rows = new HappenedModel(context.theme, happenings, this);
    setObjectName(QStringLiteral("happened"));
    setAccessibleName(tr("Just happened"));
    setItemDelegate(new LineDelegate(context.theme, this));
    setModel(rows);
    setWordWrap(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    connect(this, &QListView::activated, this, [&context, rows](const QModelIndex& index) {
        const std::string id = rows->at(index.row()).modelId;
        if (!id.empty())
            context.guide.open(QStringLiteral("models"), QString::fromStdString(id.substr(0, id.find('@'))));
    });
}

void HappenedList::resizeEvent(QResizeEvent* event) {
    QListView::resizeEvent(event);
    scheduleDelayedItemsLayout(); // the heights follow the width
}

} // namespace mm::gui
