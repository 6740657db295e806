// events: what has happened, and with --follow what happens, one line each.
#include "cli/commands/commands.h"
#include "cli/output/proto_json.h"
#include "cli/output/text.h"
#include "engine/base/clock.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace mm::cli {
namespace {

constexpr std::size_t kTypeWidth = 26;

Result<std::int64_t> eventId(const std::string& text) {
    std::int64_t id = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (problem != std::errc() || end != text.data() + text.size() || id < 1)
        return invalidField("--since", "must be the id of an event, a whole number from 1, not '" + text + "'");
    return id;
}

std::string timeOf(const v1::Event& event) {
    const auto since = std::chrono::seconds(event.at().seconds()) + std::chrono::nanoseconds(event.at().nanos());
    return toIso8601(WallTime(std::chrono::duration_cast<WallTime::duration>(since)));
}

class Events final : public Command {
public:
    Events() {
        m_declaration = {
            .name = "events",
            .summary = "Show what has happened, and with --follow what happens.",
            .flags = {{"--follow,-f", "", "Go on with what happens from now on.", "--follow", &m_follow},
                      {"--type", "TYPE", "Only this topic (model) or type (model.loaded); repeatable.", "--type model",
                       &m_types},
                      {"--model", "MODEL", "Only of this model or version.", "--model org/repo", &m_model},
                      {"--request", "ID", "Only of this request.", "--request 7f9c", &m_request},
                      {"--job", "ID", "Only of this job.", "--job 7f9c", &m_job},
                      {"--client", "NAME", "Only of this client.", "--client team-a", &m_client},
                      {"--since", "ID", "Only after the event with this id.", "--since 1763720000000000", &m_since}},
            .examples = {"modelmora events --type model", "modelmora events --follow --type model --type job",
                         "modelmora events --follow --json --since 1763720000000000"},
            .details = "Without --follow it shows what the engine remembers and ends. With --json it prints one object "
                       "a line. Events of requests and the queue are made only while somebody follows them."};
    }

    Result<ExitCode> run(Context& context) override {
        MM_TRY(const v1::WatchEventsRequest request, ask());
        MM_CHECK(context.engine().watchEvents(request, [&](const v1::Event& event) {
            context.terminal.print(context.options.json ? toJson(event).dump(-1, ' ', false, kReplace) + "\n"
                                                        : line(event, context.terminal));
            if (m_follow)
                (void)context.terminal.finish();
            return !context.terminal.readerGone();
        }));
        return ExitCode::Ok;
    }

private:
    static constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;

    [[nodiscard]] Result<v1::WatchEventsRequest> ask() const {
        v1::WatchEventsRequest request;
        if (!m_since.empty()) {
            MM_TRY(const std::int64_t id, eventId(m_since));
            request.set_after_id(id);
        }
        for (const std::string& type : m_types)
            request.add_types(type);
        request.set_model_id(m_model);
        request.set_request_id(m_request);
        request.set_job_id(m_job);
        request.set_client(m_client);
        request.set_remembered_only(!m_follow);
        return request;
    }

    static std::string line(const v1::Event& event, const Terminal& terminal) {
        std::string type = printable(event.type());
        type.resize(std::max(type.size(), kTypeWidth), ' ');
        return terminal.paint(Colour::Dim, timeOf(event) + "  " + std::to_string(event.id())) + "  " +
               terminal.paint(Colour::Bold, type) + "  " + printable(event.message()) + "\n";
    }

    bool m_follow = false;
    std::vector<std::string> m_types;
    std::string m_model;
    std::string m_request;
    std::string m_job;
    std::string m_client;
    std::string m_since;
};

} // namespace

std::unique_ptr<Command> makeEvents() {
    return std::make_unique<Events>();
}

} // namespace mm::cli
