#include "gui/shell/header/health.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <map>
#include <string>

namespace mm::gui {
namespace {

using What = DecisionAction::What;

// The texts of this file, for translators.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(Health)
};

QString shortName(const std::string& modelId) {
    const std::size_t slash = modelId.find('/');
    return QString::fromStdString(slash == std::string::npos ? modelId : modelId.substr(slash + 1));
}

Decision about(const QString& id, HealthLevel level, const QString& title, const QString& detail) {
    return {id, level, title, detail};
}

Decision withModelPage(Decision decision, const std::string& modelId) {
    decision.actions.push_back(
        {What::OpenPage, Words::tr("Open the model"), QStringLiteral("models"), QString::fromStdString(modelId)});
    return decision;
}

Decision loadFailed(const std::string& model, const std::string& sentence) {
    return withModelPage(
        about(QStringLiteral("failed:%1:%2").arg(QString::fromStdString(model), QString::fromStdString(sentence)),
              HealthLevel::Bad, Words::tr("%1 could not be loaded.").arg(shortName(model)),
              QString::fromStdString(sentence)),
        model);
}

Decision unhealthy(const modelmora::v1::ModelStatus& model) {
    const std::string& why = model.last_failure().message();
    return withModelPage(about(QStringLiteral("unhealthy:%1:%2")
                                   .arg(QString::fromStdString(model.model_id()), QString::fromStdString(why)),
                               HealthLevel::Bad, Words::tr("%1 is not well.").arg(shortName(model.model_id())),
                               QString::fromStdString(why.empty() ? model.health_status().error_message() : why)),
                         model.model_id());
}

void addModelDecisions(const HealthFacts& facts, std::vector<Decision>& into) {
    static const std::map<std::string, std::string> kNone;
    const auto& failures = facts.failures ? facts.failures->failures() : kNone;
    for (const auto& [model, sentence] : failures)
        into.push_back(loadFailed(model, sentence));
    for (const auto& model : facts.status->loaded_models()) {
        if (model.state() == modelmora::v1::MODEL_STATE_UNHEALTHY && !failures.contains(model.model_id()))
            into.push_back(unhealthy(model));
        else if (model.state() == modelmora::v1::MODEL_STATE_LOADING && !model.reason().empty())
            into.push_back(withModelPage(about(QStringLiteral("waits:") + QString::fromStdString(model.model_id()),
                                               HealthLevel::Attention,
                                               Words::tr("%1 cannot load yet.").arg(shortName(model.model_id())),
                                               QString::fromStdString(model.reason())),
                                         model.model_id()));
    }
}

QString loadSentence(const modelmora::v1::SystemStatus& status) {
    int loaded = 0;
    int loading = 0;
    for (const auto& model : status.loaded_models()) {
        loading += model.state() == modelmora::v1::MODEL_STATE_LOADING ? 1 : 0;
        loaded += model.state() == modelmora::v1::MODEL_STATE_LOADED ? 1 : 0;
    }
    if (status.registered_models() == 0)
        return Words::tr("No model is registered yet");
    QStringList parts;
    if (loaded > 0 || loading == 0)
        parts << (loaded == 0 ? Words::tr("No model loaded") : Words::tr("%n model(s) loaded", nullptr, loaded));
    if (loading > 0)
        parts << Words::tr("%n loading", nullptr, loading);
    const auto& queue = status.queue();
    const int waiting =
        queue.critical_priority() + queue.high_priority() + queue.medium_priority() + queue.low_priority();
    parts << (waiting == 0 ? Words::tr("nothing waits") : Words::tr("%n request(s) waiting", nullptr, waiting));
    return parts.join(QStringLiteral(", "));
}

QString emphasisOf(const std::vector<Decision>& decisions) {
    const auto models = std::count_if(decisions.begin(), decisions.end(), [](const Decision& each) {
        return !each.actions.empty() && each.actions.front().page == QLatin1String("models");
    });
    if (decisions.empty())
        return {};
    if (models == static_cast<std::ptrdiff_t>(decisions.size()))
        return models == 1 ? Words::tr("one model needs a decision")
                           : Words::tr("%n models need a decision", nullptr, static_cast<int>(models));
    return decisions.size() == 1 ? decisions.front().title
                                 : Words::tr("%n things need a decision", nullptr, static_cast<int>(decisions.size()));
}

HealthReport withoutEngine(const HealthFacts& facts) {
    HealthReport report{HealthLevel::Bad, facts.fault};
    if (facts.isChanging)
        return {HealthLevel::Unknown, facts.fault};
    if (facts.link == EngineLink::State::Connecting)
        return {HealthLevel::Unknown, Words::tr("Connecting to %1…").arg(facts.engine)};
    if (!facts.offered.isEmpty()) {
        report.level = HealthLevel::Attention;
        Decision decision = about(
            QStringLiteral("offer"), HealthLevel::Attention, Words::tr("An engine runs on this computer already."),
            Words::tr("It listens on %1, with the models of this console's data folder.").arg(facts.offered));
        decision.actions = {{What::UseOfferedEngine, Words::tr("Connect to it")},
                            {What::ChooseEngine, Words::tr("Another engine…")}};
        decision.canBeDismissed = false;
        report.decisions.push_back(std::move(decision));
        return report;
    }
    const bool isLost = facts.link == EngineLink::State::Lost;
    Decision decision = about(
        QStringLiteral("lost"), HealthLevel::Bad, facts.fault,
        isLost ? Words::tr("It is asked again all the time; until it answers, the pages show what was known last.")
               : QString());
    if (facts.isOwn)
        decision.actions.push_back({What::StartOwnEngine, Words::tr("Start it again")});
    decision.actions.push_back({What::ChooseEngine, Words::tr("Another engine…")});
    decision.canBeDismissed = false;
    report.decisions.push_back(std::move(decision));
    return report;
}

HealthReport refused(const HealthFacts& facts) {
    HealthReport report{HealthLevel::Bad, Words::tr("%1 does not let this console in").arg(facts.engine)};
    Decision decision = about(QStringLiteral("refused"), HealthLevel::Bad, report.sentence + QLatin1Char('.'),
                              QString::fromStdString(facts.refusal->message));
    decision.actions = {{What::EnterKey, Words::tr("Enter a key…")},
                        {What::ChooseEngine, Words::tr("Another engine…")}};
    decision.canBeDismissed = false;
    report.decisions.push_back(std::move(decision));
    return report;
}

} // namespace

HealthReport healthOf(const HealthFacts& facts) {
    if (facts.link != EngineLink::State::Connected)
        return withoutEngine(facts);
    if (facts.refusal)
        return refused(facts);
    if (!facts.status)
        return {HealthLevel::Unknown, Words::tr("Connected; asking how it is…")};
    HealthReport report{HealthLevel::Good, loadSentence(*facts.status)};
    if (!facts.auditFault.isEmpty()) {
        Decision decision = about(QStringLiteral("audit:") + facts.auditFault, HealthLevel::Bad,
                                  Words::tr("The audit does not hold together."), facts.auditFault);
        decision.actions.push_back(
            {What::OpenPage, Words::tr("Open the audit"), QStringLiteral("activity"), QStringLiteral("audit")});
        report.decisions.push_back(std::move(decision));
    }
    addModelDecisions(facts, report.decisions);
    for (const Decision& decision : report.decisions)
        report.level = std::max(report.level, decision.level);
    report.emphasis = emphasisOf(report.decisions);
    return report;
}

} // namespace mm::gui
