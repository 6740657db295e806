#include "gui/pages/models/load/plan_text.h"

#include "gui/pages/models/say.h"
#include "gui/widgets/time_text.h"

#include <QDateTime>

#include <algorithm>

namespace mm::gui::models {
namespace {

const v1::DeviceNeed* tightest(const v1::LoadPlan& plan) {
    const auto& all = plan.devices();
    const auto found = std::max_element(all.begin(), all.end(), [](const auto& one, const auto& other) {
        return one.needed_bytes() - one.free_bytes() < other.needed_bytes() - other.free_bytes();
    });
    return found == all.end() ? nullptr : &*found;
}

QString estimateText(const v1::MemoryEstimate& estimate) {
    if (estimate.source() == "measured")
        return Say::tr("as measured when it ran before");
    if (estimate.source() == "declared")
        return Say::tr("as its registration says");
    QStringList parts;
    const auto add = [&parts](const QString& what, std::int64_t bytes) {
        if (bytes > 0)
            parts += what.arg(bytesText(bytes));
    };
    add(Say::tr("weights %1"), estimate.weights_bytes());
    add(Say::tr("activations %1"), estimate.activation_bytes());
    add(Say::tr("run time %1"), estimate.runtime_bytes());
    return parts.join(QStringLiteral(" · "));
}

void addDevice(const v1::DeviceNeed& need, bool isOnly, std::vector<PlanLine>& lines) {
    const QString where = isOnly ? QString() : Say::tr(" on %1").arg(text(need.device()));
    lines.push_back({Say::tr("Needs") + where, bytesText(need.needed_bytes()), estimateText(need.estimate()), true});
    const std::int64_t spoken = std::max<std::int64_t>(0, need.budget_bytes() - need.free_bytes());
    lines.push_back({Say::tr("Free in the budget") + where, bytesText(need.free_bytes()),
                     Say::tr("%1 budget, %2 spoken for").arg(bytesText(need.budget_bytes()), bytesText(spoken)),
                     false});
    if (need.needed_bytes() > need.free_bytes())
        lines.push_back(
            {Say::tr("Too little by") + where, bytesText(need.needed_bytes() - need.free_bytes()), {}, false});
}

QString evictionNote(const v1::PlannedEviction& eviction) {
    const QString reason = text(eviction.reason());
    return reason.isEmpty() ? text(eviction.model_id()) : text(eviction.model_id()) + QStringLiteral(" – ") + reason;
}

QString headlineOf(const v1::LoadPlan& plan) {
    if (plan.already_loaded())
        return Say::tr("It is loaded already.");
    if (plan.fits())
        return Say::tr("It fits into the budget as things stand.");
    return text(plan.explanation());
}

QString todoOf(const v1::LoadPlan& plan) {
    QStringList parts;
    for (const v1::PlannedStay& stay : plan.stays())
        parts += Say::tr("%1 stays: %2").arg(text(stay.model_id()), text(stay.reason()));
    if (plan.other_stays() > 0)
        parts += Say::tr("Models that this key does not cover stay as well: %1").arg(plan.other_stays());
    parts += Say::tr("What helps: unpin or unload a model, choose a smaller dtype or fewer instances in its "
                     "configuration, or raise the memory budget in the settings.");
    return parts.join(QLatin1Char('\n'));
}

} // namespace

PlanText describe(const v1::LoadPlan& plan) {
    PlanText told;
    told.headline = headlineOf(plan);
    for (const v1::DeviceNeed& need : plan.devices())
        addDevice(need, plan.devices_size() == 1, told.lines);
    bool isFirst = true;
    for (const v1::PlannedEviction& eviction : plan.evictions()) {
        told.lines.push_back({isFirst ? Say::tr("Would be evicted") : QString(), bytesText(eviction.freed_bytes()),
                              evictionNote(eviction), false});
        isFirst = false;
    }
    if (plan.other_evictions() > 0)
        told.lines.push_back({isFirst ? Say::tr("Would be evicted") : QString(),
                              bytesText(plan.other_evictions_bytes()),
                              Say::tr("models that this key does not cover: %1").arg(plan.other_evictions()), false});
    told.canLoad = plan.fits() || plan.possible();
    told.needsForce = !plan.fits() && plan.possible() && (!plan.evictions().empty() || plan.other_evictions() > 0);
    if (told.canLoad)
        told.lines.push_back({Say::tr("Ready in about"),
                              plan.expected_ms() > 0 ? spanText(plan.expected_ms()) : kNothing,
                              plan.expected_ms() > 0 ? Say::tr("from what was measured before")
                                                     : Say::tr("it has not been loaded here yet"),
                              false});
    else
        told.todo = todoOf(plan);
    told.button = told.needsForce ? Say::tr("Evict and load") : Say::tr("Load");
    return told;
}

PlanBar barOf(const v1::LoadPlan& plan, const v1::MemoryLedger& ledger) {
    const v1::DeviceNeed* need = tightest(plan);
    if (need == nullptr)
        return {};
    const auto& devices = ledger.devices();
    const auto device =
        std::find_if(devices.begin(), devices.end(), [&](const auto& each) { return each.device() == need->device(); });
    if (device == devices.end())
        return {};
    PlanBar bar;
    for (const v1::PlannedEviction& eviction : plan.evictions())
        bar.leaving += eviction.freed_bytes();
    bar.leaving += plan.other_evictions_bytes();
    const std::int64_t held = device->committed_bytes() + device->reserved_bytes();
    bar.leaving = std::min(bar.leaving, held);
    bar.staying = held - bar.leaving;
    const bool isSqueezed = device->effective_budget_bytes() < device->budget_bytes();
    bar.other = isSqueezed ? device->other_programs_bytes() : 0;
    bar.needed = need->needed_bytes();
    bar.limit = bar.other + device->effective_budget_bytes();
    bar.total = std::max(bar.limit, held + bar.other + bar.needed) / 100 * 106; // the line is within
    return bar;
}

QString commandOf(const std::string& modelId, bool force, int instances, bool pin) {
    QString command = QStringLiteral("modelmora load ") + text(modelId);
    if (force)
        command += QStringLiteral(" --force");
    if (instances > 0)
        command += QStringLiteral(" --instances %1").arg(instances);
    if (pin)
        command += QStringLiteral(" --pin");
    return command;
}

QString stageText(const v1::LoadStage& stage) {
    const std::string& name = stage.stage();
    QString said = name == "spawn"       ? Say::tr("starting a worker")
                   : name == "files"     ? Say::tr("checking files")
                   : name == "weights"   ? Say::tr("reading weights")
                   : name == "prepare"   ? Say::tr("preparing layers")
                   : name == "tokenizer" ? Say::tr("reading the tokenizer")
                   : name == "warmup"    ? Say::tr("warming up")
                                         : text(name);
    if (name == "weights" && stage.total() > 0)
        said += Say::tr(", %1 of %2").arg(bytesText(stage.done()), bytesText(stage.total()));
    else if (name == "prepare" && stage.total() > 0)
        said += Say::tr(", %1 of %2").arg(stage.done()).arg(stage.total());
    return said;
}

} // namespace mm::gui::models
