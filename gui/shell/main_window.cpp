#include "gui/shell/main_window.h"

#include "gui/client/engine_state.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

namespace mm::gui {
namespace {

constexpr int kSideWidth = 196;
constexpr int kHeaderHeight = 52;
constexpr int kSentenceStays = 6'000; // ms

QFrame* frameOf(const char* kind) {
    auto* frame = new QFrame;
    setKind(*frame, kind);
    return frame;
}

} // namespace

MainWindow::MainWindow(const Parts& parts, const PageList& pages) : m_parts(parts) {
    setWindowTitle(QStringLiteral("ModelMora"));
    resize(1440, 900);
    m_buttons = new QButtonGroup(this);
    m_stack = new QStackedWidget;
    auto* body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(makeNavigation(pages));
    body->addWidget(m_stack, 1);
    auto* all = new QVBoxLayout;
    all->setSpacing(0);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(makeHeader());
    all->addLayout(body, 1);
    auto* centre = new QWidget;
    centre->setLayout(all);
    setCentralWidget(centre);
    statusBar()->setSizeGripEnabled(false);
    connect(&m_parts.link, &EngineLink::changed, this, &MainWindow::showHealth);
    connect(&m_parts.state, &EngineState::statusChanged, this, &MainWindow::showHealth);
    if (!pages.empty())
        open(pages.front().id);
    showHealth();
}

QWidget* MainWindow::makeHeader() {
    auto* header = frameOf("header");
    header->setFixedHeight(kHeaderHeight);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(16);
    auto* brand = new QLabel(QStringLiteral("ModelMora"));
    setKind(*brand, "title");
    brand->setFixedWidth(kSideWidth - 16);
    m_engine = new QLabel;
    setKind(*m_engine, "muted");
    m_health = new QLabel;
    row->addWidget(brand);
    row->addWidget(m_engine);
    row->addWidget(m_health, 1);
    return header;
}

QWidget* MainWindow::makeNavigation(const PageList& pages) {
    auto* side = frameOf("side");
    side->setFixedWidth(kSideWidth);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(8, 12, 8, 12);
    column->setSpacing(2);
    for (const PageEntry& entry : pages)
        addPage(entry, column);
    column->addStretch(1);
    return side;
}

void MainWindow::addPage(const PageEntry& entry, QVBoxLayout* into) {
    Page* page = entry.make({m_parts.link, m_parts.state, m_parts.events, m_parts.theme, *this});
    auto* button = new QPushButton(m_parts.theme.icon(entry.icon), entry.title);
    setKind(*button, "page");
    button->setCheckable(true);
    button->setAccessibleName(entry.title);
    auto* count = new QLabel;
    setKind(*count, "faint");
    auto* inside = new QHBoxLayout(button);
    inside->setContentsMargins(0, 0, 12, 0);
    inside->addStretch(1);
    inside->addWidget(count);
    m_buttons->addButton(button);
    into->addWidget(button);
    m_stack->addWidget(page);
    m_places[entry.id] = {page, button, count};
    connect(button, &QPushButton::clicked, this, [this, id = entry.id] { open(id); });
    connect(page, &Page::countChanged, count, [count](int number, bool isBad) {
        count->setText(number == 0 ? QString() : QLocale().toString(number));
        count->setStyleSheet(isBad ? QStringLiteral("font-weight: 600;") : QString());
    });
}

void MainWindow::open(const QString& pageId, const QString& subject) {
    const auto place = m_places.find(pageId);
    if (place == m_places.end())
        return;
    if (auto* before = qobject_cast<Page*>(m_stack->currentWidget()); before && before != place->second.page)
        before->setSeen(false);
    m_stack->setCurrentWidget(place->second.page);
    place->second.button->setChecked(true);
    place->second.page->setSeen(true);
    if (!subject.isEmpty())
        place->second.page->show(subject);
}

void MainWindow::showHealth() {
    const EngineLink& link = m_parts.link;
    m_engine->setText(link.target().name);
    const auto& status = m_parts.state.status();
    switch (link.state()) {
    case EngineLink::State::Closed:
    case EngineLink::State::Lost:
        return m_health->setText(QString::fromStdString(link.fault().message));
    case EngineLink::State::Connecting:
        return m_health->setText(tr("Connecting…"));
    case EngineLink::State::Connected:
        break;
    }
    m_health->setText(status ? tr("%n model(s) loaded", nullptr, status->loaded_models_size()) : QString());
}

void MainWindow::tell(const QString& sentence) {
    statusBar()->showMessage(sentence, kSentenceStays);
}

void MainWindow::tellFailure(const QString& sentence) {
    statusBar()->showMessage(sentence);
}

} // namespace mm::gui
