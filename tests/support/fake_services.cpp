#include "tests/support/fake_services.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mm::test {
namespace {

Error unscripted(const char* method) {
    return {ErrorCode::InternalError, std::string("The test has not said what ") + method + " answers."};
}

void toMatrix(v1::OutputData& output) {
    v1::EmbeddingBatch batch = output.embedding_batch();
    if (output.has_embedding())
        *batch.add_embeddings() = output.embedding();
    v1::EmbeddingMatrix& matrix = *output.mutable_embedding_matrix();
    for (const v1::Embedding& embedding : batch.embeddings()) {
        matrix.set_rows(matrix.rows() + 1);
        matrix.set_dimension(embedding.values_size());
        matrix.mutable_data()->append(reinterpret_cast<const char*>(embedding.values().data()),
                                      sizeof(float) * static_cast<std::size_t>(embedding.values_size()));
    }
}

} // namespace

FakeServices::FakeServices() : m_thread([this] { work(); }) {}

FakeServices::~FakeServices() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void FakeServices::work() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_stopping || !m_tasks.empty(); });
        if (m_tasks.empty())
            return;
        auto task = std::move(m_tasks.front());
        m_tasks.pop_front();
        lock.unlock();
        task();
        task = nullptr; // letting go of what it held may post
        lock.lock();
    }
}

void FakeServices::post(std::function<void()> task) {
    const std::lock_guard lock(m_mutex);
    m_tasks.push_back(std::move(task));
    m_changed.notify_all();
}

void FakeServices::run(const std::function<void()>& task) {
    bool done = false;
    post([&] {
        task();
        const std::lock_guard lock(m_mutex);
        done = true;
        m_changed.notify_all();
    });
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return done; });
}

std::vector<std::string> FakeServices::cancelled() {
    const std::lock_guard lock(m_mutex);
    return m_cancelled;
}

bool FakeServices::waitForCancel(const std::string& requestId) {
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, std::chrono::seconds(10), [&] {
        return std::find(m_cancelled.begin(), m_cancelled.end(), requestId) != m_cancelled.end();
    });
}

template <typename Request, typename Value>
void FakeServices::answer(const char* method, const Answer<Request, Value>& with, Request request, Reply<Value> reply) {
    post([method, &with, request = std::move(request), reply = std::move(reply)] {
        reply(with ? with(request) : Result<Value>(unscripted(method)));
    });
}

template <typename Value>
void FakeServices::answer(const char* method, const std::function<Result<Value>()>& with, Reply<Value> reply) {
    post([method, &with, reply = std::move(reply)] { reply(with ? with() : Result<Value>(unscripted(method))); });
}

