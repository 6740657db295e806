#include "gui/shell/main_window.h"

#include "gui/client/engine_state.h"
#include "gui/shell/commands/palette.h"
#include "gui/shell/engines/engine_menu.h"
#include "gui/shell/header/decision_strip.h"
#include "gui/shell/header/header.h"
#include "gui/shell/header/health_watch.h"
#include "gui/shell/remark.h"
#include "gui/shell/welcome/packaged_model.h"
#include "gui/shell/welcome/welcome.h"
#include "gui/theme/appearance.h"
#include "gui/theme/kind.h"
#include "gui/theme/style_sheet.h"
#include "gui/theme/theme.h"

#include <QApplication>
#include <QButtonGroup>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace mm::gui {
namespace {

constexpr int kSideWidth = 196;
constexpr std::chrono::seconds kSentenceStays(6);
constexpr std::chrono::seconds kFailureStays(30);
const QString kGap = QStringLiteral("\u2002"); // between a page's icon and its name

} // namespace

MainWindow::MainWindow(const Parts& parts, const PageList& pages)
    : m_parts(parts)
    , m_buttons(new QButtonGroup(this))
    , m_stack(new QStackedWidget)
    , m_header(new Header(parts.theme, kSideWidth))
    , m_decisions(new DecisionStrip(parts.theme))
    , m_health(new HealthWatch({parts.link, parts.state, parts.events, parts.engines}, this)) {
    setWindowTitle(QStringLiteral("ModelMora"));
    resize(1440, 900);
    layOut(makeNavigation(pages));
    connectHeader();
    addShortcuts();
    addWelcome();
    connect(m_health, &HealthWatch::changed, this, &MainWindow::showHealth);
    connect(&m_parts.link, &EngineLink::changed, this, &MainWindow::showHealth);
    if (!pages.empty())
        open(pages.front().id);
    showHealth();
    if (qApp->styleSheet().isEmpty()) // see Theme::apply()
        qApp->setStyleSheet(styleSheetOf(m_parts.theme.shade()));
    m_stack->setFocus(); // and not the first button, as if somebody wanted it pressed
}

MainWindow::~MainWindow() {
    // Pages may look at what the window holds until they are gone.
    for (const Place& place : m_places)
        delete place.page;
}

void MainWindow::layOut(QWidget* navigation) {
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->setContentsMargins(0, 0, 0, 0);
    right->addWidget(m_decisions);
    right->addWidget(m_stack, 1);
    auto* body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(navigation);
    body->addLayout(right, 1);
    auto* all = new QVBoxLayout;
    all->setSpacing(0);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_header);
    all->addLayout(body, 1);
    auto* centre = new QWidget;
    centre->setLayout(all);
    setCentralWidget(centre);
    m_remark = new Remark(*centre);
}

QWidget* MainWindow::makeNavigation(const PageList& pages) {
    auto* side = new QFrame;
    setKind(*side, "side");
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
    Page* page = entry.make({m_parts.link, m_parts.state, m_parts.events, m_parts.theme, *this, m_parts.appearance});
    auto* button = new QPushButton(m_parts.theme.icon(entry.icon), kGap + entry.title);
    setKind(*button, "page");
    button->setCheckable(true);
    button->setAccessibleName(entry.title);
    auto* count = new QLabel;
    setKind(*count, "faint");
    auto* inside = new QHBoxLayout(button);
    inside->setContentsMargins(0, 0, 12, 0);
    inside->addStretch(1);
    inside->addWidget(count, 0, Qt::AlignVCenter);
    m_buttons->addButton(button);
    into->addWidget(button);
    m_stack->addWidget(page);
    m_places.push_back({entry, page, button});
    connect(button, &QPushButton::clicked, this, [this, id = entry.id] { open(id); });
    connect(page, &Page::countChanged, button, [button, count, title = entry.title](int number, bool isBad) {
        const QString text = number == 0 ? QString() : QLocale().toString(number);
        count->setText(text);
        setKind(*count, isBad ? "count-bad" : "faint");
        button->setAccessibleName(text.isEmpty() ? title : title + QLatin1Char(' ') + text);
    });
}

