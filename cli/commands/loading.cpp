// load, warmup, unload, pin, unpin: a model into memory, with live progress, made quick, out of it, and whether it
// stays there.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/output/text.h"
#include "engine/ipc/names.h"

#include <algorithm>
#include <utility>

namespace mm::cli {
namespace {

using Management = v1::ManagementService::StubInterface;

std::string progressLine(const v1::LoadStage& stage) {
    const double percent = std::clamp(stage.percent(), 0.0, 100.0);
    std::string line = progressBar(percent / 100) + " " + humanNumber(percent, 0) + " %  " + printable(stage.stage());
    if (stage.stage() == "weights" && stage.total() > 0)
        line += "  " + humanBytes(static_cast<double>(stage.done())) + " of " +
                humanBytes(static_cast<double>(stage.total()));
    return line + (stage.detail().empty() ? "" : "  " + printable(stage.detail()));
}

class Load final : public Command {
public:
    Load() {
        m_declaration = {.name = "load",
                         .summary = "Load a model into memory, telling how far it is.",
                         .positionals = {{"MODEL", "a model, as org/repo or org/repo@version", &m_model}},
                         .flags = {{"--force", "", "Where it does not fit, unload what `modelmora plan` names.",
                                    "--force", &m_force},
                                   {"--instances", "N", "So many workers of it; otherwise as configured.",
                                    "--instances 2", &m_instances},
                                   {"--pin", "", "Keep it loaded whatever happens.", "--pin", &m_pin}},
                         .examples = {"modelmora load org/repo", "modelmora load org/repo --timeout 30 --quiet",
                                      "modelmora load org/repo --force --instances 2 --pin"}};
    }

    Result<ExitCode> run(Context& context) override {
        v1::LoadModelRequest request;
        request.set_model_id(m_model);
        request.set_force(m_force);
        request.set_instances(m_instances);
        if (m_pin)
            request.set_pin(true);
        const bool silent = context.options.json;
        std::string lastStage;
        const auto loaded = context.engine().load(request, [&](const v1::LoadStage& stage) {
            if (silent)
                return;
            if (context.terminal.errIsTerminal())
                context.terminal.live(progressLine(stage));
            else if (std::exchange(lastStage, stage.stage()) != stage.stage())
                context.terminal.note("loading: " + printable(stage.stage()) + "\n");
        });
        context.terminal.endLive();
        if (!loaded.ok())
            return loaded.error();
        context.show(*loaded, [&] { return describe(*loaded); });
        return ExitCode::Ok;
    }

private:
    [[nodiscard]] std::string describe(const v1::ModelStatus& status) const {
        std::string text = printable(m_model) + " is loaded";
        if (status.load_time_ms() > 0)
            text += " in " + humanMilliseconds(status.load_time_ms());
        if (status.memory_usage_mb() > 0)
            text += ", " + megabytes(status.memory_usage_mb());
        for (const std::string* part : {&status.dtype(), &status.device()})
            if (!part->empty())
                text += ", " + printable(*part);
        return text + "\n";
    }

    std::string m_model;
    bool m_force = false;
    int m_instances = 0;
    bool m_pin = false;
};

class Warmup final : public Command {
public:
    Warmup() {
        m_declaration = {
            .name = "warmup",
            .summary = "Load a model, run it some times, and tell how long that took.",
            .positionals = {{"MODEL", "a model, as org/repo or org/repo@version", &m_model}},
            .flags = {{"--samples", "N", "How often, 1 to 1000; 10 unless given.", "--samples 50", &m_samples}},
            .examples = {"modelmora warmup org/repo", "modelmora warmup org/repo --samples 100"}};
    }

