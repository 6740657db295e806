// bench: how fast a model answers, at several numbers of clients.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/commands/measure/bench_figures.h"
#include "cli/commands/measure/bench_run.h"
#include "cli/input/key_values.h"
#include "cli/output/proto_json.h"
#include "cli/output/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace mm::cli {
namespace {

using Management = v1::ManagementService::StubInterface;
using Registry = v1::RegistryService::StubInterface;

constexpr std::size_t kRequests = 64; // different ones, taken in turns
constexpr int kMostInputs = 1024;
constexpr int kMostWords = 100'000;
constexpr int kMostSeconds = 86'400;

Error wrong(const char* flag, const char* wants) {
    return {ErrorCode::ValidationError, std::string(flag) + " is a number " + wants + "."};
}

nlohmann::ordered_json toJson(const BenchLevel& level) {
    const auto round = [](double value) { return std::round(value * 1000) / 1000; };
    nlohmann::ordered_json json;
    json["concurrency"] = level.concurrency;
    json["seconds"] = round(level.seconds);
    json["requests"] = level.requests;
    json["requests_per_second"] = round(level.perSecond(level.requests));
    json["inputs_per_second"] = round(level.perSecond(level.inputs));
    json["tokens_per_second"] = round(level.perSecond(level.tokens));
    json["latency_ms"] = {{"mean", round(level.meanMs)}, {"p50", round(level.p50Ms)}, {"p90", round(level.p90Ms)},
                          {"p95", round(level.p95Ms)},   {"p99", round(level.p99Ms)}, {"max", round(level.maxMs)}};
    json["engine_ms"] = {
        {"queue", round(level.queueMs)}, {"batch_wait", round(level.batchWaitMs)}, {"compute", round(level.computeMs)}};
    json["mean_batch_size"] = round(level.batchSize);
    json["memory_bytes"] = level.memoryBytes;
    json["peak_bytes"] = level.peakBytes;
    json["failures"] = nlohmann::ordered_json::object();
    for (const auto& [code, count] : level.failures)
        json["failures"][code] = count;
    return json;
}

std::string perSecond(double value) {
    return humanNumber(value, value < 99.5 ? 1 : 0);
}

std::string describe(const std::vector<BenchLevel>& levels, const Terminal& terminal) {
    using Align = Table::Align;
    Table table({{"CLIENTS", Align::Right},
                 {"REQUESTS/S", Align::Right},
                 {"INPUTS/S", Align::Right},
                 {"TOKENS/S", Align::Right},
                 {"P50", Align::Right},
                 {"P90", Align::Right},
                 {"P99", Align::Right},
                 {"MAX", Align::Right},
                 {"BATCH", Align::Right},
                 {"MEMORY", Align::Right},
                 {"FAILED", Align::Right}});
    for (const BenchLevel& level : levels) {
        std::int64_t failed = 0;
        for (const auto& [code, count] : level.failures)
            failed += count;
        table.add({std::to_string(level.concurrency), perSecond(level.perSecond(level.requests)),
                   perSecond(level.perSecond(level.inputs)), perSecond(level.perSecond(level.tokens)),
                   humanMilliseconds(level.p50Ms), humanMilliseconds(level.p90Ms), humanMilliseconds(level.p99Ms),
                   humanMilliseconds(level.maxMs), humanNumber(level.batchSize, 1),
                   humanBytes(static_cast<double>(level.memoryBytes)), failed == 0 ? "" : std::to_string(failed)});
    }
    return table.render(titlePainter(terminal));
}

class Bench final : public Command {
public:
    Bench() {
        m_declaration = {
            .name = "bench",
            .summary = "Measure how fast a model answers: throughput, latency and memory.",
            .positionals = {{"MODEL", "a model, as org/repo or org/repo@version", &m_model}},
            .flags = {{"--concurrency,-c", "N,N,...", "Clients that ask at one time; otherwise 1,4,16.",
                       "--concurrency 1,8,64", &m_levels},
                      {"--seconds", "N", "How long each number of clients asks; otherwise 5.", "--seconds 30",
                       &m_seconds},
                      {"--requests", "N", "So many requests instead.", "--requests 1000", &m_requests},
                      {"--inputs", "N", "Texts in a request; otherwise 1.", "--inputs 32", &m_inputs},
                      {"--words", "N", "Words in a text; otherwise 12.", "--words 200", &m_words},
                      {"--param", "KEY=VALUE", "A parameter of the model's task.", "--param dimensions=128",
                       &m_params}},
            .examples = {"modelmora bench org/repo", "modelmora bench org/repo -c 1,2,4,8 --seconds 10 --json",
                         "modelmora bench org/repo --inputs 32 --words 100 --requests 200"},
            .details =
                "Nothing else is needed: the texts are made up. The model is loaded first. Latency is what a client of "
                "gRPC on this machine waits, tokenising and sending included; memory is what the engine counts for the "
                "model's workers. Failed requests are counted apart; it fails where all of them do."};
    }