void FakeServices::registerModel(v1::RegisterModelRequest request, Reply<v1::Model> reply) {
    answer("registerModel", onRegister, std::move(request), std::move(reply));
}
void FakeServices::listModels(v1::ListModelsRequest request, Reply<v1::ListModelsResponse> reply) {
    answer("listModels", onList, std::move(request), std::move(reply));
}
void FakeServices::getModel(v1::GetModelRequest request, Reply<v1::Model> reply) {
    answer("getModel", onGet, std::move(request), std::move(reply));
}
void FakeServices::updateModel(v1::UpdateModelRequest request, Reply<v1::Model> reply) {
    answer("updateModel", onUpdate, std::move(request), std::move(reply));
}
void FakeServices::deleteModel(v1::DeleteModelRequest request, Reply<v1::DeleteModelResponse> reply) {
    answer("deleteModel", onDelete, std::move(request), std::move(reply));
}
void FakeServices::listVersions(v1::ListVersionsRequest request, Reply<v1::ListVersionsResponse> reply) {
    answer("listVersions", onListVersions, std::move(request), std::move(reply));
}
void FakeServices::promoteVersion(v1::PromoteVersionRequest request, Reply<v1::Model> reply) {
    answer("promoteVersion", onPromote, std::move(request), std::move(reply));
}
void FakeServices::deprecateVersion(v1::DeprecateVersionRequest request, Reply<v1::Model> reply) {
    answer("deprecateVersion", onDeprecate, std::move(request), std::move(reply));
}
void FakeServices::deleteVersion(v1::DeleteVersionRequest request, Reply<v1::DeleteVersionResponse> reply) {
    answer("deleteVersion", onDeleteVersion, std::move(request), std::move(reply));
}
void FakeServices::planLoad(v1::PlanLoadRequest request, Reply<v1::LoadPlan> reply) {
    answer("planLoad", onPlan, std::move(request), std::move(reply));
}
void FakeServices::setPinned(v1::SetPinnedRequest request, Reply<v1::ModelStatus> reply) {
    answer("setPinned", onPin, std::move(request), std::move(reply));
}
void FakeServices::unloadModel(v1::UnloadModelRequest request, Reply<v1::UnloadModelResponse> reply) {
    answer("unloadModel", onUnload, std::move(request), std::move(reply));
}
void FakeServices::modelStatus(v1::GetModelStatusRequest request, Reply<v1::ModelStatus> reply) {
    answer("modelStatus", onModelStatus, std::move(request), std::move(reply));
}
void FakeServices::queue(v1::GetQueueRequest request, Reply<v1::QueueReport> reply) {
    answer("queue", onQueue, std::move(request), std::move(reply));
}
void FakeServices::getRequest(v1::GetRequestRequest request, Reply<v1::QueueEntry> reply) {
    answer("getRequest", onRequest, std::move(request), std::move(reply));
}
void FakeServices::cancelRequest(v1::CancelRequestRequest request, Reply<v1::QueueEntry> reply) {
    answer("cancelRequest", onCancelRequest, std::move(request), std::move(reply));
}
void FakeServices::setRequestPriority(v1::SetRequestPriorityRequest request, Reply<v1::QueueEntry> reply) {
    answer("setRequestPriority", onSetRequestPriority, std::move(request), std::move(reply));
}
void FakeServices::holdRequest(v1::HoldRequestRequest request, Reply<v1::QueueEntry> reply) {
    answer("holdRequest", onHoldRequest, std::move(request), std::move(reply));
}
void FakeServices::releaseRequest(v1::ReleaseRequestRequest request, Reply<v1::QueueEntry> reply) {
    answer("releaseRequest", onReleaseRequest, std::move(request), std::move(reply));
}
void FakeServices::status(Reply<v1::SystemStatus> reply) {
    answer("status", onStatus, std::move(reply));
}
void FakeServices::memory(Reply<v1::MemoryLedger> reply) {
    answer("memory", onMemory, std::move(reply));
}
void FakeServices::evictionOrder(Reply<v1::EvictionOrder> reply) {
    answer("evictionOrder", onEvictionOrder, std::move(reply));
}
void FakeServices::modelHealth(Reply<v1::ModelHealthResponse> reply) {
    answer("modelHealth", onHealth, std::move(reply));
}
void FakeServices::readiness(Reply<v1::ReadinessResponse> reply) {
    answer("readiness", onReadiness, std::move(reply));
}

void FakeServices::loadModel(v1::LoadModelRequest request, ProgressHandler progress, Reply<v1::ModelStatus> reply) {
    post([this, request = std::move(request), progress = std::move(progress), reply = std::move(reply)] {
        if (onLoad)
            onLoad(request, progress, reply);
        else
            reply(unscripted("loadModel"));
    });
}

void FakeServices::infer(std::shared_ptr<const v1::InferenceRequest> request, service::CallContext call,
                         Reply<service::InferenceService::Response> reply) {
    post([this, request = std::move(request), call = std::move(call), reply = std::move(reply)] {
        if (onInfer)
            onInfer(request, call, reply);
        else
            reply(unscripted("infer"));
    });
}

void FakeServices::submit(std::shared_ptr<const v1::InferenceRequest> request, service::CallContext call,
                          Reply<v1::JobReference> reply) {
    post([this, request = std::move(request), call = std::move(call), reply = std::move(reply)] {
        reply(onSubmitJob ? onSubmitJob(*request, call) : Result<v1::JobReference>(unscripted("submit")));
    });
}
void FakeServices::status(v1::GetJobStatusRequest request, Reply<v1::JobStatusResponse> reply) {
    answer("status", onJobStatus, std::move(request), std::move(reply));
}
void FakeServices::result(v1::GetJobResultRequest request, Reply<service::JobService::Response> reply) {
    answer("result", onJobResult, std::move(request), std::move(reply));
}

void FakeServices::openResult(v1::GetJobResultRequest request, Reply<service::JobService::OpenResult> reply) {
    if (onOpenResult)
        return answer("openResult", onOpenResult, std::move(request), std::move(reply));
    const std::string sha256 = "of " + request.job_id();
    result(std::move(request), [sha256, reply = std::move(reply)](const Result<service::JobService::Response>& whole) {
        if (!whole)
            return reply(whole.error());
        v1::InferenceResponse frame = **whole;
        frame.clear_output_data();
        service::JobService::OpenResult opened =
            std::make_shared<const FakeJobResult>(std::move(frame), std::vector{(*whole)->output_data()}, sha256);
        reply(std::move(opened));
    });
}

