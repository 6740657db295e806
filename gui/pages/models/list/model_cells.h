// ModelCells: what text alone cannot show in the table: a dot before the state, the progress of a load, a frame about
// the task, a line for the rate of the last minutes. GUI thread.
#pragma once

#include "gui/pages/models/list/model_row.h"

#include <QColor>
#include <QStyledItemDelegate>

namespace mm::gui {
class Theme;
enum class Role;
} // namespace mm::gui

namespace mm::gui::models {

Role roleOf(Condition condition);

class ModelCells : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit ModelCells(Theme& theme, QObject* parent = nullptr) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintTag(QPainter& painter, const QRect& cell, const QString& text) const;
    void paintState(QPainter& painter, const QRect& cell, const ModelRow& row) const;
    void paintRate(QPainter& painter, const QRect& cell, const ModelRow& row, const QString& text) const;

    Theme& m_theme;
};

} // namespace mm::gui::models
