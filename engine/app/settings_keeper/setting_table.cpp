#include "engine/app/settings_keeper/setting_table.h"

#include <array>
#include <utility>

namespace mm::app {
namespace {

// How much memory models may use, and who gives it up.
std::vector<Definition> memoryDefinitions() {
    return {
        {{"memory-budget", "SIZE"},
         Group::Memory,
         TakenBy::Lifecycle,
         "0.9",
         "memory that models may use: a part of the machine's (0.9) or bytes (12GB, 8GiB)",
         memoryBudget(&Settings::memoryBudget)},
        {{"gpu-memory-budget", "SIZE"},
         Group::Memory,
         TakenBy::Lifecycle,
         "0.9",
         "the same of each GPU",
         memoryBudget(&Settings::gpuMemoryBudget)},
        {{"max-loaded-models", "N"},
         Group::Memory,
         TakenBy::Lifecycle,
         "0",
         "models loaded at one time; 0 takes as many as fit",
         integer(&Settings::maxLoadedModels, 0, 100000)},
        {{"eviction-policy", "NAME"},
         Group::Policies,
         TakenBy::Lifecycle,
         "lru",
         "who goes first when room is needed: lru, lfu or cost",
         evictionPolicy()},
        {{"minimum-stay", "SECONDS"},
         Group::Policies,
         TakenBy::Lifecycle,
         "2",
         "how long a loaded model stays before another may take its place",
         seconds(&Settings::minimumStay, 0, 3600)},
        {{"idle-unload", "SECONDS"},
         Group::Policies,
         TakenBy::Lifecycle,
         "0",
         "unload a model that nobody used for so long; 0 keeps it",
         seconds(&Settings::idleUnload, 0, 31'536'000)},
    };
}

std::vector<Definition> grpcDefinitions() {
    return {
        {{"grpc-max-message-mb", "N"},
         Group::Faces,
         TakenBy::Start,
         "64",
         "largest message of a gRPC request or answer",
         mebibytes(&Settings::grpcMaxMessageBytes, 1, 1024)},
        {{"grpc-max-streams", "N"},
         Group::Faces,
         TakenBy::Start,
         "1024",
         "gRPC calls of one connection at one time",
         integer(&Settings::grpcMaxStreams, 1, 1000000)},
        {{"grpc-keepalive", "SECONDS"},
         Group::Faces,
         TakenBy::Start,
         "30",
         "silence of a gRPC client after which it is asked whether it is still there",
         seconds(&Settings::grpcKeepalive, 1, 86400)},
    };
}

std::vector<Definition> jobDefinitions() {
    return {
        {{"max-jobs", "N"},
         Group::Limits,
         TakenBy::Jobs,
         "10000",
         "jobs that are accepted and not over",
         integer(&Settings::maxJobs, 1, 1000000)},
        {{"max-job-mb", "N"},
         Group::Limits,
         TakenBy::Jobs,
         "1024",
         "largest inputs of one job",
         mebibytes(&Settings::maxJobBytes, 1, 65536)},
        {{"job-retention", "SECONDS"},
         Group::Retention,
         TakenBy::Jobs,
         "604800",
         "how long the result of a job is kept",
         seconds(&Settings::jobRetention, 1, 31622400)},
        {{"webhook-attempts", "N"},
         Group::Limits,
         TakenBy::Jobs,
         "10",
         "how often the end of a job is told before it is given up",
         integer(&Settings::webhookAttempts, 1, 100)},
        {{"webhook-pause", "SECONDS"},
         Group::Limits,
         TakenBy::Jobs,
         "5",
         "pause before it is told a second time; doubles each time, up to an hour",
         seconds(&Settings::webhookPause, 0, 3600)},
    };
}

std::vector<Definition> eventDefinitions() {
    return {
        {{"events-kept", "N"},
         Group::Retention,
         TakenBy::Events,
         "10000",
         "events that are remembered for readers that come back",
         integer(&Settings::eventsKept, 0, 1'000'000)},
        {{"max-event-readers", "N"},
         Group::Limits,
         TakenBy::Events,
         "512",
         "readers of events at one time",
         integer(&Settings::maxEventReaders, 1, 100'000)},
        {{"max-events-behind", "N"},
         Group::Limits,
         TakenBy::Events,
         "4096",
         "events that a reader may be behind before it is dropped",
         integer(&Settings::maxEventsBehind, 1, 1'000'000)},
    };
}

std::vector<Definition> observabilityDefinitions() {
    return {
        {{"metrics", "BOOL"},
         Group::Telemetry,
         TakenBy::Start,
         "true",
         "count requests for /metrics and keep their history",
         flag(&Settings::metrics)},
        {{"slow-request-ms", "N"},
         Group::Retention,
         TakenBy::Observability,
         "5000",
         "requests that took longer are kept across restarts, as failed ones are",
         integer(&Settings::slowRequestMs, 1, 86'400'000)},
        {{"otlp-endpoint", "URL"},
         Group::Telemetry,
         TakenBy::Start,
         "",
         "collector that takes spans over OTLP/HTTP, such as http://127.0.0.1:4318; empty exports none",
         otlpEndpoint()},
        {{"trace-sampling", "SHARE"},
         Group::Telemetry,
         TakenBy::Observability,
         "1",
         "share of the requests that come without a trace and get one, 0 to 1",
         traceSampling()},
    };
}

// Where things are and who may reach them.
std::vector<Definition> placeDefinitions(const std::string& defaultDataDir) {
    return {
        {{"data-dir", "DIR"},
         Group::Places,
         TakenBy::Never,
         defaultDataDir,
         "where the registry and results are kept",
         path(&Settings::dataDir)},
        {{"rest", "HOST:PORT"},
         Group::Faces,
         TakenBy::Start,
         "127.0.0.1:8000",
         "address of the REST server",
         address(&Settings::restAddress)},
        {{"grpc", "HOST:PORT"},
         Group::Faces,
         TakenBy::Start,
         "127.0.0.1:50051",
         "address of the gRPC server",
         address(&Settings::grpcAddress)},
        {{"allow-remote", ""},
         Group::Faces,
         TakenBy::Start,
         "false",
         "allow addresses other than loopback, without access control",
         flag(&Settings::allowRemote)},
        {{"tls-certificate", "FILE"},
         Group::Tls,
         TakenBy::Start,
         "",
         "PEM certificate of the server: REST and gRPC speak TLS only",
         tlsFile(&TlsFiles::certificate)},
        {{"tls-key", "FILE"},
         Group::Tls,
         TakenBy::Start,
         "",
         "PEM private key of that certificate",
         tlsFile(&TlsFiles::key)},
        {{"tls-client-ca", "FILE"},
         Group::Tls,
         TakenBy::Start,
         "",
         "PEM certificates of who signs clients' certificates; every client needs one then",
         tlsFile(&TlsFiles::clientCa)},
        {{"definitions", "DIR"},
         Group::Places,
         TakenBy::Start,
         "",
         "folder of YAML files with models to register at start",
         path(&Settings::definitionsDir)},
        {{"threads", "N"},
         Group::Policies,
         TakenBy::Start,
         "0",
         "CPU threads of each worker; 0 takes every processor",
         integer(&Settings::threads, 0, 1024)},
    };
}

// Who may use it.
std::vector<Definition> accessDefinitions() {
    return {
        {{"access", "on|off"},
         Group::Access,
         TakenBy::Start,
         "off",
         "ask every caller for an API key, a token or a certificate; see docs/security.md",
         accessSwitch()},
        {{"jwt-issuer", "URL"},
         Group::Access,
         TakenBy::Start,
         "",
         "whose tokens are taken, as their iss says; its keys are found by OpenID Connect discovery",
         text(&AccessSettings::issuer)},
        {{"jwt-keys", "FILE|URL"},
         Group::Access,
         TakenBy::Start,
         "",
         "the issuer's keys (JWKS), where not discovered",
         text(&AccessSettings::keys)},
        {{"jwt-audience", "NAME"},
         Group::Access,
         TakenBy::Start,
         "modelmora",
         "whom tokens must be meant for (aud, or azp)",
         text(&AccessSettings::audience)},
        {{"jwt-roles", "THEIRS=OURS,..."},
         Group::Access,
         TakenBy::Start,
         "",
         "what roles in tokens stand for; viewer, user, operator and admin stand for themselves",
         text(&AccessSettings::roleNames)},
        {{"client-identities", "FILE"},
         Group::Access,
         TakenBy::Start,
         "",
         "YAML file: which certificates of clients stand for whom; needs tls-client-ca",
         accessFile(&AccessSettings::identities)},
    };
}

// How much there may be at one time, and how long it may take.
std::vector<Definition> limitDefinitions() {
    return {
        {{"load-timeout", "SECONDS"},
         Group::Limits,
         TakenBy::Lifecycle,
         "600",
         "how long a model may take to load",
         seconds(&Settings::loadTimeout, 1, 86400)},
        {{"drain-timeout", "SECONDS"},
         Group::Limits,
         TakenBy::Lifecycle,
         "30",
         "how long running requests may take when a model or the engine stops",
         seconds(&Settings::drainTimeout, 0, 3600)},
        {{"cancel-grace", "SECONDS"},
         Group::Limits,
         TakenBy::Lifecycle,
         "2",
         "how long a cancelled request may go on before its worker is ended",
         seconds(&Settings::cancelGrace, 0, 3600)},
        {{"step-timeout", "SECONDS"},
         Group::Limits,
         TakenBy::Lifecycle,
         "120",
         "how long one step of a worker may take before it counts as stuck and is ended",
         seconds(&Settings::stepTimeout, 1, 86400)},
        {{"max-body-mb", "N"},
         Group::Faces,
         TakenBy::Start,
         "32",
         "largest request body",
         mebibytes(&Settings::maxBodyBytes, 1, 1024)},
        {{"max-connections", "N"},
         Group::Faces,
         TakenBy::Start,
         "1024",
         "REST connections at one time",
         integer(&Settings::maxConnections, 1, 100000)},
        {{"cors-origins", "ORIGIN,..."},
         Group::Faces,
         TakenBy::Start,
         "",
         "web pages that may call the REST API from a browser; * is every one",
         corsOrigins()},
        {{"compression", "WHEN"},
         Group::Faces,
         TakenBy::Start,
         "auto",
         "answers packed for clients that take it: auto (outputs of models only to other machines), always, never",
         compression()},
    };
}

std::vector<Definition> queueDefinitions() {
    return {
        {{"max-waiting", "N"},
         Group::Limits,
         TakenBy::Requests,
         "10000",
         "requests waiting or running in total",
         integer(&Settings::maxWaiting, 1, 10000000)},
        {{"max-waiting-per-model", "N"},
         Group::Limits,
         TakenBy::Requests,
         "4096",
         "requests waiting or running for one model",
         integer(&Settings::maxWaitingPerModel, 1, 10000000)},
        {{"max-waiting-mb", "N"},
         Group::Limits,
         TakenBy::Requests,
         "1024",
         "size of the requests waiting or running in total",
         mebibytes(&Settings::maxWaitingBytes, 1, 1'048'576)},
    };
}

std::vector<Definition> furtherDefinitions() {
    return {
        {{"ageing", "SECONDS"},
         Group::Policies,
         TakenBy::Requests,
         "0",
         "who has waited this long goes up one priority, and again; 0: never",
         seconds(&Settings::ageing, 0, 3600)},
        {{"client-weights", "NAME=N,..."},
         Group::Policies,
         TakenBy::Requests,
         "",
         "shares of the compute for clients by name; 1 for those not named",
         clientWeights()},
        {{"log-level", "LEVEL"},
         Group::Log,
         TakenBy::LogLevel,
         "info",
         "trace, debug, info, warning, error or off",
         logLevel()},
        {{"log-format", "FORMAT"}, Group::Log, TakenBy::LogFormat, "human", "human or json", logFormat()},
        {{"worker", "FILE"},
         Group::Places,
         TakenBy::Start,
         "",
         "the worker program; empty takes modelmora-worker beside the engine",
         path(&Settings::workerProgram)},
    };
}

} // namespace

std::vector<Definition> settingTable(const std::string& defaultDataDir) {
    std::vector<Definition> all = placeDefinitions(defaultDataDir);
    for (auto part : {accessDefinitions, limitDefinitions, queueDefinitions, grpcDefinitions, memoryDefinitions,
                      jobDefinitions, eventDefinitions, observabilityDefinitions, furtherDefinitions})
        for (Definition& definition : part())
            all.push_back(std::move(definition));
    return all;
}

std::string_view groupName(Group group) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"memory", "policies", "limits", "faces", "tls", "access", "retention", "telemetry", "log", "places"});
    return kNames.at(static_cast<std::size_t>(group));
}

std::string_view typeName(ValueType type) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"text", "number", "seconds", "mebibytes", "share", "size", "switch", "choice", "path", "address"});
    return kNames.at(static_cast<std::size_t>(type));
}

} // namespace mm::app
