// RecordsView: a table of records with what is above it: search (Ctrl+F), topic, pause, saving. New records come in
// batches; the view stays at the end as long as it is there. GUI thread.
#pragma once

#include "gui/pages/activity/record_filter.h"
#include "gui/pages/activity/record_table.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QTableView;
class QToolButton;

namespace mm::gui {

struct PageContext;

class RecordsView : public QWidget {
    Q_OBJECT

public:
    // `name`: of the table, for people and, in the form of an object's name, for tests and files.
    // `hidden`: columns that are not shown at first.
    RecordsView(const PageContext& context, const QString& name, const QString& objectName,
                std::initializer_list<RecordTable::Column> hidden = {}, QWidget* parent = nullptr);

    // Topics to choose from; none: there is no choice.
    void setTopics(const QStringList& topics);
    // Above the table, before pause and save.
    void addControl(QWidget* control);
    void setNote(const QString& sentence, bool isBad = false);

    // Shown soon, unless it is paused.
    void add(std::vector<Record> records);
    void addOlder(std::vector<Record> records) { m_table->prepend(std::move(records)); }
    void clear();
    void search(const QString& text);

Q_SIGNALS:
    void pausedChanged(bool isPaused);

private:
    QWidget* makeBar(const QString& name);
    QTableView* makeTable(const QString& name, const QString& objectName);
    QToolButton* addTool(const char* icon, const QString& name);
    void makeKeys();
    void flush();
    void filter();
    void count();
    void openRow(const QModelIndex& index);
    void save();
    void write(const QString& path);
    void copy();

    const PageContext& m_context;
    RecordTable* m_table = nullptr;
    RecordFilter* m_filter = nullptr;
    QTableView* m_view = nullptr;
    QHBoxLayout* m_bar = nullptr;
    QLineEdit* m_search = nullptr;
    QComboBox* m_topic = nullptr;
    QToolButton* m_pause = nullptr;
    QLabel* m_count = nullptr;
    QLabel* m_note = nullptr;
    QTimer m_soon;
    QTimer m_filterSoon;
    std::vector<Record> m_arrived;
    QString m_fileName;
};

} // namespace mm::gui
