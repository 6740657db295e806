#include "engine/dialects/oip/model_statistics.h"

#include <map>
#include <utility>

namespace mm::dialects::oip {
namespace {

namespace v1 = modelmora::v1;

constexpr double kNanoseconds = 1e6; // of a millisecond

std::uint64_t nanoseconds(double milliseconds) {
    return static_cast<std::uint64_t>(milliseconds * kNanoseconds);
}

ModelStatistics statisticsOf(const v1::ModelQueue& queue) {
    ModelStatistics of;
    of.name = queue.model_id();
    of.version = queue.version();
    of.requests = static_cast<std::uint64_t>(queue.requests_finished());
    of.inferences = static_cast<std::uint64_t>(queue.inputs_finished());
    of.executions = static_cast<std::uint64_t>(queue.batches_computed());
    const double waitMs = queue.mean_queue_ms() + queue.mean_batch_wait_ms();
    of.queueNs = nanoseconds(waitMs * static_cast<double>(queue.requests_finished()));
    of.computeNs = nanoseconds(queue.compute_ms_per_input() * static_cast<double>(queue.inputs_finished()));
    return of;
}

std::uint64_t lastUseMs(const v1::ModelStatus& status) {
    constexpr std::int64_t kThousand = 1000;
    constexpr std::int64_t kNanosOfMs = 1000000;
    if (!status.has_last_used_at())
        return 0;
    return static_cast<std::uint64_t>(status.last_used_at().seconds() * kThousand +
                                      status.last_used_at().nanos() / kNanosOfMs);
}

using Reports = Reply<std::vector<ModelStatistics>>;

void collect(service::QueueService& queue, const std::vector<v1::ModelStatus>& meant, bool onlyMeant,
             const Reports& reply) {
    std::map<std::pair<std::string, std::string>, std::uint64_t> lastUses;
    for (const v1::ModelStatus& status : meant)
        lastUses[{status.model_id(), status.version()}] = lastUseMs(status);
    v1::GetQueueRequest request;
    request.set_limit(1); // of the entries; the models are what is wanted
    queue.queue(std::move(request), [lastUses, onlyMeant, reply](Result<v1::QueueReport> report) {
        if (!report)
            return reply(std::move(report).error());
        std::vector<ModelStatistics> all;
        auto silent = lastUses;
        for (const v1::ModelQueue& model : report->models()) {
            const auto known = lastUses.find({model.model_id(), model.version()});
            if (onlyMeant && known == lastUses.end())
                continue;
            all.push_back(statisticsOf(model));
            all.back().lastInferenceMs = known == lastUses.end() ? 0 : known->second;
            silent.erase({model.model_id(), model.version()});
        }
        for (const auto& [id, lastUse] : silent) {
            all.push_back({id.first, id.second});
            all.back().lastInferenceMs = lastUse;
        }
        reply(std::move(all));
    });
}

} // namespace

void modelStatistics(const service::Services& services, const std::string& id, Reports reply) {
    service::QueueService& queue = services.queue;
    if (id.empty()) {
        services.system.status([&queue, reply = std::move(reply)](Result<v1::SystemStatus> system) {
            if (!system)
                return reply(std::move(system).error());
            const auto& loaded = system->loaded_models();
            collect(queue, {loaded.begin(), loaded.end()}, false, reply);
        });
        return;
    }
    v1::GetModelStatusRequest request;
    request.set_model_id(id);
    services.models.modelStatus(std::move(request), [&queue, reply = std::move(reply)](Result<v1::ModelStatus> status) {
        if (!status)
            return reply(std::move(status).error());
        collect(queue, {std::move(status).value()}, true, reply);
    });
}

} // namespace mm::dialects::oip
