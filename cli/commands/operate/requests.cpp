// requests show, cancel, hold, release, priority: one request by its id.
#include "cli/commands/commands.h"
#include "cli/commands/operate/queue_text.h"
#include "cli/output/text.h"
#include "engine/ipc/enum_name.h"
#include "engine/ipc/names.h"

namespace mm::cli {
namespace {

using Inference = v1::InferenceService::StubInterface;

template <typename Request>
using Method = grpc::Status (Inference::*)(grpc::ClientContext*, const Request&, v1::QueueEntry*);

// What all of them have in common: an id goes in, the request as it is now comes out.
template <typename Request>
class RequestCommand : public Command {
public:
    RequestCommand(const char* verb, const char* summary, Method<Request> method) : m_method(method) {
        m_declaration = {.name = std::string("requests ") + verb,
                         .summary = summary,
                         .positionals = {{"ID", "the id of a request, as `modelmora queue` shows it", &m_id}},
                         .examples = {std::string("modelmora requests ") + verb + " nightly-17"}};
    }

    Result<ExitCode> run(Context& context) override {
        Request request;
        request.set_request_id(m_id);
        MM_CHECK(complete(request));
        MM_TRY(const auto entry, context.engine().call(m_method, request));
        context.show(entry, [&] { return describe(entry, context.terminal); });
        return ExitCode::Ok;
    }

protected:
    virtual Result<void> complete(Request&) const { return {}; }
    [[nodiscard]] virtual std::string describe(const v1::QueueEntry& entry, const Terminal&) const {
        return printable(m_id) + " is " + enumName(entry.state()) +
               (entry.position() > 0 ? ", at place " + std::to_string(entry.position()) : std::string()) + "\n";
    }

private:
    Method<Request> m_method;
    std::string m_id;
};

class Show final : public RequestCommand<v1::GetRequestRequest> {
public:
    Show()
        : RequestCommand("show", "Show one request: its place, why it waits, or where its time went.",
                         &Inference::GetRequest) {}

protected:
    [[nodiscard]] std::string describe(const v1::QueueEntry& entry, const Terminal& terminal) const override {
        return describeEntry(entry, terminal);
    }
};

class SetPriority final : public RequestCommand<v1::SetRequestPriorityRequest> {
public:
    SetPriority() : RequestCommand("priority", "Raise or lower a request that waits.", &Inference::SetRequestPriority) {
        m_declaration.positionals.push_back({"PRIORITY", "critical, high, normal or low", &m_priority});
        m_declaration.examples = {"modelmora requests priority nightly-17 low"};
    }

protected:
    Result<void> complete(v1::SetRequestPriorityRequest& request) const override {
        const auto priority = priorityFromName(m_priority);
        if (!priority)
            return invalidField("PRIORITY", "'" + m_priority + "' is none of critical, high, normal, low");
        request.set_priority(*priority);
        return {};
    }

    [[nodiscard]] std::string describe(const v1::QueueEntry& entry, const Terminal& terminal) const override {
        const std::string now = RequestCommand::describe(entry, terminal);
        return now.substr(0, now.size() - 1) + ", with priority " + enumName(entry.priority()) + "\n";
    }

private:
    std::string m_priority;
};

} // namespace

std::unique_ptr<Command> makeRequestsShow() {
    return std::make_unique<Show>();
}
std::unique_ptr<Command> makeRequestsCancel() {
    return std::make_unique<RequestCommand<v1::CancelRequestRequest>>("cancel", "End a request, waiting or running.",
                                                                      &Inference::CancelRequest);
}
std::unique_ptr<Command> makeRequestsHold() {
    return std::make_unique<RequestCommand<v1::HoldRequestRequest>>(
        "hold", "Hold a waiting request back: it keeps its place, but does not start.", &Inference::HoldRequest);
}
std::unique_ptr<Command> makeRequestsRelease() {
    return std::make_unique<RequestCommand<v1::ReleaseRequestRequest>>(
        "release", "Let a request go on that was held back.", &Inference::ReleaseRequest);
}
std::unique_ptr<Command> makeRequestsPriority() {
    return std::make_unique<SetPriority>();
}

} // namespace mm::cli