    Result<ExitCode> run(Context& context) override {
        MM_CHECK(checkFlags());
        MM_TRY(const auto levels, readLevels(m_levels));
        MM_TRY(const v1::Model model, modelOf(context));
        MM_CHECK(load(context));
        BenchOrder order{.engine = context.engineOptions(),
                         .requests = {},
                         .duration = std::chrono::seconds(m_seconds),
                         .count = m_requests};
        MM_TRY(order.requests, requests(model.task_type()));
        std::vector<BenchLevel> results;
        for (const int level : levels) {
            order.concurrency = level;
            MM_TRY(BenchLevel result, measure(context, order));
            results.push_back(std::move(result));
        }
        show(context, model, results);
        return ExitCode::Ok;
    }

private:
    [[nodiscard]] Result<void> checkFlags() const {
        if (m_seconds < 1 || m_seconds > kMostSeconds)
            return wrong("--seconds", "from 1 to 86400");
        if (m_requests < 0)
            return wrong("--requests", "from 1 on");
        if (m_inputs < 1 || m_inputs > kMostInputs)
            return wrong("--inputs", "from 1 to 1024");
        if (m_words < 1 || m_words > kMostWords)
            return wrong("--words", "from 1 to 100000");
        return {};
    }

    Result<v1::Model> modelOf(Context& context) const {
        v1::GetModelRequest request;
        request.set_model_id(m_model);
        return context.engine().call(&Registry::GetModel, request);
    }

    Result<void> load(Context& context) const {
        v1::LoadModelRequest request;
        request.set_model_id(m_model);
        const auto loaded = context.engine().load(request, [&](const v1::LoadStage& stage) {
            context.terminal.live("loading " + printable(m_model) + ": " + humanNumber(stage.percent(), 0) + " %");
        });
        context.terminal.endLive();
        if (!loaded.ok())
            return loaded.error();
        return {};
    }

    Result<std::vector<v1::InferenceRequest>> requests(v1::TaskType task) const {
        MM_TRY(const auto parameters, toSettings("--param", m_params));
        const auto inputs = static_cast<std::size_t>(m_inputs);
        const auto texts = benchTexts(kRequests * inputs, m_words);
        std::vector<v1::InferenceRequest> made(kRequests);
        for (std::size_t i = 0; i < made.size(); ++i) {
            made[i].set_model_id(m_model);
            made[i].set_embedding_format(v1::EMBEDDING_FORMAT_BYTES);
            if (parameters.fields_size() > 0)
                *made[i].mutable_parameters() = parameters;
            v1::InputData& input = *made[i].mutable_input_data();
            for (std::size_t k = 0; k < inputs; ++k) {
                const std::string& text = texts[i * inputs + k];
                if (task == v1::TASK_TYPE_TXTPAIR2SCORE)
                    input.mutable_query_documents()->add_documents(text);
                else
                    input.mutable_text_batch()->add_texts(text);
            }
            if (task == v1::TASK_TYPE_TXTPAIR2SCORE)
                input.mutable_query_documents()->set_query("which trains leave in the morning");
        }
        return made;
    }

    Result<BenchLevel> measure(Context& context, const BenchOrder& order) const {
        const std::string what =
            std::to_string(order.concurrency) + (order.concurrency == 1 ? " client  " : " clients ");
        BenchOutcome outcome = runBench(order, [&](double part) {
            context.terminal.live(what + progressBar(part) + " " + humanNumber(std::min(part, 1.0) * 100, 0) + " %");
        });
        context.terminal.endLive();
        if (outcome.tally.latencies.empty())
            return Error{ErrorCode::InferenceFailed,
                         "Every request of " + what + "failed; the first one with: " + outcome.tally.firstFailure};
        BenchLevel level = summarise(order.concurrency, outcome.seconds, m_inputs, std::move(outcome.tally));
        v1::GetModelStatusRequest request;
        request.set_model_id(m_model);
        MM_TRY(const auto status, context.engine().call(&Management::GetModelStatus, request));
        level.memoryBytes = status.measured_bytes();
        level.peakBytes = status.peak_bytes();
        return level;
    }

    void show(Context& context, const v1::Model& model, const std::vector<BenchLevel>& levels) const {
        if (!context.options.json) {
            context.terminal.print(describe(levels, context.terminal));
            for (const BenchLevel& level : levels)
                for (const auto& [code, count] : level.failures)
                    context.terminal.note(std::to_string(level.concurrency) + " clients: " + std::to_string(count) +
                                          " " + code + "\n");
            return;
        }
        nlohmann::ordered_json all;
        all["model_id"] = model.model_id() + "@" + model.version();
        all["engine"] = context.options.engine;
        all["inputs_per_request"] = m_inputs;
        all["words_per_input"] = m_words;
        all["levels"] = nlohmann::ordered_json::array();
        for (const BenchLevel& level : levels)
            all["levels"].push_back(toJson(level));
        context.terminal.print(jsonText(all));
    }

    std::string m_model;
    std::string m_levels = "1,4,16";
    int m_seconds = 5;
    int m_requests = 0;
    int m_inputs = 1;
    int m_words = 12;
    std::vector<std::string> m_params;
};

} // namespace

std::unique_ptr<Command> makeBench() {
    return std::make_unique<Bench>();
}

} // namespace mm::cli
