// keys create, list, rotate, revoke; whoami.
#include "cli/client/local_access.h"
#include "cli/commands/access/access_text.h"
#include "cli/commands/commands.h"
#include "engine/ipc/names.h"
#include "engine/ipc/times/time_text.h"

namespace mm::cli {
namespace {

using Access = v1::AccessService::StubInterface;

// What all of them know: the engine over gRPC, or the data folder by itself.
class KeyCommand : public Command {
protected:
    void addLocalFlags() {
        m_declaration.flags.push_back({"--local", "",
                                       "On the data folder of this machine, whether an engine runs or not, without a "
                                       "key.",
                                       "--local", &m_local});
        m_declaration.flags.push_back(
            {"--data-dir", "DIR", "That folder; otherwise the engine's own default.", "--data-dir /srv/m", &m_dataDir});
    }
    template <typename Response, typename Request>
    Result<Response> ask(Context& context, const char* name,
                         grpc::Status (Access::*method)(grpc::ClientContext*, const Request&, Response*),
                         const Request& request) {
        if (!m_local && !m_dataDir.empty())
            return Error{ErrorCode::ValidationError, "--data-dir goes with --local."};
        if (m_local)
            return callLocally<Response>(name, request, m_dataDir);
        return context.engine().call(method, request);
    }
    // The secret alone on the output where people do not read along, so that it can be put into a file.
    static void showSecret(Context& context, const v1::IssuedKey& issued) {
        if (!context.options.json)
            context.terminal.note("Keep this secret: it is shown only now.\n");
        context.show(issued, [&] { return issued.secret() + "\n"; });
    }

private:
    bool m_local = false;
    std::string m_dataDir;
};

Result<std::int64_t> secondsOf(const std::string& text) {
    const auto span = readSpan(text);
    if (!span || span->count() == 0)
        return Error{ErrorCode::ValidationError, "'" + text + "' is no time; write 90d, 12h, 30m or 600s."};
    return span->count();
}

class KeysCreate final : public KeyCommand {
public:
    KeysCreate() {
        m_declaration = {
            .name = "keys create",
            .summary = "Make an API key and print its secret, once.",
            .positionals = {{"NAME", "what the key is called; requests with it count under this name", &m_name}},
            .flags = {{"--role",
                       "ROLE",
                       "What it may do: viewer, user, operator or admin.",
                       "--role user",
                       &m_role,
                       {"viewer", "user", "operator", "admin"}},
                      {"--model", "PATTERN", "Models that it may use, such as 'org/*'; all without it.",
                       "--model org/*", &m_models},
                      {"--max-priority",
                       "PRIORITY",
                       "The highest priority that it may ask for.",
                       "--max-priority normal",
                       &m_priority,
                       {"critical", "high", "normal", "low"}},
                      {"--requests-per-minute", "N", "How many requests it may send.", "--requests-per-minute 600",
                       &m_requests},
                      {"--compute-per-minute", "SECONDS", "How much compute it may use in a minute.",
                       "--compute-per-minute 20", &m_perMinute},
                      {"--compute-per-day", "SECONDS", "How much compute it may use in a day.",
                       "--compute-per-day 3600", &m_perDay},
                      {"--expires", "TIME", "When it ends: 90d, 12h, 30m or 600s; never without it.", "--expires 90d",
                       &m_expires}},
            .examples = {"modelmora keys create first --role admin --local > admin.key",
                         "modelmora keys create app --role user --model 'org/*' --requests-per-minute 600"}};
        addLocalFlags();
    }

    Result<ExitCode> run(Context& context) override {
        v1::CreateKeyRequest request;
        request.set_name(m_name);
        request.set_role(m_role);
        for (const std::string& pattern : m_models)
            request.add_models(pattern);
        if (const auto priority = priorityFromName(m_priority))
            request.set_max_priority(*priority);
        MM_CHECK(setLimits(*request.mutable_limits()));
        if (!m_expires.empty()) {
            MM_TRY(const std::int64_t seconds, secondsOf(m_expires));
            request.set_expires_in_seconds(seconds);
        }
        MM_TRY(const v1::IssuedKey issued,
               (ask<v1::IssuedKey, v1::CreateKeyRequest>(context, "CreateKey", &Access::CreateKey, request)));
        showSecret(context, issued);
        return ExitCode::Ok;
    }

private:
    static Result<double> numberOf(const std::string& text, const char* flag) {
        try {
            std::size_t used = 0;
            const double number = std::stod(text, &used);
            if (used == text.size())
                return number;
        } catch (const std::exception&) { // no number, or too large a one
        }
        return Error{ErrorCode::ValidationError, std::string(flag) + ": '" + text + "' is no number."};
    }
    Result<void> setLimits(v1::KeyLimits& limits) const {
        if (!m_requests.empty()) {
            MM_TRY(const double number, numberOf(m_requests, "--requests-per-minute"));
            limits.set_requests_per_minute(static_cast<int>(std::min(std::max(number, -1.0), 2e9)));
        }
        if (!m_perMinute.empty()) {
            MM_TRY(const double number, numberOf(m_perMinute, "--compute-per-minute"));
            limits.set_compute_seconds_per_minute(number);
        }
        if (!m_perDay.empty()) {
            MM_TRY(const double number, numberOf(m_perDay, "--compute-per-day"));
            limits.set_compute_seconds_per_day(number);
        }
        return {};
    }

