// status and health: how the engine as a whole is.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/output/proto_json.h"
#include "cli/output/text.h"

#include <nlohmann/json.hpp>

namespace mm::cli {
namespace {

using Management = v1::ManagementService::StubInterface;

class Status final : public Command {
public:
    Status() {
        m_declaration = {
            .name = "status",
            .summary = "Show the engine: version, memory, loaded models, queue.",
            .examples = {"modelmora status", "modelmora status --json", "modelmora status --engine 127.0.0.1:50052"}};
    }

    Result<ExitCode> run(Context& context) override {
        MM_TRY(const auto status, context.engine().call(&Management::GetSystemStatus, v1::GetSystemStatusRequest()));
        context.show(status, [&] { return describe(status, context); });
        return ExitCode::Ok;
    }

private:
    static std::string describe(const v1::SystemStatus& status, const Context& context) {
        const auto& queue = status.queue();
        std::string text = renderFields({
            {"engine",
             context.options.engine + " (version " + status.version() + ", pid " + std::to_string(status.pid()) + ")"},
            {"up for", humanUptime(status.uptime_seconds())},
            {"engine memory", megabytes(status.engine_memory_mb())},
            {"system memory", megabytes(status.memory().used_mb()) + " of " + megabytes(status.memory().total_mb()) +
                                  " used, " + megabytes(status.memory().available_mb()) + " available"},
            {"models", std::to_string(status.registered_models()) + " registered, " +
                           std::to_string(status.loaded_models_size()) + " with a worker"},
            {"queue", std::to_string(queue.critical_priority()) + " critical, " +
                          std::to_string(queue.high_priority()) + " high, " + std::to_string(queue.medium_priority()) +
                          " normal, " + std::to_string(queue.low_priority()) + " low"},
        });
        for (const auto& device : status.gpu().devices())
            text += renderFields({{"gpu " + std::to_string(device.device_id()),
                                   device.name() + ", " + megabytes(device.memory_used_mb()) + " of " +
                                       megabytes(device.memory_total_mb()) + " used"}});
        Table table({{"MODEL"},
                     {"STATE"},
                     {"DTYPE"},
                     {"DEVICE"},
                     {"MEMORY", Table::Align::Right},
                     {"IN FLIGHT", Table::Align::Right},
                     {"LAST USED"}});
        for (const auto& model : status.loaded_models())
            table.add({model.model_id(), stateCell(model.state(), context.terminal), model.dtype(), model.device(),
                       megabytes(model.memory_usage_mb()), std::to_string(model.in_flight()),
                       ageOf(model.last_used_at())});
        if (!table.empty())
            text += "\n" + table.render(titlePainter(context.terminal));
        return text;
    }
};

class Health final : public Command {
public:
    Health() {
        m_declaration = {.name = "health",
                         .summary = "Say whether the engine is ready and its models are well.",
                         .examples = {"modelmora health", "modelmora health --quiet && echo ready"},
                         .details = "Ends with 0 when all is well, 9 when the engine or a model is not, and 3 when no "
                                    "engine answers."};
    }

    Result<ExitCode> run(Context& context) override {
        MM_TRY(const auto ready, context.engine().call(&Management::ReadinessCheck, v1::ReadinessRequest()));
        MM_TRY(const auto models, context.engine().call(&Management::GetModelHealth, v1::GetModelHealthRequest()));
        const bool isReady = ready.status() == "ready";
        const bool isWell = isReady && models.unhealthy_count() == 0;
        if (context.options.json) {
            nlohmann::ordered_json both;
            both["healthy"] = isWell;
            both["readiness"] = toJson(ready);
            both["models"] = toJson(models);
            context.terminal.print(jsonText(both));
        } else {
            context.terminal.print(describe(ready, models, context.terminal));
        }
        return isWell ? ExitCode::Ok : ExitCode::NotReady;
    }

private:
    static std::string describe(const v1::ReadinessResponse& ready, const v1::ModelHealthResponse& models,
                                const Terminal& terminal) {
        const bool isReady = ready.status() == "ready";
        std::string text = terminal.paint(isReady ? Colour::Green : Colour::Red, printable(ready.status())) + "\n";
        if (!isReady)
            text += std::string("  database: ") + (ready.checks().database() ? "ok" : "failed") +
                    "\n  queue: " + (ready.checks().queue() ? "ok" : "failed") + "\n";
        if (models.healthy_count() + models.unhealthy_count() > 0)
            text += std::to_string(models.healthy_count()) + " models well, " +
                    std::to_string(models.unhealthy_count()) + " not\n";
        for (const auto& model : models.models())
            if (!model.health_status().healthy())
                text +=
                    "  " + printable(model.model_id()) + ": " + printable(model.health_status().error_message()) + "\n";
        return text;
    }
};

} // namespace

std::unique_ptr<Command> makeStatus() {
    return std::make_unique<Status>();
}
std::unique_ptr<Command> makeHealth() {
    return std::make_unique<Health>();
}

} // namespace mm::cli
