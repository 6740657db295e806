// CellDelegate: table cells that say more than text: a model's swatch, a state's dot, progress, a tag, a word in front,
// a line of values. Whoever writes an item model answers the roles that it needs; all others are as usual. GUI thread.
#pragma once

#include <QStyledItemDelegate>

namespace mm::gui {

class Theme;

// In the order in which they stand before and behind the text (Qt::DisplayRole).
enum CellRole {
    SwatchRole = Qt::UserRole + 100, // QColor
    DotRole,                         // QColor
    ProgressRole,                    // double, 0 to 100
    LeadRole,                        // QString, bold, before the text
    LeadColourRole,                  // QColor of it
    TagRole,                         // QString, in a frame behind the text
    MutedRole,                       // QString, behind all
    SparkRole,                       // QList<double>, a line of them left of a text that stands at the right
    FramedRole,                      // bool: the text itself stands in the frame
    SparkColourRole,                 // QColor of it
};

class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit CellDelegate(Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    Theme& m_theme;
};

} // namespace mm::gui