void FakeServices::list(v1::ListJobsRequest request, Reply<v1::ListJobsResponse> reply) {
    answer("list", onListJobs, std::move(request), std::move(reply));
}
void FakeServices::cancel(v1::CancelJobRequest request, Reply<v1::CancelJobResponse> reply) {
    answer("cancel", onCancelJob, std::move(request), std::move(reply));
}
void FakeServices::retry(v1::RetryJobRequest request, Reply<v1::JobReference> reply) {
    answer("retry", onRetryJob, std::move(request), std::move(reply));
}

void FakeServices::cancel(std::string requestId) {
    const std::lock_guard lock(m_mutex);
    m_cancelled.push_back(std::move(requestId));
    m_changed.notify_all();
}

void FakeServices::metrics(Reply<v1::MetricsText> reply) {
    answer("metrics", onMetrics, std::move(reply));
}
void FakeServices::history(v1::GetHistoryRequest request, Reply<v1::HistoryReport> reply) {
    answer("history", onHistory, std::move(request), std::move(reply));
}
void FakeServices::requests(v1::ListRequestsRequest request, Reply<v1::ListRequestsResponse> reply) {
    answer("requests", onListRequests, std::move(request), std::move(reply));
}
void FakeServices::logLevel(Reply<v1::LogLevelStatus> reply) {
    answer("logLevel", onLogLevel, std::move(reply));
}
void FakeServices::setLogLevel(v1::SetLogLevelRequest request, Reply<v1::LogLevelStatus> reply) {
    answer("setLogLevel", onSetLogLevel, std::move(request), std::move(reply));
}
void FakeServices::diagnose(v1::DiagnoseRequest request, Reply<v1::Diagnosis> reply) {
    answer("diagnose", onDiagnose, std::move(request), std::move(reply));
}
void FakeServices::createKey(v1::CreateKeyRequest request, Reply<v1::IssuedKey> reply) {
    answer("createKey", onCreateKey, std::move(request), std::move(reply));
}
void FakeServices::listKeys(v1::ListKeysRequest request, Reply<v1::ListKeysResponse> reply) {
    answer("listKeys", onListKeys, std::move(request), std::move(reply));
}
void FakeServices::rotateKey(v1::RotateKeyRequest request, Reply<v1::IssuedKey> reply) {
    answer("rotateKey", onRotateKey, std::move(request), std::move(reply));
}
void FakeServices::revokeKey(v1::RevokeKeyRequest request, Reply<v1::ApiKey> reply) {
    answer("revokeKey", onRevokeKey, std::move(request), std::move(reply));
}
void FakeServices::identity(Reply<v1::CallerIdentity> reply) {
    answer("identity", onIdentity, std::move(reply));
}
void FakeServices::listAudit(v1::ListAuditRequest request, Reply<v1::ListAuditResponse> reply) {
    answer("listAudit", onListAudit, std::move(request), std::move(reply));
}
void FakeServices::verifyAudit(Reply<v1::AuditVerification> reply) {
    answer("verifyAudit", onVerifyAudit, std::move(reply));
}
void FakeServices::auditState(Reply<v1::AuditVerification> reply) {
    post([this, reply = std::move(reply)] { reply(auditFound); });
}
void FakeServices::list(v1::ListSettingsRequest request, Reply<v1::ListSettingsResponse> reply) {
    answer("listSettings", onListSettings, std::move(request), std::move(reply));
}
void FakeServices::change(v1::ChangeSettingsRequest request, Reply<v1::ListSettingsResponse> reply) {
    answer("changeSettings", onChangeSettings, std::move(request), std::move(reply));
}
void FakeServices::reset(v1::ResetSettingRequest request, Reply<v1::Setting> reply) {
    answer("resetSetting", onResetSetting, std::move(request), std::move(reply));
}
v1::InferenceResponse embeddingFor(const v1::InferenceRequest& request, int dimension) {
    v1::InferenceResponse response;
    response.set_model_id(request.model_id());
    const auto fill = [dimension](v1::Embedding* embedding, std::size_t length) {
        embedding->add_values(static_cast<float>(length));
        for (int i = 1; i < dimension; ++i)
            embedding->add_values(0.1F * static_cast<float>(i));
    };
    const auto& input = request.input_data();
    if (input.has_text_batch())
        for (const std::string& text : input.text_batch().texts())
            fill(response.mutable_output_data()->mutable_embedding_batch()->add_embeddings(), text.size());
    else if (input.has_token_batch())
        for (const auto& sequence : input.token_batch().sequences())
            fill(response.mutable_output_data()->mutable_embedding_batch()->add_embeddings(),
                 static_cast<std::size_t>(sequence.ids_size()));
    else
        fill(response.mutable_output_data()->mutable_embedding(), input.text().size());
    if (request.embedding_format() == v1::EMBEDDING_FORMAT_BYTES)
        toMatrix(*response.mutable_output_data());
    response.mutable_metadata()->set_request_id(request.request_id());
    return response;
}

} // namespace mm::test
