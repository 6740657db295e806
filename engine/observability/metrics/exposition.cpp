#include "engine/observability/metrics/families.h"
#include "engine/observability/metrics/model_families.h"
#include "engine/observability/metrics/process_figures.h"
#include "engine/observability/metrics/scrape.h"

#include <algorithm>

namespace mm::observability {
namespace {

constexpr double kPercent = 100;

double number(std::int64_t value) {
    return static_cast<double>(value);
}

double number(std::uint64_t value) {
    return static_cast<double>(value);
}

struct DeviceFamily {
    const char* name;
    const char* help;
    std::int64_t DeviceFigures::*member;
};

constexpr std::array kDevices{
    DeviceFamily{"modelmora_device_memory_bytes", "Memory that the device has.", &DeviceFigures::totalBytes},
    DeviceFamily{"modelmora_device_memory_available_bytes", "What the system says is free of it.",
                 &DeviceFigures::availableBytes},
    DeviceFamily{"modelmora_memory_budget_bytes", "Memory that models may use, as it is set.",
                 &DeviceFigures::budgetBytes},
    DeviceFamily{"modelmora_memory_effective_budget_bytes", "The same, now that other programs take their part.",
                 &DeviceFigures::effectiveBytes},
    DeviceFamily{"modelmora_memory_reserved_bytes", "Promised to models that load.", &DeviceFigures::reservedBytes},
    DeviceFamily{"modelmora_memory_committed_bytes", "Held by loaded models and by those that end.",
                 &DeviceFigures::committedBytes},
    DeviceFamily{"modelmora_memory_free_bytes", "What is left of the effective budget.", &DeviceFigures::freeBytes},
    DeviceFamily{"modelmora_memory_other_programs_bytes", "Held by other programs.", &DeviceFigures::othersBytes},
};

void addService(Families& families, const EngineFigures& figures) {
    const bool gpu = std::any_of(figures.devices.begin(), figures.devices.end(),
                                 [](const DeviceFigures& device) { return device.device.starts_with("cuda"); });
    families.gauge("modelmora_service_info", "The engine; always 1.")
        .value({{"version", MM_VERSION}, {"gpu_enabled", gpu ? "true" : "false"}}, 1);
    families.gauge("modelmora_models_registered", "Models in the registry.")
        .value({}, static_cast<double>(figures.registered.size()));
    double loaded = 0;
    double workers = 0;
    for (const ModelFigures& model : figures.models) {
        loaded += model.instances[kLoadedState] > 0 ? 1 : 0;
        workers += static_cast<double>(model.workers.size());
    }
    families.gauge("modelmora_models_loaded", "Models that take requests now.").value({}, loaded);
    families.gauge("modelmora_workers", "Worker processes.").value({}, workers);
}

void addQueue(Families& families, const EngineFigures& figures) {
    Family depth = families.gauge("modelmora_queue_depth", "Requests that wait, by priority.");
    for (std::size_t i = 0; i < kPriorities.size(); ++i)
        depth.value({{"priority", kPriorities[i]}}, number(figures.waiting[i]));
    families.gauge("modelmora_requests_running", "Requests with a worker.").value({}, number(figures.running));
    families.gauge("modelmora_requests_unfinished", "Requests that wait, are held or run.")
        .value({}, number(figures.unfinished));
}

void addMemory(Families& families, const EngineFigures& figures) {
    for (const DeviceFamily& each : kDevices) {
        Family family = families.gauge(each.name, each.help);
        for (const DeviceFigures& device : figures.devices)
            family.value({{"device", device.device}, {"name", device.name}}, number(device.*each.member));
    }
    for (const DeviceFigures& device : figures.devices) {
        if (device.device != "cpu")
            continue;
        families.gauge("modelmora_system_memory_available_bytes", "Memory of the machine that is free.")
            .value({}, number(device.availableBytes));
        const double used = number(device.totalBytes - device.availableBytes);
        families.gauge("modelmora_memory_usage_percent", "Memory of the machine that is in use.")
            .value({}, device.totalBytes > 0 ? kPercent * used / number(device.totalBytes) : 0);
    }
    if (figures.cpuPercent >= 0)
        families.gauge("modelmora_cpu_usage_percent", "How busy the machine's processors are.")
            .value({}, figures.cpuPercent);
    if (figures.diskPercent >= 0)
        families.gauge("modelmora_disk_usage_percent", "How full the disk of the data folder is.")
            .value({}, figures.diskPercent);
}

void addTotals(Families& families, const MetricsBook& book) {
    families.counter("modelmora_model_evictions_total", "Instances that ended because others needed their memory.")
        .value({}, number(book.evictions()));
    families.counter("modelmora_model_load_failed_total", "Loads that failed.").value({}, number(book.loadFailures()));
    Family errors = families.counter("modelmora_errors_total", "Requests that ended with an error, by its code.");
    for (const auto& [code, count] : book.errors())
        errors.value({{"code", code}}, number(count));
    Family refusals = families.counter("modelmora_requests_refused_total",
                                       "Inference requests that were not let in, by the code of the error.");
    for (const auto& [code, count] : book.refusals())
        refusals.value({{"code", errorName(code)}}, number(count));
    const JobCounters& jobs = book.jobs();
    families.counter("modelmora_jobs_accepted_total", "Jobs taken in.").value({}, number(jobs.accepted));
    families.counter("modelmora_jobs_ended_total", "Jobs that are over, by how they ended.")
        .value({{"status", "completed"}}, number(jobs.completed))
        .value({{"status", "failed"}}, number(jobs.failed))
        .value({{"status", "cancelled"}}, number(jobs.cancelled));
    families.counter("modelmora_webhook_attempts_total", "Attempts to tell the end of a job, by their outcome.")
        .value({{"status", "success"}}, number(jobs.webhooksDelivered))
        .value({{"status", "error"}}, number(jobs.webhooksFailed));
}

void addWorkers(Families& families, const EngineFigures& figures) {
    struct Line {
        const ModelFigures& model;
        std::string instance;
        ProcessFigures process;
    };
    std::vector<Line> lines;
    for (const ModelFigures& model : figures.models)
        for (const WorkerFigures& worker : model.workers)
            if (const auto process = readProcess(worker.pid))
                lines.push_back({model, std::to_string(worker.instance), *process});
    Family cpu = families.counter("modelmora_worker_cpu_seconds_total", "Processor time of a worker.");
    for (const Line& line : lines)
        cpu.value({{"model_id", line.model.modelId}, {"version", line.model.version}, {"instance", line.instance}},
                  line.process.cpuSeconds);
    Family resident = families.gauge("modelmora_worker_resident_bytes", "Resident memory of a worker.");
    for (const Line& line : lines)
        resident.value({{"model_id", line.model.modelId}, {"version", line.model.version}, {"instance", line.instance}},
                       number(line.process.residentBytes));
    Family threads = families.gauge("modelmora_worker_threads", "Threads of a worker.");
    for (const Line& line : lines)
        threads.value({{"model_id", line.model.modelId}, {"version", line.model.version}, {"instance", line.instance}},
                      number(line.process.threads));
}

// The names that Prometheus' own libraries give them.
void addProcess(Families& families) {
    const ProcessFigures process = readProcess().value_or(ProcessFigures{});
    const OpenFiles files = readOpenFiles();
    families.counter("process_cpu_seconds_total", "Processor time of the engine.").value({}, process.cpuSeconds);
    families.gauge("process_resident_memory_bytes", "Resident memory of the engine.")
        .value({}, number(process.residentBytes));
    families.gauge("process_virtual_memory_bytes", "Virtual memory of the engine.")
        .value({}, number(process.virtualBytes));
    families.gauge("process_start_time_seconds", "When the engine started, since 1970.")
        .value({}, process.startSeconds);
    families.gauge("process_open_fds", "Files and sockets that the engine has open.").value({}, number(files.open));
    families.gauge("process_max_fds", "The most that it may have.").value({}, number(files.most));
    families.gauge("process_threads", "Threads of the engine.").value({}, number(process.threads));
}

void addFaces(Families& families, const Scrape& scrape) {
    Family answers = families.counter("modelmora_answers_total",
                                      "Answers of REST and gRPC, by the route or method and the code of the answer.");
    for (const FaceCount& each : scrape.faces)
        answers.value({{"face", each.face}, {"method", each.method}, {"route", each.route}, {"code", each.code}},
                      number(each.answers));
}

void addItself(Families& families, const Scrape& scrape) {
    Family lines = families.counter("modelmora_log_lines_total", "Lines of the log, by level.");
    for (std::size_t i = 0; i < log::kLevels; ++i)
        lines.value({{"level", log::levelName(static_cast<log::Level>(i))}}, number(scrape.log.written[i]));
    families.counter("modelmora_log_lines_dropped_total", "Lines that nobody read in time.")
        .value({}, number(scrape.log.dropped));
    families.counter("modelmora_spans_exported_total", "Spans that the collector has taken.")
        .value({}, number(scrape.spans.exported));
    families.counter("modelmora_spans_dropped_total", "Spans that were given up, by the reason.")
        .value({{"reason", "queue_full"}}, number(scrape.spans.droppedQueueFull))
        .value({{"reason", "refused"}}, number(scrape.spans.droppedRefused))
        .value({{"reason", "unreachable"}}, number(scrape.spans.droppedFailed));
    families.gauge("modelmora_traces_waiting", "Requests whose spans wait to be exported.")
        .value({}, number(scrape.spans.waiting));
    families.counter("modelmora_history_failures_total", "What of the history could not be kept.")
        .value({}, number(scrape.historyFailures));
}

} // namespace

std::string exposition(const Scrape& scrape) {
    Families families;
    addService(families, scrape.figures);
    addModelCounters(families, scrape.book);
    addQueue(families, scrape.figures);
    addModelFigures(families, scrape.figures);
    addMemory(families, scrape.figures);
    addTotals(families, scrape.book);
    addWorkers(families, scrape.figures);
    addFaces(families, scrape);
    addProcess(families);
    addItself(families, scrape);
    return families.text();
}

} // namespace mm::observability