void MainWindow::connectHeader() {
    if (m_parts.engines && m_parts.book) {
        m_engines = new EngineMenu(*m_parts.engines, *m_parts.book, *m_header->engineMenu(), *this);
        connect(m_parts.engines, &EngineSwitch::changed, this, &MainWindow::showHealth);
    }
    if (m_parts.appearance)
        connect(m_header->viewMenu(), &QMenu::aboutToShow, this,
                [this] { m_parts.appearance->fill(*m_header->viewMenu()); });
    connect(m_header, &Header::searchWanted, this, &MainWindow::openPalette);
    connect(m_decisions, &DecisionStrip::chosen, this, &MainWindow::act);
}

void MainWindow::addShortcuts() {
    for (std::size_t index = 0; index < m_places.size() && index < 9; ++index) {
        auto* keys =
            new QShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + static_cast<int>(index))), this);
        connect(keys, &QShortcut::activated, this, [this, id = m_places[index].entry.id] { open(id); });
        m_places[index].button->setToolTip(keys->key().toString(QKeySequence::NativeText));
    }
    auto* search = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_K), this);
    connect(search, &QShortcut::activated, this, &MainWindow::openPalette);
    auto* quit = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q), this);
    connect(quit, &QShortcut::activated, this, &QWidget::close);
    auto* refresh = new QShortcut(QKeySequence(Qt::Key_F5), this);
    connect(refresh, &QShortcut::activated, this, [this] { m_parts.state.refresh(); });
}

void MainWindow::open(const QString& pageId, const QString& subject) {
    const auto place =
        std::find_if(m_places.begin(), m_places.end(), [&](const Place& each) { return each.entry.id == pageId; });
    if (place == m_places.end())
        return;
    if (auto* before = qobject_cast<Page*>(m_stack->currentWidget()); before && before != place->page)
        before->setSeen(false);
    m_stack->setCurrentWidget(place->page);
    place->button->setChecked(true);
    place->page->setSeen(true);
    if (!subject.isEmpty())
        place->page->show(subject);
}

QString MainWindow::currentPage() const {
    const auto place = std::find_if(m_places.begin(), m_places.end(),
                                    [this](const Place& each) { return each.page == m_stack->currentWidget(); });
    return place == m_places.end() ? QString() : place->entry.id;
}

void MainWindow::showHealth() {
    m_header->showEngine(m_parts.engines ? m_parts.engines->title() : m_parts.link.target().name);
    m_header->showHealth(m_health->report());
    m_decisions->show(m_health->report().decisions);
}

void MainWindow::act(const DecisionAction& action) {
    using What = DecisionAction::What;
    if (action.what == What::OpenPage)
        return open(action.page, action.subject);
    if (!m_parts.engines)
        return;
    switch (action.what) {
    case What::StartOwnEngine:
        return m_parts.engines->useOwn();
    case What::UseOfferedEngine:
        if (m_parts.engines->offered())
            m_parts.engines->use(m_parts.engines->offered()->engine, {});
        return;
    case What::ChooseEngine:
        return m_header->openEngineMenu();
    case What::EnterKey:
        if (m_engines)
            m_engines->askForKey();
        return;
    case What::OpenPage:
        return;
    }
}

void MainWindow::addWelcome() {
    if (!m_parts.engines)
        return;
    m_welcome = new Welcome(m_parts.link, m_parts.state, *this, m_parts.theme);
    m_stack->addWidget(m_welcome);
    connect(&m_parts.state, &EngineState::modelsChanged, this, &MainWindow::showWelcome);
    connect(m_welcome, &Welcome::served, this, [this](const QString& modelId) {
        const bool canTry = std::any_of(m_places.begin(), m_places.end(),
                                        [](const Place& each) { return each.entry.id == QLatin1String("playground"); });
        open(canTry ? QStringLiteral("playground") : m_places.front().entry.id, modelId);
    });
}

