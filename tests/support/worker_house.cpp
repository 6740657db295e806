#include "tests/support/worker_house.h"

#include "engine/ipc/names.h"

#include <google/protobuf/util/json_util.h>

namespace mm::test {

using namespace std::chrono_literals;
namespace v1 = modelmora::v1;

WorkerHouse::WorkerHouse() {
    options.worker.program = MM_FAKE_WORKER;
    options.worker.helloTimeout = 20s;
    options.worker.loadTimeout = 20s;
    options.worker.pingInterval = 20ms;
    options.worker.missedPings = 500;
    options.worker.cancelGrace = 20s;
    options.worker.shutdownGrace = 200ms;
    options.worker.terminateGrace = 200ms;
    options.drainTimeout = 20s;
}

WorkerHouse::~WorkerHouse() {
    if (!m_manager)
        return;
    bool stopped = false;
    m_manager->shutdown([&] { stopped = true; });
    awaitUntil([&] { return stopped; });
}

void WorkerHouse::make() {
    memory.modelOf = [this](std::int64_t pid) {
        for (const v1::ModelStatus& status : m_manager->statuses())
            for (const v1::InstanceStatus& instance : status.instances())
                if (instance.pid() == pid)
                    return status.model_id() + "@" + status.version();
        return std::string();
    };
    m_manager = std::make_unique<lifecycle::LifecycleManager>(
        options, lifecycle::LifecyclePorts{*this, *this, clock(), m_executor, memory, memory, memory, demand});
}

void WorkerHouse::script(const std::string& key, const std::string& json) {
    m_scripts[key] = json;
}

Result<lifecycle::LoadSpec> WorkerHouse::find(const std::string& key) {
    const auto found = m_scripts.find(key);
    if (found == m_scripts.end())
        return Error{ErrorCode::ModelNotFound, "no model " + key};
    lifecycle::LoadSpec spec;
    const std::size_t at = key.find('@');
    spec.modelId = key.substr(0, at);
    spec.version = key.substr(at + 1);
    spec.path = "/nonexistent";
    spec.task = v1::TASK_TYPE_TXT2EMBED;
    const std::string serving = m_serving.contains(key) ? m_serving.at(key) + "," : "";
    const auto parsed =
        google::protobuf::util::JsonStringToMessage("{" + serving + "\"fake\":" + found->second + "}", &spec.config);
    if (!parsed.ok())
        return Error{ErrorCode::InternalError, "bad script: " + parsed.ToString()};
    return spec;
}

Result<v1::ModelStatus> WorkerHouse::load(const std::string& key, const lifecycle::LoadOrder& order) {
    return await<v1::ModelStatus>([&](auto reply) { m_manager->load(key, order, {}, std::move(reply)); });
}

Result<lifecycle::ModelLease> WorkerHouse::acquire(const std::string& key) {
    return await<lifecycle::ModelLease>([&](auto reply) {
        m_manager->acquire(key, {v1::PRIORITY_NORMAL, clock().now()}, std::move(reply));
    });
}

Result<v1::UnloadModelResponse> WorkerHouse::unload(const std::string& key) {
    return await<v1::UnloadModelResponse>([&](auto reply) { m_manager->unload(key, std::move(reply)); });
}

Result<lifecycle::wv1::Output> WorkerHouse::run(lifecycle::ModelLease& lease, const std::string& text) {
    return await<lifecycle::wv1::Output>([&](const Reply<lifecycle::wv1::Output>& reply) {
        const auto sent = lease.run(textRequest(text), reply);
        if (!sent)
            reply(sent.error());
    });
}

std::string WorkerHouse::history(const std::string& key) const {
    std::string all;
    for (const auto& change : changes)
        if (change.key == key)
            all.append(all.empty() ? stateName(change.from) : "").append(" ").append(stateName(change.to));
    return all;
}

v1::ModelStatus WorkerHouse::status(const std::string& key) const {
    return m_manager->status(key).value();
}

bool WorkerHouse::awaitState(const std::string& key, v1::ModelState state) {
    return awaitUntil([&] { return status(key).state() == state; });
}

v1::InferenceRequest textRequest(const std::string& text) {
    v1::InferenceRequest request;
    request.set_model_id("org/model");
    request.mutable_input_data()->set_text(text);
    return request;
}

} // namespace mm::test
