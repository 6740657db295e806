#include "engine/lifecycle/model_lease.h"

#include "engine/lifecycle/loaded_model.h"
#include "engine/lifecycle/worker/worker.h"

namespace mm::lifecycle {

void LoadedModel::release(std::optional<std::chrono::seconds> keepAlive) {
    --m_leases;
    if (m_owner != nullptr)
        m_owner->onLeaseReleased(keepAlive);
}

Result<std::uint64_t> LoadedModel::run(const v1::InferenceRequest& request, OutputHandler handler) {
    if (m_worker == nullptr)
        return Error{ErrorCode::ModelNotLoaded,
                     "the worker of " + m_facts.modelId + " has ended; send the request again to load the model anew"};
    m_owner->onRun(request.priority());
    return m_worker->run(request, std::move(handler));
}

void LoadedModel::cancel(std::uint64_t id) {
    if (m_worker != nullptr)
        m_worker->cancel(id);
}

void LoadedModel::detach() {
    m_worker = nullptr;
    m_owner = nullptr;
}

ModelLease::ModelLease(std::shared_ptr<LoadedModel> model) : m_model(std::move(model)) {
    m_model->retain();
}

ModelLease& ModelLease::operator=(ModelLease&& other) noexcept {
    if (this != &other) {
        release();
        m_model = std::move(other.m_model);
        m_keepAlive = other.m_keepAlive;
    }
    return *this;
}

void ModelLease::release() {
    if (const auto model = std::exchange(m_model, nullptr))
        model->release(m_keepAlive);
}

const LoadedFacts& ModelLease::facts() const {
    return m_model->facts();
}

Result<std::uint64_t> ModelLease::run(const v1::InferenceRequest& request, OutputHandler handler) {
    return m_model->run(request, std::move(handler));
}

void ModelLease::cancel(std::uint64_t id) {
    m_model->cancel(id);
}

} // namespace mm::lifecycle
