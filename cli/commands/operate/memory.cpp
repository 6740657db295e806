// memory and plan: who holds which memory, and what a load would do about it.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/output/text.h"
#include "engine/ipc/enum_name.h"

namespace mm::cli {
namespace {

using Management = v1::ManagementService::StubInterface;

std::string bytesText(std::int64_t bytes) {
    return humanBytes(static_cast<double>(bytes));
}

std::string nonzeroBytes(std::int64_t bytes) {
    return bytes > 0 ? bytesText(bytes) : std::string();
}

// Of a plan, or of the order in which all would go.
template <typename Planned>
std::string evictionsText(const Planned& planned, const Terminal& terminal) {
    Table evictions({{"WOULD GO"}, {"FREES", Table::Align::Right}, {"LAST USED"}, {"BECAUSE"}});
    for (const auto& eviction : planned.evictions())
        evictions.add({eviction.model_id() + "@" + eviction.version(), bytesText(eviction.freed_bytes()),
                       ageOf(eviction.last_used_at()), eviction.reason()});
    Table stays({{"WOULD STAY"}, {"BECAUSE"}});
    for (const auto& stay : planned.stays())
        stays.add({stay.model_id() + "@" + stay.version(), stay.reason()});
    std::string text;
    if constexpr (requires { planned.other_evictions(); }) {
        const auto others = [](int count) { return "(" + std::to_string(count) + " that this key does not cover)"; };
        if (planned.other_evictions() > 0)
            evictions.add({others(planned.other_evictions()), bytesText(planned.other_evictions_bytes()), "", ""});
        if (planned.other_stays() > 0)
            stays.add({others(planned.other_stays()), ""});
    }
    for (const Table* table : {&evictions, &stays})
        text += table->empty() ? "" : "\n" + table->render(titlePainter(terminal));
    return text;
}

class Memory final : public Command {
public:
    Memory() {
        m_declaration = {
            .name = "memory",
            .summary = "Show the memory of each device, and what each loaded model holds of it.",
            .flags = {{"--order", "", "Who would have to go next if room were needed, and why.", "--order", &m_order}},
            .examples = {"modelmora memory", "modelmora memory --json", "modelmora memory --order"}};
    }

    Result<ExitCode> run(Context& context) override {
        if (m_order)
            return showOrder(context);
        MM_TRY(const auto ledger, context.engine().call(&Management::GetMemory, v1::GetMemoryRequest()));
        context.show(ledger, [&] {
            std::string text;
            for (const auto& device : ledger.devices())
                text += (text.empty() ? "" : "\n") + describe(device, context.terminal);
            return text;
        });
        return ExitCode::Ok;
    }

private:
    static Result<ExitCode> showOrder(Context& context) {
        MM_TRY(const auto order, context.engine().call(&v1::MemoryService::StubInterface::GetEvictionOrder,
                                                       v1::GetEvictionOrderRequest()));
        context.show(order, [&] {
            return "by the policy " + printable(order.policy()) + "\n" + evictionsText(order, context.terminal);
        });
        return ExitCode::Ok;
    }

    static std::string describe(const v1::DeviceLedger& device, const Terminal& terminal) {
        const bool squeezed = device.effective_budget_bytes() < device.budget_bytes();
        const std::string budget =
            bytesText(device.budget_bytes()) +
            (squeezed ? ", now " + bytesText(device.effective_budget_bytes()) + " because other programs hold " +
                            bytesText(device.other_programs_bytes())
                      : std::string());
        std::string text = renderFields({{"device", device.device()},
                                         {"name", device.name()},
                                         {"budget", budget},
                                         {"models hold", bytesText(device.committed_bytes())},
                                         {"reserved for loads", nonzeroBytes(device.reserved_bytes())},
                                         {"free for models", bytesText(device.free_bytes())},
                                         {"in the machine", bytesText(device.total_bytes()) + ", available " +
                                                                bytesText(device.system_available_bytes())}});
        Table table({{"MODEL"},
                     {"INSTANCE", Table::Align::Right},
                     {"STATE"},
                     {"PREDICTED", Table::Align::Right},
                     {"FROM"},
                     {"MEASURED", Table::Align::Right},
                     {"PEAK", Table::Align::Right}});
        for (const auto& entry : device.entries())
            table.add({entry.model_id() + "@" + entry.version(), std::to_string(entry.instance()),
                       enumName(entry.state()), bytesText(entry.predicted_bytes()), entry.estimate().source(),
                       nonzeroBytes(entry.measured_bytes()), nonzeroBytes(entry.peak_bytes())});
        return table.empty() ? text : text + "\n" + table.render(titlePainter(terminal));
    }

    bool m_order = false;
};

class Plan final : public Command {
public:
    Plan() {
        m_declaration = {.name = "plan",
                         .summary = "Say what loading a model would take and which models would have to go.",
                         .positionals = {{"MODEL", "a model, as org/repo or org/repo@version", &m_model}},
                         .flags = {{"--instances", "N", "For so many workers; otherwise as configured.",
                                    "--instances 2", &m_instances}},
                         .examples = {"modelmora plan org/repo", "modelmora plan org/repo --instances 2 --json"},
                         .details = "Nothing is loaded and nothing has to go; `modelmora load --force` does what the "
                                    "plan names. Ends with 8 where the load is not possible."};
    }

    Result<ExitCode> run(Context& context) override {
        v1::PlanLoadRequest request;
        request.set_model_id(m_model);
        request.set_instances(m_instances);
        MM_TRY(const auto plan, context.engine().call(&Management::PlanLoad, request));
        context.show(plan, [&] { return describe(plan, context.terminal); });
        return plan.already_loaded() || plan.possible() ? ExitCode::Ok : ExitCode::Busy;
    }

private:
    static std::string describe(const v1::LoadPlan& plan, const Terminal& terminal) {
        std::string text = printable(plan.explanation()) + "\n";
        if (plan.expected_ms() > 0)
            text += "expected to take " + humanMilliseconds(plan.expected_ms()) + "\n";
        Table devices({{"DEVICE"},
                       {"NEEDED", Table::Align::Right},
                       {"FROM"},
                       {"FREE", Table::Align::Right},
                       {"BUDGET", Table::Align::Right}});
        for (const auto& need : plan.devices())
            devices.add({need.device(), bytesText(need.needed_bytes()), need.estimate().source(),
                         bytesText(need.free_bytes()), bytesText(need.budget_bytes())});
        if (!devices.empty())
            text += "\n" + devices.render(titlePainter(terminal));
        return text + evictionsText(plan, terminal);
    }

    std::string m_model;
    int m_instances = 0;
};

} // namespace

std::unique_ptr<Command> makeMemory() {
    return std::make_unique<Memory>();
}
std::unique_ptr<Command> makePlan() {
    return std::make_unique<Plan>();
}

} // namespace mm::cli
