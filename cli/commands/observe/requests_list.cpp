// requests list: requests by what became of them, and log-level: how much the engine says.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "engine/ipc/enum_name.h"
#include "engine/ipc/times/time_text.h"

#include <charconv>

namespace mm::cli {
namespace {

using Observability = v1::ObservabilityService::StubInterface;

Result<double> milliseconds(const std::string& text) {
    double value = -1;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure == std::errc{} && end == text.data() + text.size() && value >= 0)
        return value;
    return invalidField("--slower-than", "must be a number of milliseconds, not '" + text + "'");
}

Result<v1::RequestState> stateOf(const std::string& text) {
    std::string constant = "REQUEST_STATE_";
    for (const char c : text)
        constant.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    v1::RequestState state = v1::REQUEST_STATE_UNSPECIFIED;
    if (v1::RequestState_Parse(constant, &state))
        return state;
    return invalidField("--state", "must be waiting, held, running, completed, failed or cancelled");
}

class RequestsList final : public Command {
public:
    RequestsList() {
        m_declaration = {
            .name = "requests list",
            .summary = "Find requests by what became of them, the newest first.",
            .flags = {{"--state",
                       "STATE",
                       "Only those in this state.",
                       "--state failed",
                       &m_state,
                       {"waiting", "held", "running", "completed", "failed", "cancelled"}},
                      {"--model", "MODEL", "Only for this model.", "--model org/repo", &m_model},
                      {"--client", "NAME", "Only of this client.", "--client nightly", &m_client},
                      {"--since", "TIME", "Only those that ended since then.", "--since 24h", &m_since},
                      {"--until", "TIME", "Only those that ended before then.", "--until 1h", &m_until},
                      {"--slower-than", "MS", "Only those that took longer.", "--slower-than 500", &m_slower},
                      {"--error", "CODE", "Only those that failed so.", "--error INFERENCE_TIMEOUT", &m_error},
                      {"--limit", "N", "At most so many; otherwise 100.", "--limit 20", &m_limit}},
            .examples = {"modelmora requests list --state failed --since 24h",
                         "modelmora requests list --model org/repo --slower-than 500 --json"},
            .details =
                "The engine remembers the last 10,000 requests that ended. Failed and slow ones (slow-request-ms) "
                "are found across restarts."};
    }

    Result<ExitCode> run(Context& context) override {
        MM_TRY(const v1::ListRequestsRequest request, ask());
        MM_TRY(const auto found, context.engine().call(&Observability::ListRequests, request));
        context.show(found, [&] { return describe(found, context.terminal); });
        return ExitCode::Ok;
    }

private:
    [[nodiscard]] Result<v1::ListRequestsRequest> ask() const {
        v1::ListRequestsRequest request;
        if (!m_state.empty()) {
            MM_TRY(const v1::RequestState state, stateOf(m_state));
            request.set_state(state);
        }
        request.set_model_id(m_model);
        request.set_client(m_client);
        request.set_error_code(m_error);
        request.set_limit(m_limit);
        for (const auto& [flag, text, isSince] :
             {std::tuple("--since", &m_since, true), std::tuple("--until", &m_until, false)}) {
            if (text->empty())
                continue;
            const auto time = readTime(*text, WallTime::clock::now());
            if (!time)
                return invalidField(flag, std::string("must be ") + kTimeText + ", not '" + *text + "'");
            *(isSince ? request.mutable_since() : request.mutable_until()) = *time;
        }
        if (!m_slower.empty()) {
            MM_TRY(const double slower, milliseconds(m_slower));
            request.set_slower_than_ms(slower);
        }
        return request;
    }

    static std::string describe(const v1::ListRequestsResponse& found, const Terminal& terminal) {
        Table table({{"ENDED"},
                     {"STATE"},
                     {"REQUEST"},
                     {"MODEL"},
                     {"CLIENT"},
                     {"INPUTS", Table::Align::Right},
                     {"TOOK", Table::Align::Right},
                     {"ERROR"}});
        for (const v1::QueueEntry& entry : found.requests())
            table.add({timeOf(entry.finished_at()), enumName(entry.state()), printable(entry.request_id()),
                       printable(entry.version().empty() ? entry.model_id() : entry.model_id() + "@" + entry.version()),
                       printable(entry.client()), std::to_string(entry.inputs()),
                       entry.has_metadata() ? humanMilliseconds(entry.metadata().total_time_ms()) : std::string(),
                       printable(entry.error().code())});
        std::string text = table.empty() ? "No such requests are known.\n" : table.render(titlePainter(terminal));
        if (found.has_more())
            text += "There are more; --limit shows more of them.\n";
        return text;
    }

    std::string m_state;
    std::string m_model;
    std::string m_client;
    std::string m_since;
    std::string m_until;
    std::string m_slower;
    std::string m_error;
    int m_limit = 0;
};

class LogLevel final : public Command {
public:
    LogLevel() {
        m_declaration = {.name = "log-level",
                         .summary = "Show how much the engine says in its log, or change it while it runs.",
                         .positionals = {{"LEVEL", "trace, debug, info, warning, error or off.", &m_level, false}},
                         .examples = {"modelmora log-level", "modelmora log-level debug"},
                         .details = "A change holds until the engine ends; the setting log-level says how it starts."};
    }

    Result<ExitCode> run(Context& context) override {
        v1::LogLevelStatus status;
        if (m_level.empty()) {
            MM_TRY(status, context.engine().call(&Observability::GetLogLevel, v1::GetLogLevelRequest()));
        } else {
            v1::SetLogLevelRequest request;
            request.set_level(m_level);
            MM_TRY(status, context.engine().call(&Observability::SetLogLevel, request));
        }
        context.show(status, [&] {
            return status.level() == status.configured_level()
                       ? status.level() + "\n"
                       : status.level() + " (started with " + status.configured_level() + ")\n";
        });
        return ExitCode::Ok;
    }

private:
    std::string m_level;
};

} // namespace

std::unique_ptr<Command> makeRequestsList() {
    return std::make_unique<RequestsList>();
}
std::unique_ptr<Command> makeLogLevel() {
    return std::make_unique<LogLevel>();
}

} // namespace mm::cli
