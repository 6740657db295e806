#include "gui/pages/settings/setting_delegate.h"

#include "gui/pages/settings/setting_text.h"
#include "gui/pages/settings/setting_tree.h"
#include "gui/theme/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QPainter>
#include <QSpinBox>
#include <QTreeView>

#include <limits>

namespace mm::gui {
namespace {

constexpr int kSide = 6;
constexpr int kAbove = 6;
constexpr int kGroupHeight = 34;
constexpr int kLeastWidth = 120;
constexpr auto kWrapped = Qt::TextWordWrap | Qt::AlignLeft | Qt::AlignTop;

const modelmora::v1::Setting* settingOf(const QModelIndex& index) {
    return static_cast<const modelmora::v1::Setting*>(index.data(SettingTree::SettingRole).value<const void*>());
}

bool isNumber(const modelmora::v1::Setting& setting) {
    return setting.type() == "number" || setting.type() == "seconds" || setting.type() == "mebibytes";
}

} // namespace

SettingDelegate::SettingDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

void SettingDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem cell(option);
    initStyleOption(&cell, index);
    const QString words = cell.text;
    cell.text.clear();
    const QStyle* style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    painter->save();
    const bool isGroup = settingOf(index) == nullptr;
    const QRect room = option.rect.adjusted(kSide, isGroup ? 0 : kAbove, -kSide, 0);
    QFont font = cell.font;
    font.setWeight(isGroup || index.column() == SettingTree::Name ? QFont::DemiBold : QFont::Normal);
    const QFontMetrics metrics(font);
    painter->setFont(font);
    const bool isBad = index.data(SettingTree::IsBadRole).toBool();
    const bool isFixed = !isGroup && index.column() == SettingTree::Value && !settingOf(index)->fixed().empty();
    painter->setPen(m_theme.colour(isBad                                                          ? Role::Bad
                                   : isFixed || (!isGroup && index.column() > SettingTree::Value) ? Role::Muted
                                                                                                  : Role::Text));
    painter->drawText(isGroup ? room : QRect(room.topLeft(), QSize(room.width(), metrics.height())),
                      int(Qt::AlignLeft | Qt::AlignVCenter), metrics.elidedText(words, Qt::ElideMiddle, room.width()));
    if (const QString second = index.data(SettingTree::SecondRole).toString(); !second.isEmpty()) {
        const bool isWaiting = index.column() == SettingTree::Value;
        painter->setFont(cell.font);
        painter->setPen(m_theme.colour(isBad ? Role::Bad : isWaiting ? Role::Warning : Role::Muted));
        painter->drawText(room.adjusted(0, metrics.height() + 2, 0, 0), int(kWrapped), second);
    }
    painter->restore();
}

QSize SettingDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    if (!settingOf(index))
        return {kLeastWidth, kGroupHeight};
    const QFontMetrics metrics(option.font);
    const auto* view = qobject_cast<const QTreeView*>(option.widget);
    const int indent = index.column() == SettingTree::Name && view ? view->indentation() : 0;
    const int width = (view ? view->columnWidth(index.column()) : kLeastWidth) - 2 * kSide - indent;
    const QString second = index.data(SettingTree::SecondRole).toString();
    const int lines = second.isEmpty() ? 0
                                       : metrics
                                             .boundingRect(0, 0, std::max(width, kLeastWidth),
                                                           std::numeric_limits<int>::max() / 2, int(kWrapped), second)
                                             .height();
    return {kLeastWidth, 2 * kAbove + metrics.height() + 2 + std::max(lines, metrics.height())};
}

QWidget* SettingDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const {
    const modelmora::v1::Setting* setting = settingOf(index);
    if (!setting)
        return nullptr;
    QWidget* editor = nullptr;
    if (!setting->choices().empty()) {
        auto* choice = new QComboBox(parent);
        for (const std::string& text : setting->choices())
            choice->addItem(QString::fromStdString(text));
        connect(choice, &QComboBox::activated, this, [this, choice] {
            auto* self = const_cast<SettingDelegate*>(this);
            Q_EMIT self->commitData(choice);
            Q_EMIT self->closeEditor(choice);
        });
        editor = choice;
    } else if (isNumber(*setting)) {
        auto* number = new QSpinBox(parent); // the engine says what is too much
        number->setRange(std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
        number->setSuffix(unitOf(*setting));
        number->setToolTip(tr("from %1 to %2").arg(setting->minimum()).arg(setting->maximum()));
        editor = number;
    } else {
        editor = new QLineEdit(parent);
    }
    editor->setObjectName(QStringLiteral("setting-editor"));
    editor->setAccessibleName(QString::fromStdString(setting->name()));
    editor->setAutoFillBackground(true);
    return editor;
}

// Once: what others change meanwhile does not take away what is being entered.
void SettingDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
    if (editor->property("begun").toBool())
        return;
    editor->setProperty("begun", true);
    const QString text = index.data(Qt::EditRole).toString();
    if (auto* choice = qobject_cast<QComboBox*>(editor))
        choice->setCurrentText(text);
    else if (auto* number = qobject_cast<QSpinBox*>(editor))
        number->setValue(text.toInt());
    else if (auto* line = qobject_cast<QLineEdit*>(editor))
        line->setText(text);
}

void SettingDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const {
    QString text;
    if (auto* choice = qobject_cast<QComboBox*>(editor)) {
        text = choice->currentText();
    } else if (auto* number = qobject_cast<QSpinBox*>(editor)) {
        number->interpretText();
        text = QString::number(number->value());
    } else if (auto* line = qobject_cast<QLineEdit*>(editor)) {
        text = line->text();
    }
    model->setData(index, text, Qt::EditRole);
}

void SettingDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                           const QModelIndex&) const {
    const int height = editor->sizeHint().height();
    editor->setGeometry(QRect(option.rect.left(), option.rect.top() + 2, option.rect.width(), height));
}

} // namespace mm::gui