// Once where the engine turns out to have no model; whoever then opens a page is not sent back.
void MainWindow::showWelcome() {
    const auto& models = m_parts.state.models();
    const bool wasEmpty = std::exchange(m_isEmpty, models && models->empty());
    if (!models || m_places.empty())
        return;
    const bool isShown = m_stack->currentWidget() == m_welcome;
    if (models->empty() && !wasEmpty && m_parts.link.state() == EngineLink::State::Connected && !isShown) {
        // The files are the engine's to read, so it must be on this machine.
        const bool isHere = m_parts.link.target().address.empty();
        m_welcome->setPackagedFolder(isHere ? findPackagedModel(packageFolders()) : QString());
        if (auto* before = qobject_cast<Page*>(m_stack->currentWidget()))
            before->setSeen(false);
        m_stack->setCurrentWidget(m_welcome);
    } else if (!models->empty() && isShown && !m_welcome->isBusy()) {
        open(m_places.front().entry.id);
    }
}

void MainWindow::openPalette() {
    if (findChild<Palette*>())
        return;
    auto* palette = new Palette(m_parts.theme, commands(), this);
    palette->open();
}

std::vector<Command> MainWindow::commands() {
    std::vector<Command> all;
    for (const Place& place : m_places)
        all.push_back(
            {place.entry.title, place.button->toolTip(), place.entry.icon, [this, id = place.entry.id] { open(id); }});
    addModelCommands(all);
    all.push_back({tr("Ask the engine again"), QKeySequence(Qt::Key_F5).toString(QKeySequence::NativeText),
                   QStringLiteral("refresh"), [this] { m_parts.state.refresh(); }});
    addEngineCommands(all);
    if (Appearance* appearance = m_parts.appearance) {
        const auto look = [&](const QString& title, const char* icon, std::optional<Shade> shade) {
            all.push_back(
                {title, tr("appearance"), QLatin1String(icon), [appearance, shade] { appearance->choose(shade); }});
        };
        look(tr("Light"), "sun", Shade::Light);
        look(tr("Dark"), "moon", Shade::Dark);
        look(tr("High contrast"), "sun", Shade::Contrast);
        look(tr("As the system"), "settings", std::nullopt);
        all.push_back({tr("Appearance and language of the console"), tr("settings"), QStringLiteral("settings"),
                       [this] { open(QStringLiteral("settings")); }});
    }
    all.push_back({tr("Close the console"), QStringLiteral("Ctrl+Q"), QStringLiteral("x"), [this] { close(); }});
    return all;
}

void MainWindow::addModelCommands(std::vector<Command>& into) {
    if (!m_parts.state.models())
        return;
    for (const v1::Model& model : *m_parts.state.models())
        into.push_back({QString::fromStdString(model.model_id()), tr("model"), QStringLiteral("box"),
                        [this, id = QString::fromStdString(model.model_id())] { open(QStringLiteral("models"), id); }});
    into.push_back({tr("Register a model…"), tr("models"), QStringLiteral("folder-plus"),
                    [this] { open(QStringLiteral("models"), QStringLiteral("register")); }});
}

void MainWindow::addEngineCommands(std::vector<Command>& into) {
    if (!m_engines)
        return;
    into.push_back({tr("Connect to another engine…"), tr("engine"), QStringLiteral("server"),
                    [this] { m_engines->askForEngine(); }});
    if (m_parts.engines->hasOwn() && !m_parts.engines->isOwn())
        into.push_back({tr("Back to this computer"), tr("engine"), QStringLiteral("server"),
                        [this] { m_parts.engines->useOwn(); }});
    for (const KnownEngine& engine : m_parts.book->engines())
        into.push_back({tr("Connect to %1").arg(engine.name), tr("engine"), QStringLiteral("server"),
                        [this, engine] { m_engines->use(engine); }});
}

void MainWindow::closeEvent(QCloseEvent* event) {
    event->setAccepted(!m_mayClose || m_mayClose());
}

void MainWindow::tell(const QString& sentence) {
    m_remark->tell(sentence, kSentenceStays);
}

void MainWindow::tellFailure(const QString& sentence) {
    m_remark->tell(sentence, kFailureStays);
}

bool MainWindow::canRestartEngine() const {
    return m_parts.engines && m_parts.engines->isOwn() && m_parts.engines->ownRuns() && !m_parts.engines->isChanging();
}

void MainWindow::restartEngine() {
    if (canRestartEngine())
        m_parts.engines->restartOwn();
}

} // namespace mm::gui