    std::string m_name;
    std::string m_role = "user";
    std::vector<std::string> m_models;
    std::string m_priority;
    std::string m_requests;
    std::string m_perMinute;
    std::string m_perDay;
    std::string m_expires;
};

class KeysList final : public KeyCommand {
public:
    KeysList() {
        m_declaration = {.name = "keys list",
                         .summary = "Show the API keys, without their secrets.",
                         .flags = {{"--all,-a", "", "Those that are revoked or expired too.", "--all", &m_all}},
                         .examples = {"modelmora keys list", "modelmora keys list --all --local"}};
        addLocalFlags();
    }
    Result<ExitCode> run(Context& context) override {
        v1::ListKeysRequest request;
        request.set_all(m_all);
        MM_TRY(const v1::ListKeysResponse keys,
               (ask<v1::ListKeysResponse, v1::ListKeysRequest>(context, "ListKeys", &Access::ListKeys, request)));
        context.show(keys, [&] { return describeKeys(keys, context.terminal); });
        return ExitCode::Ok;
    }

private:
    bool m_all = false;
};

class KeysRotate final : public KeyCommand {
public:
    KeysRotate() {
        m_declaration = {
            .name = "keys rotate",
            .summary = "Give a key another secret and print it, once.",
            .positionals = {{"KEY", "its name or its id", &m_key}},
            .flags = {{"--keep-old", "TIME", "How long the old secret still holds; not at all without it.",
                       "--keep-old 1h", &m_keepOld}},
            .examples = {"modelmora keys rotate app > app.key", "modelmora keys rotate app --keep-old 1h"}};
        addLocalFlags();
    }
    Result<ExitCode> run(Context& context) override {
        v1::RotateKeyRequest request;
        request.set_key(m_key);
        if (!m_keepOld.empty()) {
            MM_TRY(const std::int64_t seconds, secondsOf(m_keepOld));
            request.set_keep_old_seconds(seconds);
        }
        MM_TRY(const v1::IssuedKey issued,
               (ask<v1::IssuedKey, v1::RotateKeyRequest>(context, "RotateKey", &Access::RotateKey, request)));
        showSecret(context, issued);
        return ExitCode::Ok;
    }

private:
    std::string m_key;
    std::string m_keepOld;
};

class KeysRevoke final : public KeyCommand {
public:
    KeysRevoke() {
        m_declaration = {.name = "keys revoke",
                         .summary = "End a key: nobody gets in with it any more.",
                         .positionals = {{"KEY", "its name or its id", &m_key}},
                         .examples = {"modelmora keys revoke app", "modelmora keys revoke app --local"}};
        addLocalFlags();
    }
    Result<ExitCode> run(Context& context) override {
        v1::RevokeKeyRequest request;
        request.set_key(m_key);
        MM_TRY(const v1::ApiKey key,
               (ask<v1::ApiKey, v1::RevokeKeyRequest>(context, "RevokeKey", &Access::RevokeKey, request)));
        context.show(key, [&] { return describeKey(key); });
        return ExitCode::Ok;
    }

private:
    std::string m_key;
};

class Whoami final : public Command {
public:
    Whoami() {
        m_declaration = {.name = "whoami",
                         .summary = "Show as whom the engine knows you, and what you may do.",
                         .examples = {"modelmora whoami", "modelmora whoami --key-file app.key"}};
    }
    Result<ExitCode> run(Context& context) override {
        MM_TRY(const v1::CallerIdentity caller, context.engine().call(&Access::GetIdentity, v1::GetIdentityRequest()));
        context.show(caller, [&] { return describeCaller(caller); });
        return ExitCode::Ok;
    }
};

} // namespace

std::unique_ptr<Command> makeKeysCreate() {
    return std::make_unique<KeysCreate>();
}
std::unique_ptr<Command> makeKeysList() {
    return std::make_unique<KeysList>();
}
std::unique_ptr<Command> makeKeysRotate() {
    return std::make_unique<KeysRotate>();
}
std::unique_ptr<Command> makeKeysRevoke() {
    return std::make_unique<KeysRevoke>();
}
std::unique_ptr<Command> makeWhoami() {
    return std::make_unique<Whoami>();
}

} // namespace mm::cli