    Result<ExitCode> run(Context& context) override {
        v1::WarmUpModelRequest request;
        request.set_model_id(m_model);
        request.set_samples(m_samples);
        MM_TRY(const auto done, context.engine().call(&Management::WarmUpModel, request, EngineClient::kLongSeconds));
        context.show(done, [&] {
            return printable(m_model) + " is warm after " + humanMilliseconds(done.warmup_time_ms()) + ": " +
                   std::to_string(done.samples()) + " runs, the first in " + humanMilliseconds(done.first_ms()) +
                   ", the last in " + humanMilliseconds(done.last_ms()) + ", the fastest in " +
                   humanMilliseconds(done.fastest_ms()) + "\n";
        });
        return ExitCode::Ok;
    }

private:
    std::string m_model;
    int m_samples = 0;
};

std::string unloadedText(const std::string& model, const v1::UnloadModelResponse& unloaded) {
    std::string text = printable(model) + (unloaded.unloaded() ? " is unloaded" : " was not loaded");
    if (unloaded.ended_requests() > 0)
        text += ", " + std::to_string(unloaded.ended_requests()) +
                (unloaded.ended_requests() == 1 ? " request" : " requests") + " ended with it";
    if (unloaded.freed_mb() > 0)
        text += ", " + megabytes(unloaded.freed_mb()) + " are free again";
    return text + "\n";
}

class Unload final : public Command {
public:
    explicit Unload(const char* name) {
        m_declaration = {
            .name = name,
            .summary = "Unload a model; answers when its memory is free again.",
            .positionals = {{"MODEL", "a model, as org/repo or org/repo@version", &m_model}},
            .flags = {{"--now", "", "Do not wait for what runs: end it, and what waits, and kill the worker.", "--now",
                       &m_now}},
            .examples = {std::string("modelmora ") + name + " org/repo",
                         std::string("modelmora ") + name + " org/repo --now"},
            .details = "`unload` and `evict` are the same. What runs is waited for, within the engine's drain "
                       "timeout; nothing new begins. With --now whoever is served by the model or waits for "
                       "it is answered with SERVICE_UNAVAILABLE at once, and its jobs fail; `modelmora jobs "
                       "retry` computes those after all."};
    }

    Result<ExitCode> run(Context& context) override {
        v1::UnloadModelRequest request;
        request.set_model_id(m_model);
        request.set_now(m_now);
        MM_TRY(const auto response,
               context.engine().call(&Management::UnloadModel, request, EngineClient::kLongSeconds));
        context.show(response, [&] { return unloadedText(m_model, response); });
        return ExitCode::Ok;
    }

private:
    std::string m_model;
    bool m_now = false;
};

class SetPinned final : public Command {
public:
    explicit SetPinned(bool pinned) : m_pinned(pinned) {
        m_declaration = {.name = pinned ? "pin" : "unpin",
                         .summary = pinned ? "Keep a model loaded whatever happens, once it is."
                                           : "Let a pinned model go again when room is needed or it is idle.",
                         .positionals = {{"MODEL", "a model, as org/repo or org/repo@version", &m_model}},
                         .examples = {pinned ? "modelmora pin org/repo" : "modelmora unpin org/repo"}};
    }

    Result<ExitCode> run(Context& context) override {
        v1::SetPinnedRequest request;
        request.set_model_id(m_model);
        request.set_pinned(m_pinned);
        MM_TRY(const auto status, context.engine().call(&Management::SetPinned, request));
        context.show(status, [&] {
            return printable(m_model) + (status.pinned() ? " is pinned" : " is not pinned") + ", and " +
                   std::string(stateName(status.state())) + "\n";
        });
        return ExitCode::Ok;
    }

private:
    bool m_pinned;
    std::string m_model;
};

} // namespace

std::unique_ptr<Command> makeLoad() {
    return std::make_unique<Load>();
}
std::unique_ptr<Command> makeWarmup() {
    return std::make_unique<Warmup>();
}
std::unique_ptr<Command> makeUnload() {
    return std::make_unique<Unload>("unload");
}
std::unique_ptr<Command> makeEvict() {
    return std::make_unique<Unload>("evict");
}

std::unique_ptr<Command> makePin() {
    return std::make_unique<SetPinned>(true);
}
std::unique_ptr<Command> makeUnpin() {
    return std::make_unique<SetPinned>(false);
}

} // namespace mm::cli
