// queue: what waits and runs, once or again whenever something changes.
#include "cli/commands/commands.h"
#include "cli/commands/operate/change_watch.h"
#include "cli/commands/operate/queue_text.h"
#include "cli/output/proto_json.h"

#include <nlohmann/json.hpp>

namespace mm::cli {
namespace {

using Inference = v1::InferenceService::StubInterface;

class Queue final : public Command {
public:
    Queue() {
        m_declaration = {
            .name = "queue",
            .summary = "Show what waits and runs, in the order in which it will start.",
            .flags = {{"--model", "MODEL", "Only requests for this model.", "--model org/repo", &m_model},
                      {"--client", "NAME", "Only requests of this client.", "--client nightly", &m_client},
                      {"--limit", "N", "At most so many requests; otherwise 1000.", "--limit 20", &m_limit},
                      {"--follow,-f", "", "Show it anew when it changes, until interrupted.", "--follow", &m_follow}},
            .examples = {"modelmora queue", "modelmora queue --model org/repo --follow",
                         "modelmora queue --follow --json | jq .running"},
            .details =
                "With --follow it is shown anew at most four times a second; with --json, each reading is one line."};
    }

    Result<ExitCode> run(Context& context) override {
        v1::GetQueueRequest request;
        request.set_model_id(m_model);
        request.set_client(m_client);
        request.set_limit(m_limit);
        if (!m_follow) {
            MM_TRY(const auto report, context.engine().call(&Inference::GetQueue, request));
            context.show(report, [&] { return describeQueue(report, context.terminal); });
            return ExitCode::Ok;
        }
        return follow(context, request);
    }

private:
    static Result<ExitCode> follow(Context& context, const v1::GetQueueRequest& request) {
        constexpr const char* kClear = "\033[H\033[2J";
        ChangeWatch changes(context.engine(), {"request", "queue.depth", "model", "load"});
        for (bool isFirst = true;; isFirst = false) {
            MM_CHECK(changes.wait());
            MM_TRY(const auto report, context.engine().call(&Inference::GetQueue, request));
            if (context.options.json)
                context.terminal.print(jsonLine(toJson(report)));
            else
                context.terminal.print((context.terminal.outIsTerminal() ? kClear
                                        : isFirst                        ? ""
                                                                         : "\n") +
                                       describeQueue(report, context.terminal));
            MM_CHECK(context.terminal.flush());
            if (context.terminal.readerGone())
                return ExitCode::Ok;
        }
    }

    std::string m_model;
    std::string m_client;
    int m_limit = 0;
    bool m_follow = false;
};

} // namespace

std::unique_ptr<Command> makeQueue() {
    return std::make_unique<Queue>();
}

} // namespace mm::cli
