// What an operator can set, and where each value came from. Sources in order of precedence: flags, environment
// (MODELMORA_*), what was changed while an engine ran (SettingsKeeper), a YAML file, defaults. One table
// (setting_table.cpp) gives the flags, the variables, the YAML keys and the help. Plain values.
#pragma once

#include "engine/base/log.h"
#include "engine/base/result.h"
#include "engine/lifecycle/memory/memory_budget.h"
#include "engine/rest/semantics/http_contract.h"
#include "engine/tls/tls_files.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mm::app {

// Who is trusted besides API keys; empty: nobody.
struct AccessSettings {
    std::string issuer;               // of tokens; where there is no `keys`, their address is asked of it
    std::string keys;                 // file or URL of the issuer's keys (a JWKS)
    std::string audience;             // whom tokens must be meant for
    std::string roleNames;            // "theirs=ours,..."
    std::filesystem::path identities; // YAML: whose certificates stand for whom
};

// The weakest first.
enum class Origin { Default, File, Changed, Environment, Flag };

// A setting as one of the sources gives it.
struct SettingValue {
    std::string name;
    std::string text;
    Origin origin = Origin::Default;
    std::string source; // "--data-dir", "MODELMORA_DATA_DIR", "engine.yaml:3"
};

// In the data folder: what was changed while an engine ran.
inline constexpr const char* kChangedSettings = "settings.yaml";

struct Settings {
    std::filesystem::path dataDir;
    std::string restAddress;
    std::string grpcAddress;
    std::filesystem::path definitionsDir; // empty: none
    std::filesystem::path workerProgram;  // empty: modelmora-worker beside the engine
    log::Level logLevel = log::Level::Info;
    log::Format logFormat = log::Format::Human;
    bool allowRemote = false;
    bool access = false; // credentials are asked for
    AccessSettings tokens;
    TlsFiles tls;    // of both faces
    int threads = 0; // per worker; 0: all processors
    std::int64_t maxBodyBytes = 0;
    int maxConnections = 0;
    std::int64_t grpcMaxMessageBytes = 0;
    std::chrono::seconds grpcKeepalive{};
    int grpcMaxStreams = 0;
    rest::semantics::CorsPolicy cors = {}; // off
    rest::semantics::Compression compression = rest::semantics::Compression::Auto;
    int maxWaiting = 0;
    int maxWaitingPerModel = 0;
    std::int64_t maxWaitingBytes = 0;
    std::chrono::seconds ageing{}; // zero: off
    std::map<std::string, double, std::less<>> clientWeights = {};
    int maxJobs = 0;
    std::int64_t maxJobBytes = 0;
    std::chrono::seconds jobRetention{};
    int webhookAttempts = 0;
    std::chrono::seconds webhookPause{};
    int eventsKept = 0;
    int maxEventReaders = 0;
    int maxEventsBehind = 0;
    bool metrics = true;
    int slowRequestMs = 0;
    std::string otlpEndpoint = {}; // empty: no spans are exported
    double traceSampling = 1;
    std::chrono::seconds loadTimeout{};
    std::chrono::seconds drainTimeout{};
    lifecycle::MemoryBudget memoryBudget;
    lifecycle::MemoryBudget gpuMemoryBudget;
    int maxLoadedModels = 0;    // 0: as many as fit
    std::string evictionPolicy; // one that EvictionPolicies knows
    std::chrono::seconds minimumStay{};
    std::chrono::seconds idleUnload{}; // 0: never
    std::chrono::seconds cancelGrace{};
    std::chrono::seconds stepTimeout{};

    std::map<std::string, Origin> origins = {};    // by setting name
    std::map<std::string, std::string> texts = {}; // as they were given, by setting name
    std::vector<SettingValue> given = {};          // by every source, stronger or not
    std::string defaultDataDir = {};
};

using Environment = std::map<std::string, std::string, std::less<>>;

// What the command line asked for besides settings.
struct CommandLine {
    bool help = false;
    bool version = false;
};

// `arguments` without the program's name. Fails with InvalidConfiguration naming the source (flag, variable, or file
// and line), the setting and what it accepts; every wrong value is listed, not only the first.
Result<Settings> readSettings(const std::vector<std::string>& arguments, const Environment& environment,
                              CommandLine& commandLine);

// What these sources come to; the same sentences for what is wrong.
Result<Settings> settingsOf(std::vector<SettingValue> given, const std::string& defaultDataDir);
// As the next start with the same flags, variables and configuration file would have them: with the changes of now.
Result<Settings> readAgain(const Settings& settings);
// Null where no source gives it.
const SettingValue* strongest(const std::vector<SettingValue>& values, std::string_view name);

std::string settingsHelp();
Environment processEnvironment();

} // namespace mm::app
