#include "gui/pages/activity/records_view.h"

#include "gui/shell/page.h"
#include "gui/theme/kind.h"
#include "gui/widgets/cell_delegate.h"
#include "gui/widgets/table.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSaveFile>
#include <QScrollBar>
#include <QShortcut>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace mm::gui {
namespace {

constexpr int kBatch = 200;  // ms
constexpr int kTyping = 150; // ms
constexpr int kRowHeight = 26;
constexpr int kWidths[] = {104, 150, 220, 100};

QString lineOf(const Record& record) {
    QStringList cells;
    for (int column = 0; column < RecordTable::Columns; ++column)
        cells << cellOf(record, column);
    return cells.join(QLatin1Char('\t'));
}

} // namespace

RecordsView::RecordsView(const PageContext& context, const QString& name, const QString& objectName,
                         std::initializer_list<RecordTable::Column> hidden, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_table(new RecordTable(context.theme, this))
    , m_filter(new RecordFilter(this))
    , m_note(new QLabel)
    , m_fileName(objectName) {
    m_filter->setSourceModel(m_table);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 10, 0, 0);
    column->setSpacing(8);
    column->addWidget(makeBar(name));
    m_note->setVisible(false);
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    m_view = makeTable(name, objectName);
    for (const RecordTable::Column each : hidden)
        m_view->setColumnHidden(each, true);
    letColumnsBeChosen(*m_view, objectName);
    column->addWidget(m_view, 1);
    makeKeys();
    for (QTimer* timer : {&m_soon, &m_filterSoon})
        timer->setSingleShot(true);
    m_soon.setInterval(kBatch);
    m_filterSoon.setInterval(kTyping);
    connect(&m_soon, &QTimer::timeout, this, &RecordsView::flush);
    connect(&m_filterSoon, &QTimer::timeout, this, &RecordsView::filter);
    count();
}

QToolButton* RecordsView::addTool(const char* icon, const QString& name) {
    auto* button = new QToolButton;
    button->setIcon(m_context.theme.icon(QString::fromLatin1(icon)));
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::StrongFocus);
    m_bar->addWidget(button);
    return button;
}

QWidget* RecordsView::makeBar(const QString& name) {
    auto* all = new QWidget;
    m_bar = new QHBoxLayout(all);
    m_bar->setContentsMargins(0, 0, 0, 0);
    m_bar->setSpacing(8);
    m_search = new QLineEdit;
    m_search->setPlaceholderText(tr("Search (Ctrl+F)"));
    m_search->setAccessibleName(tr("Search in %1").arg(name));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(160);
    m_search->setMaximumWidth(280);
    m_topic = new QComboBox;
    m_topic->setAccessibleName(tr("Topic"));
    m_topic->addItem(tr("All topics"));
    m_topic->setVisible(false);
    m_count = new QLabel;
    setKind(*m_count, "faint");
    m_bar->addWidget(m_search, 2);
    m_bar->addWidget(m_topic);
    m_bar->addWidget(m_count, 1);
    m_pause = addTool("player-pause", tr("Pause"));
    m_pause->setCheckable(true);
    connect(addTool("file-export", tr("Save what is shown (Ctrl+S)")), &QToolButton::clicked, this, &RecordsView::save);
    connect(m_search, &QLineEdit::textChanged, this, [this] { m_filterSoon.start(); });
    connect(m_topic, &QComboBox::currentIndexChanged, this, &RecordsView::filter);
    connect(m_pause, &QToolButton::toggled, this, [this](bool isPaused) {
        m_pause->setToolTip(isPaused ? tr("Go on") : tr("Pause"));
        flush();
        Q_EMIT pausedChanged(isPaused);
    });
    return all;
}

QTableView* RecordsView::makeTable(const QString& name, const QString& objectName) {
    QTableView* view = gui::makeTable(*m_filter, objectName, name, kRowHeight);
    view->setItemDelegate(new CellDelegate(m_context.theme, view));
    view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->horizontalHeader()->setStretchLastSection(true);
    for (int i = 0; i < static_cast<int>(std::size(kWidths)); ++i)
        view->setColumnWidth(i, kWidths[i]);
    connect(view, &QTableView::activated, this, &RecordsView::openRow);
    return view;
}

