// diagnose: what a bug report needs, in one file; with the engine or, where none answers, from its data folder.
#include "cli/commands/commands.h"
#include "cli/commands/observe/bundle.h"
#include "cli/output/proto_json.h"
#include "cli/output/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace mm::cli {
namespace {

namespace fs = std::filesystem;
using Inference = v1::InferenceService::StubInterface;
using Management = v1::ManagementService::StubInterface;
using Observability = v1::ObservabilityService::StubInterface;
using Registry = v1::RegistryService::StubInterface;

constexpr std::uintmax_t kLargestCopy = std::uintmax_t{32} << 20;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

// Where an engine of this user keeps its data, unless it was told otherwise.
fs::path usualDataDir() {
    if (const std::string dir = variable("MODELMORA_DATA_DIR"); !dir.empty())
        return dir;
    if (const std::string dir = variable("XDG_DATA_HOME"); !dir.empty())
        return fs::path(dir) / "modelmora";
    return fs::path(variable("HOME")) / ".local/share/modelmora";
}

std::string stamp(WallTime now) {
    const std::time_t seconds = WallTime::clock::to_time_t(now);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S", &parts);
    return text.data();
}

class Diagnose final : public Command {
public:
    Diagnose() {
        m_declaration = {
            .name = "diagnose",
            .summary = "Write a file for a bug report: versions, settings, log, events, health, models, queue.",
            .flags = {{"--output,-o", "FILE", "Where to write it; otherwise modelmora-diagnosis-TIME.tar.gz here.",
                       "--output report.tar.gz", &m_output},
                      {"--data-dir", "DIR", "The engine's data folder, for what can be had while it does not run.",
                       "--data-dir /var/lib/modelmora", &m_dataDir}},
            .examples = {"modelmora diagnose", "modelmora diagnose --output report.tar.gz"},
            .details =
                "Secrets, inputs and outputs of models are left out; names of models, clients and folders are in "
                "it. Look through it before you pass it on. Without an engine it holds what the data folder "
                "tells."};
    }

    Result<ExitCode> run(Context& context) override {
        const WallTime now = WallTime::clock::now();
        const fs::path file = m_output.empty() ? "modelmora-diagnosis-" + stamp(now) + ".tar.gz" : m_output;
        MM_TRY(Bundle bundle, Bundle::create(file, now));
        MM_TRY(const bool answered, fill(bundle, context, now));
        MM_CHECK(bundle.finish());
        if (context.options.json)
            context.terminal.print(jsonText({{"file", fs::absolute(file).string()}, {"engine", answered}}));
        else
            context.terminal.print(
                "Wrote " + printable(file.string()) +
                (answered ? ".\n" : ": no engine answers, so it holds what the data folder tells.\n"));
        return ExitCode::Ok;
    }

private:
    Result<bool> fill(Bundle& bundle, Context& context, WallTime now) {
        nlohmann::ordered_json about{{"written_at", toIso8601(now)},
                                     {"command_line_version", MM_VERSION},
                                     {"engine_address", context.options.engine}};
        const auto diagnosis = context.engine().call(&Observability::Diagnose, v1::DiagnoseRequest());
        about["engine_answers"] = diagnosis.ok();
        if (!diagnosis.ok())
            about["engine_error"] = diagnosis.error().message;
        MM_CHECK(bundle.add("about.json", jsonText(about)));
        if (diagnosis.ok())
            MM_CHECK(addEngine(bundle, context, *diagnosis));
        MM_CHECK(addDataFolder(bundle));
        return diagnosis.ok();
    }

