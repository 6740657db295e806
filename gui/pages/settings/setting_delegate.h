// SettingDelegate: paints a setting's two lines, and edits its value with what fits it: a number with its unit, a
// choice, or text. GUI thread.
#pragma once

#include <QStyledItemDelegate>

namespace mm::gui {

class Theme;

class SettingDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit SettingDelegate(Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;
    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override;
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const override;

private:
    Theme& m_theme;
};

} // namespace mm::gui