void RecordsView::makeKeys() {
    const auto key = [this](const QKeySequence& keys, auto does) {
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, does);
    };
    key(QKeySequence::Find, [this] { m_search->setFocus(Qt::ShortcutFocusReason), m_search->selectAll(); });
    key(QKeySequence::Save, [this] { save(); });
    key(QKeySequence::Copy, [this] { copy(); });
    key(Qt::Key_Escape, [this] { m_search->clear(), m_view->setFocus(); });
}

void RecordsView::setTopics(const QStringList& topics) {
    m_topic->addItems(topics);
    m_topic->setVisible(!topics.isEmpty());
}

void RecordsView::addControl(QWidget* control) {
    m_bar->insertWidget(m_bar->count() - 2, control);
}

void RecordsView::setNote(const QString& sentence, bool isBad) {
    setKind(*m_note, isBad ? "bad" : "muted");
    m_note->setText(sentence);
    m_note->setVisible(!sentence.isEmpty());
}

void RecordsView::add(std::vector<Record> records) {
    std::move(records.begin(), records.end(), std::back_inserter(m_arrived));
    if (m_arrived.size() > static_cast<std::size_t>(2 * RecordTable::kMost)) // while it is paused
        m_arrived.erase(m_arrived.begin(), m_arrived.end() - RecordTable::kMost);
    if (!m_soon.isActive())
        m_soon.start();
}

void RecordsView::flush() {
    if (m_pause->isChecked())
        return count();
    const QScrollBar* bar = m_view->verticalScrollBar();
    const bool isAtEnd = bar->value() >= bar->maximum() - kRowHeight;
    m_table->append(std::exchange(m_arrived, {}));
    if (isAtEnd)
        m_view->scrollToBottom();
    count();
}

void RecordsView::clear() {
    m_arrived.clear();
    m_table->clear();
    count();
}

void RecordsView::search(const QString& text) {
    m_search->setText(text);
}

void RecordsView::filter() {
    m_filter->set({m_topic->currentIndex() > 0 ? m_topic->currentText() : QString(), m_search->text()});
    m_view->scrollToBottom();
    count();
}

void RecordsView::count() {
    const int shown = m_filter->rowCount();
    const int all = m_table->rowCount();
    QString text =
        shown == all ? QLocale().toString(all) : tr("%1 of %2").arg(QLocale().toString(shown), QLocale().toString(all));
    if (m_pause->isChecked() && !m_arrived.empty())
        text += tr(", %1 more since the pause").arg(QLocale().toString(static_cast<qlonglong>(m_arrived.size())));
    m_count->setText(text);
}

void RecordsView::openRow(const QModelIndex& index) {
    const Record& record = m_filter->at(index.row());
    if (!record.request.isEmpty())
        m_context.guide.open(QStringLiteral("queue"), record.request);
    else if (!record.job.isEmpty())
        m_context.guide.open(QStringLiteral("queue"), QString(QStringLiteral("job:") + record.job));
    else if (!record.model.isEmpty())
        m_context.guide.open(QStringLiteral("models"), record.model);
}

void RecordsView::copy() {
    QStringList lines;
    for (const QModelIndex& index : m_view->selectionModel()->selectedRows())
        lines << lineOf(m_filter->at(index.row()));
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void RecordsView::save() {
    auto* dialog = new QFileDialog(this, tr("Save what is shown"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("tsv"));
    dialog->selectFile(QStringLiteral("modelmora-%1.tsv").arg(m_fileName));
    connect(dialog, &QFileDialog::fileSelected, this, &RecordsView::write);
    dialog->open();
}

void RecordsView::write(const QString& path) {
    QByteArray text;
    for (int row = 0; row < m_filter->rowCount(); ++row)
        text += lineOf(m_filter->at(row)).toUtf8() + '\n';
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit())
        m_context.guide.tell(tr("Saved as %1.").arg(path));
    else
        m_context.guide.tellFailure(tr("%1 could not be written: %2.").arg(path, file.errorString()));
}

} // namespace mm::gui
