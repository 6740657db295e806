// HappenedList: what has just happened, the newest first. GUI thread.
#pragma once

#include "gui/pages/overview/side/happening.h"

#include <QAbstractListModel>
#include <QListView>
#include <QStyledItemDelegate>

#include <vector>

namespace mm::gui {

class Happenings;
struct PageContext;

class HappenedModel : public QAbstractListModel {
    Q_OBJECT

public:
    HappenedModel(Theme& theme, const Happenings& happenings, QObject* parent = nullptr);

    [[nodiscard]] const Happening& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    static constexpr int TimeRole = Qt::UserRole;

private:
    void follow();

    Theme& m_theme;
    const Happenings& m_happenings;
    std::vector<Happening> m_rows;
};

class HappenedList : public QListView {
    Q_OBJECT

public:
    HappenedList(const PageContext& context, const Happenings& happenings, QWidget* parent = nullptr);

protected:
    void resizeEvent(QResizeEvent* event) override;
};

} // namespace mm::gui
