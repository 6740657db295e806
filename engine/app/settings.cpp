#include "engine/app/settings.h"

#include "engine/app/setting_sources.h"
#include "engine/app/setting_values.h"

#include <unistd.h>

#include <algorithm>

namespace mm::app {
namespace {

struct Definition {
    SettingName name;
    std::string fallback;
    std::string_view help;
    ApplySetting apply;
};

std::string defaultDataDir(const Environment& environment) {
    const auto value = [&](std::string_view name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string() : found->second;
    };
    if (const std::string state = value("STATE_DIRECTORY"); !state.empty()) // given by systemd
        return state.substr(0, state.find(':'));
    if (const std::string data = value("XDG_DATA_HOME"); !data.empty())
        return data + "/modelmora";
    const std::string home = value("HOME");
    return (home.empty() ? std::string("/var/lib") : home + "/.local/share") + "/modelmora";
}

// How much memory models may use, and who gives it up.
std::vector<Definition> memoryDefinitions() {
    return {
        {{"memory-budget", "SIZE"},
         "0.9",
         "memory that models may use: a part of the machine's (0.9) or bytes (12GB, 8GiB)",
         memoryBudget(&Settings::memoryBudget)},
        {{"gpu-memory-budget", "SIZE"}, "0.9", "the same of each GPU", memoryBudget(&Settings::gpuMemoryBudget)},
        {{"max-loaded-models", "N"},
         "0",
         "models loaded at one time; 0 takes as many as fit",
         integer(&Settings::maxLoadedModels, 0, 100000)},
        {{"eviction-policy", "NAME"},
         "lru",
         "who goes first when room is needed: lru, lfu or cost",
         applyEvictionPolicy},
        {{"minimum-stay", "SECONDS"},
         "2",
         "how long a loaded model stays before another may take its place",
         seconds(&Settings::minimumStay, 0, 3600)},
        {{"idle-unload", "SECONDS"},
         "0",
         "unload a model that nobody used for so long; 0 keeps it",
         seconds(&Settings::idleUnload, 0, 31'536'000)},
    };
}

std::vector<Definition> grpcDefinitions() {
    return {
        {{"grpc-max-message-mb", "N"},
         "64",
         "largest message of a gRPC request or answer",
         mebibytes(&Settings::grpcMaxMessageBytes, 1, 1024)},
        {{"grpc-max-streams", "N"},
         "1024",
         "gRPC calls of one connection at one time",
         integer(&Settings::grpcMaxStreams, 1, 1000000)},
        {{"grpc-keepalive", "SECONDS"},
         "30",
         "silence of a gRPC client after which it is asked whether it is still there",
         seconds(&Settings::grpcKeepalive, 1, 86400)},
    };
}

std::vector<Definition> jobDefinitions() {
    return {
        {{"max-jobs", "N"}, "10000", "jobs that are accepted and not over", integer(&Settings::maxJobs, 1, 1000000)},
        {{"max-job-mb", "N"}, "1024", "largest inputs of one job", mebibytes(&Settings::maxJobBytes, 1, 65536)},
        {{"job-retention", "SECONDS"},
         "604800",
         "how long the result of a job is kept",
         seconds(&Settings::jobRetention, 1, 31622400)},
        {{"webhook-attempts", "N"},
         "10",
         "how often the end of a job is told before it is given up",
         integer(&Settings::webhookAttempts, 1, 100)},
        {{"webhook-pause", "SECONDS"},
         "5",
         "pause before it is told a second time; doubles each time, up to an hour",
         seconds(&Settings::webhookPause, 0, 3600)},
    };
}

std::vector<Definition> eventDefinitions() {
    return {
        {{"events-kept", "N"},
         "10000",
         "events that are remembered for readers that come back",
         integer(&Settings::eventsKept, 0, 1'000'000)},
        {{"max-event-readers", "N"},
         "512",
         "readers of events at one time",
         integer(&Settings::maxEventReaders, 1, 100'000)},
        {{"max-events-behind", "N"},
         "4096",
         "events that a reader may be behind before it is dropped",
         integer(&Settings::maxEventsBehind, 1, 1'000'000)},
    };
}

std::vector<Definition> observabilityDefinitions() {
    return {
        {{"metrics", "BOOL"}, "true", "count requests for /metrics and keep their history", flag(&Settings::metrics)},
        {{"slow-request-ms", "N"},
         "5000",
         "requests that took longer are kept across restarts, as failed ones are",
         integer(&Settings::slowRequestMs, 1, 86'400'000)},
        {{"otlp-endpoint", "URL"},
         "",
         "collector that takes spans over OTLP/HTTP, such as http://127.0.0.1:4318; empty exports none",
         applyOtlpEndpoint},
        {{"trace-sampling", "SHARE"},
         "1",
         "share of the requests that come without a trace and get one, 0 to 1",
         applyTraceSampling},
    };
}

// Where things are and who may reach them.
std::vector<Definition> placeDefinitions(const Environment& environment) {
    return {
        {{"data-dir", "DIR"},
         defaultDataDir(environment),
         "where the registry and results are kept",
         path(&Settings::dataDir)},
        {{"rest", "HOST:PORT"}, "127.0.0.1:8000", "address of the REST server", address(&Settings::restAddress)},
        {{"grpc", "HOST:PORT"}, "127.0.0.1:50051", "address of the gRPC server", address(&Settings::grpcAddress)},
        {{"allow-remote", ""},
         "false",
         "allow addresses other than loopback, without access control",
         flag(&Settings::allowRemote)},
        {{"tls-certificate", "FILE"},
         "",
         "PEM certificate of the server: REST and gRPC speak TLS only",
         tlsFile(&TlsFiles::certificate)},
        {{"tls-key", "FILE"}, "", "PEM private key of that certificate", tlsFile(&TlsFiles::key)},
        {{"tls-client-ca", "FILE"},
         "",
         "PEM certificates of who signs clients' certificates; every client needs one then",
         tlsFile(&TlsFiles::clientCa)},
        {{"definitions", "DIR"},
         "",
         "folder of YAML files with models to register at start",
         path(&Settings::definitionsDir)},
        {{"threads", "N"},
         "0",
         "CPU threads of each worker; 0 takes every processor",
         integer(&Settings::threads, 0, 1024)},
    };
}

// Who may use it.
std::vector<Definition> accessDefinitions() {
    return {
        {{"access", "on|off"},
         "off",
         "ask every caller for an API key, a token or a certificate; see docs/security.md",
         applyAccess},
        {{"jwt-issuer", "URL"},
         "",
         "whose tokens are taken, as their iss says; its keys are found by OpenID Connect discovery",
         text(&AccessSettings::issuer)},
        {{"jwt-keys", "FILE|URL"}, "", "the issuer's keys (JWKS), where not discovered", text(&AccessSettings::keys)},
        {{"jwt-audience", "NAME"},
         "modelmora",
         "whom tokens must be meant for (aud, or azp)",
         text(&AccessSettings::audience)},
        {{"jwt-roles", "THEIRS=OURS,..."},
         "",
         "what roles in tokens stand for; viewer, user, operator and admin stand for themselves",
         text(&AccessSettings::roleNames)},
        {{"client-identities", "FILE"},
         "",
         "YAML file: which certificates of clients stand for whom; needs tls-client-ca",
         accessFile(&AccessSettings::identities)},
    };
}

// How much there may be at one time, and how long it may take.
std::vector<Definition> limitDefinitions() {
    return {
        {{"load-timeout", "SECONDS"},
         "600",
         "how long a model may take to load",
         seconds(&Settings::loadTimeout, 1, 86400)},
        {{"drain-timeout", "SECONDS"},
         "30",
         "how long running requests may take when a model or the engine stops",
         seconds(&Settings::drainTimeout, 0, 3600)},
        {{"cancel-grace", "SECONDS"},
         "2",
         "how long a cancelled request may go on before its worker is ended",
         seconds(&Settings::cancelGrace, 0, 3600)},
        {{"step-timeout", "SECONDS"},
         "120",
         "how long one step of a worker may take before it counts as stuck and is ended",
         seconds(&Settings::stepTimeout, 1, 86400)},
        {{"max-body-mb", "N"}, "32", "largest request body", mebibytes(&Settings::maxBodyBytes, 1, 1024)},
        {{"max-connections", "N"},
         "1024",
         "REST connections at one time",
         integer(&Settings::maxConnections, 1, 100000)},
        {{"cors-origins", "ORIGIN,..."},
         "",
         "web pages that may call the REST API from a browser; * is every one",
         applyCorsOrigins},
        {{"compression", "WHEN"},
         "auto",
         "answers packed for clients that take it: auto (outputs of models only to other machines), always, never",
         applyCompression},
        {{"max-waiting", "N"},
         "10000",
         "requests waiting or running in total",
         integer(&Settings::maxWaiting, 1, 10000000)},
        {{"max-waiting-per-model", "N"},
         "4096",
         "requests waiting or running for one model",
         integer(&Settings::maxWaitingPerModel, 1, 10000000)},
        {{"max-waiting-mb", "N"},
         "1024",
         "size of the requests waiting or running in total",
         mebibytes(&Settings::maxWaitingBytes, 1, 1'048'576)},
    };
}

std::vector<Definition> furtherDefinitions() {
    return {
        {{"ageing", "SECONDS"},
         "0",
         "who has waited this long goes up one priority, and again; 0: never",
         seconds(&Settings::ageing, 0, 3600)},
        {{"client-weights", "NAME=N,..."},
         "",
         "shares of the compute for clients by name; 1 for those not named",
         applyClientWeights},
        {{"log-level", "LEVEL"}, "info", "trace, debug, info, warning, error or off", applyLogLevel},
        {{"log-format", "FORMAT"}, "human", "human or json", applyLogFormat},
        {{"worker", "FILE"},
         "",
         "the worker program; empty takes modelmora-worker beside the engine",
         path(&Settings::workerProgram)},
    };
}

std::vector<Definition> definitions(const Environment& environment) {
    std::vector<Definition> all = placeDefinitions(environment);
    for (auto part : {accessDefinitions, limitDefinitions, grpcDefinitions, memoryDefinitions, jobDefinitions,
                      eventDefinitions, observabilityDefinitions, furtherDefinitions})
        for (Definition& definition : part())
            all.push_back(std::move(definition));
    return all;
}

const SettingValue* strongest(const std::vector<SettingValue>& values, std::string_view name) {
    const SettingValue* best = nullptr;
    for (const SettingValue& value : values)
        if (value.name == name && (!best || value.origin >= best->origin))
            best = &value;
    return best;
}

Error refused(std::vector<FieldError> problems) {
    Error error{ErrorCode::InvalidConfiguration, {}, {}, std::move(problems)};
    for (const FieldError& problem : error.fieldErrors)
        error.message.append(error.message.empty() ? "" : "; ").append(problem.field + ": " + problem.message);
    return error;
}

bool isLoopback(std::string_view address) {
    const std::string_view host = address.substr(0, address.rfind(':'));
    return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

Result<void> refuseOpenNetwork(const Settings& settings) {
    for (const std::string& address : {settings.restAddress, settings.grpcAddress})
        if (!settings.access && !settings.allowRemote && !isLoopback(address))
            return Error{ErrorCode::InvalidConfiguration,
                         address + " can be reached from other machines, and anyone there could use every model. Ask "
                                   "callers for keys with --access on, bind to 127.0.0.1, or pass --allow-remote if "
                                   "the network is trusted.",
                         {{"address", address}}};
    return {};
}

Result<void> refuseHalfTls(const TlsFiles& tls) {
    if (tls.certificate.empty() != tls.key.empty())
        return Error{ErrorCode::InvalidConfiguration,
                     "--tls-certificate and --tls-key belong together, and only one of them is given."};
    if (!tls.clientCa.empty() && !tls.isOn())
        return Error{ErrorCode::InvalidConfiguration,
                     "--tls-client-ca asks clients for certificates, which needs TLS: give --tls-certificate and "
                     "--tls-key as well."};
    return {};
}

// What would be believed to protect, and does not.
Result<void> refuseHalfAccess(const Settings& settings) {
    const AccessSettings& tokens = settings.tokens;
    const bool namesSomebody =
        !tokens.issuer.empty() || !tokens.keys.empty() || !tokens.roleNames.empty() || !tokens.identities.empty();
    if (namesSomebody && !settings.access)
        return Error{ErrorCode::InvalidConfiguration,
                     "jwt-issuer, jwt-keys, jwt-roles and client-identities say who gets in, and access control is "
                     "off: pass --access on as well."};
    if (tokens.issuer.empty() && (!tokens.keys.empty() || !tokens.roleNames.empty()))
        return Error{ErrorCode::InvalidConfiguration,
                     "jwt-keys and jwt-roles need jwt-issuer, which says whose tokens are taken."};
    if (!tokens.identities.empty() && settings.tls.clientCa.empty())
        return Error{ErrorCode::InvalidConfiguration,
                     "client-identities needs --tls-client-ca, which says whose certificates are trusted."};
    return {};
}

} // namespace

Result<Settings> readSettings(const std::vector<std::string>& arguments, const Environment& environment,
                              CommandLine& commandLine) {
    const std::vector<Definition> known = definitions(environment);
    std::vector<SettingName> names;
    std::transform(known.begin(), known.end(), std::back_inserter(names), [](const auto& d) { return d.name; });
    MM_TRY(const auto values, collectSettings(names, arguments, environment, commandLine));

    Settings settings;
    std::vector<FieldError> problems;
    for (const Definition& definition : known) {
        const SettingValue* given = strongest(values, definition.name.name);
        const std::string& text = given ? given->text : definition.fallback;
        settings.origins[std::string(definition.name.name)] = given ? given->origin : Origin::Default;
        settings.texts[std::string(definition.name.name)] = text;
        if (const Applied wanted = definition.apply(settings, text))
            problems.push_back(
                {given ? given->source : std::string(definition.name.name), "'" + text + "' is not " + *wanted});
    }
    if (!problems.empty())
        return refused(std::move(problems));
    MM_CHECK(refuseHalfTls(settings.tls));
    MM_CHECK(refuseHalfAccess(settings));
    MM_CHECK(refuseOpenNetwork(settings));
    return settings;
}

std::string settingsHelp() {
    std::string text = "Usage: modelmora-engine [--config FILE] [--SETTING VALUE]...\n\n"
                       "Serves machine-learning models over REST and gRPC.\n\nSettings:\n";
    for (const Definition& definition : definitions(processEnvironment())) {
        std::string flag = "  --" + std::string(definition.name.name) + " " + std::string(definition.name.value);
        flag.resize(std::max<std::size_t>(flag.size() + 1, 36), ' ');
        text.append(flag).append(definition.help);
        if (!definition.fallback.empty())
            text.append(" [").append(definition.fallback).append("]");
        text.append("\n");
    }
    text.append("  --config FILE                     YAML file with the same names as keys\n"
                "  --help, --version\n\n"
                "Each setting can also be given as an environment variable (MODELMORA_DATA_DIR for --data-dir) or in\n"
                "the YAML file (data-dir: …). Flags win over variables, variables over the file.\n");
    return text;
}

Environment processEnvironment() {
    Environment environment;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (const auto equals = text.find('='); equals != std::string_view::npos)
            environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

} // namespace mm::app
