#include "gui/pages/activity/audit_tab.h"

#include "gui/pages/activity/records_view.h"
#include "gui/shell/page.h"

#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace mm::gui {
namespace {

constexpr int kEvery = 3'000; // ms
constexpr int kAtOnce = 500;
constexpr int kHashShown = 16;

} // namespace

QString sentenceOf(const v1::AuditVerification& verification) {
    if (!verification.intact())
        return AuditTab::tr("The audit is broken at record %1: %2")
            .arg(QLocale().toString(static_cast<qlonglong>(verification.broken_at())),
                 QString::fromStdString(verification.reason()));
    return AuditTab::tr("The audit is whole. Records: %1; the hash of the newest begins with %2.")
        .arg(QLocale().toString(static_cast<qlonglong>(verification.records())),
             QString::fromStdString(verification.head().substr(0, kHashShown)));
}

AuditTab::AuditTab(const PageContext& context, QWidget* parent)
    : ActivityTab(parent)
    , m_context(context)
    , m_view(new RecordsView(context, tr("Audit"), QStringLiteral("audit")))
    , m_older(new QPushButton(tr("Older ones"))) {
    auto* check = new QPushButton(tr("Check that nothing was changed"));
    check->setObjectName(QStringLiteral("verify-audit"));
    m_view->addControl(m_older);
    m_view->addControl(check);
    m_older->setEnabled(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
    m_again.setSingleShot(true);
    m_again.setInterval(kEvery);
    connect(&m_again, &QTimer::timeout, this, &AuditTab::ask);
    connect(&context.link, &EngineLink::changed, this, &AuditTab::ask);
    connect(m_older, &QPushButton::clicked, this, &AuditTab::askOlder);
    connect(check, &QPushButton::clicked, this, &AuditTab::verify);
}

void AuditTab::setSeen(bool seen) {
    m_isSeen = seen;
    if (seen)
        ask();
    else
        m_again.stop();
}

void AuditTab::search(const QString& text) {
    m_view->search(text);
}

void AuditTab::ask() {
    if (m_engine != m_context.link.target().name) {
        m_engine = m_context.link.target().name;
        m_newest = m_oldest = 0;
        m_view->clear();
    }
    if (!m_isSeen || m_call || m_context.link.state() != EngineLink::State::Connected)
        return;
    v1::ListAuditRequest request;
    request.set_limit(kAtOnce);
    m_call = m_context.link.call(&AccessCalls::ListAudit, request, this,
                                 [this](const Result<v1::ListAuditResponse>& answer) {
                                     m_call.reset();
                                     m_again.start();
                                     if (!answer.ok())
                                         return m_view->setNote(QString::fromStdString(answer.error().message), true);
                                     take(*answer, false);
                                 });
}

void AuditTab::askOlder() {
    v1::ListAuditRequest request;
    request.set_limit(kAtOnce);
    request.set_before(m_oldest);
    m_older->setEnabled(false);
    m_context.link.call(&AccessCalls::ListAudit, request, this, [this](const Result<v1::ListAuditResponse>& answer) {
        if (!answer.ok())
            return m_view->setNote(QString::fromStdString(answer.error().message), true);
        take(*answer, true);
    });
}

void AuditTab::take(const v1::ListAuditResponse& answer, bool areOlder) {
    std::vector<Record> records;
    for (auto each = answer.records().rbegin(); each != answer.records().rend(); ++each) {
        const bool isKnown = areOlder ? each->number() >= m_oldest : each->number() <= m_newest;
        if (!isKnown)
            records.push_back(recordOf(*each));
    }
    if (areOlder || m_oldest == 0)
        m_older->setEnabled(answer.records_size() == kAtOnce);
    if (records.empty())
        return;
    m_newest = std::max(m_newest, records.back().number);
    m_oldest = m_oldest == 0 ? records.front().number : std::min(m_oldest, records.front().number);
    if (areOlder)
        m_view->addOlder(std::move(records));
    else
        m_view->add(std::move(records));
}

void AuditTab::verify() {
    m_context.link.call(&AccessCalls::VerifyAudit, {}, this, [this](const Result<v1::AuditVerification>& answer) {
        if (!answer.ok())
            return m_view->setNote(QString::fromStdString(answer.error().message), true);
        m_view->setNote(sentenceOf(*answer), !answer->intact());
    });
}

} // namespace mm::gui