    static Result<void> addEngine(Bundle& bundle, Context& context, v1::Diagnosis diagnosis) {
        std::string log;
        for (const std::string& line : diagnosis.log_lines())
            log.append(line).push_back('\n');
        diagnosis.clear_log_lines();
        MM_CHECK(bundle.add("log.txt", log));
        MM_CHECK(bundle.add("engine.json", jsonText(toJson(diagnosis))));
        EngineClient& engine = context.engine();
        v1::ListRequestsRequest failed;
        failed.set_state(v1::REQUEST_STATE_FAILED);
        v1::ListModelsRequest models;
        models.mutable_pagination()->set_page_size(100);
        MM_CHECK(addAnswer(bundle, "status.json", engine.call(&Management::GetSystemStatus, {})));
        MM_CHECK(addAnswer(bundle, "ready.json", engine.call(&Management::ReadinessCheck, {})));
        MM_CHECK(addAnswer(bundle, "health.json", engine.call(&Management::GetModelHealth, {})));
        MM_CHECK(addAnswer(bundle, "memory.json", engine.call(&Management::GetMemory, {})));
        MM_CHECK(addAnswer(bundle, "models.json", engine.call(&Registry::ListModels, models)));
        MM_CHECK(addAnswer(bundle, "queue.json", engine.call(&Inference::GetQueue, {})));
        MM_CHECK(addAnswer(bundle, "failed_requests.json", engine.call(&Observability::ListRequests, failed)));
        MM_CHECK(addAnswer(bundle, "history.json", engine.call(&Observability::GetHistory, {})));
        const auto metrics = engine.call(&Observability::GetMetrics, v1::GetMetricsRequest());
        MM_CHECK(bundle.add("metrics.txt", metrics.ok() ? metrics->text() : metrics.error().message + "\n"));
        return addEvents(bundle, engine);
    }

    // The answer, or why there is none: one that fails leaves the others.
    template <typename Message>
    static Result<void> addAnswer(Bundle& bundle, const char* name, const Result<Message>& answer) {
        return bundle.add(name, answer.ok() ? jsonText(toJson(*answer))
                                            : jsonText({{"error", std::string(errorName(answer.error().code))},
                                                        {"message", answer.error().message}}));
    }

    static Result<void> addEvents(Bundle& bundle, EngineClient& engine) {
        v1::WatchEventsRequest request;
        request.set_remembered_only(true);
        std::string lines;
        const auto watched = engine.watchEvents(request, [&lines](const v1::Event& event) {
            lines += jsonLine(toJson(event));
            return lines.size() < kLargestCopy;
        });
        if (!watched.ok())
            lines += watched.error().message + "\n";
        return bundle.add("events.jsonl", lines);
    }

    // Which files there are and how large; of their contents only what has no secrets.
    Result<void> addDataFolder(Bundle& bundle) const {
        const fs::path folder = m_dataDir.empty() ? usualDataDir() : fs::path(m_dataDir);
        std::error_code failure;
        std::ostringstream list;
        list << folder.string() << "\n";
        fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failure);
        for (int count = 0; !failure && at != fs::recursive_directory_iterator() && count < 10'000; ++count) {
            std::error_code unreadable;
            const auto size = at->is_regular_file(unreadable) ? at->file_size(unreadable) : 0;
            list << size << "\t" << printable(at->path().lexically_relative(folder).string()) << "\n";
            at.increment(failure);
        }
        if (failure)
            list << "cannot be read: " << failure.message() << "\n";
        const auto space = fs::space(folder, failure);
        if (!failure)
            list << "free on its disk: " << space.available << " bytes of " << space.capacity << "\n";
        MM_CHECK(bundle.add("data_folder.txt", list.str()));
        for (const char* name : {"engine.json", "events.bin"})
            MM_CHECK(addCopy(bundle, folder / name, std::string("data_folder/") + name));
        return {};
    }

    static Result<void> addCopy(Bundle& bundle, const fs::path& file, const std::string& name) {
        std::error_code failure;
        if (!fs::is_regular_file(file, failure) || fs::file_size(file, failure) > kLargestCopy)
            return {};
        std::ifstream input(file, std::ios::binary);
        std::ostringstream content;
        content << input.rdbuf();
        return bundle.add(name, content.str());
    }

    std::string m_output;
    std::string m_dataDir;
};

} // namespace

std::unique_ptr<Command> makeDiagnose() {
    return std::make_unique<Diagnose>();
}

} // namespace mm::cli
