// The engine's services as scripted fakes, for tests of the faces: each method answers through a function that the test
// sets. As with the real ones, methods may be called from any thread and everything runs on one engine thread of its
// own. Set the functions before the first call, or from the engine thread by run().
#pragma once

#include "engine/events/event_log.h"
#include "engine/service/events/local_event_service.h"
#include "engine/service/services.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mm::test {

namespace v1 = modelmora::v1;

class FakeServices final : public Executor,
                           public service::ModelService,
                           public service::InferenceService,
                           public service::SystemService,
                           public service::QueueService,
                           public service::JobService,
                           public service::ObservabilityService,
                           public service::AccessService,
                           public service::SettingsService {
public:
    template <typename Request, typename Value>
    using Answer = std::function<Result<Value>(const Request&)>;

    Answer<v1::RegisterModelRequest, v1::Model> onRegister;
    Answer<v1::ListModelsRequest, v1::ListModelsResponse> onList;
    Answer<v1::GetModelRequest, v1::Model> onGet;
    Answer<v1::UpdateModelRequest, v1::Model> onUpdate;
    Answer<v1::DeleteModelRequest, v1::DeleteModelResponse> onDelete;
    Answer<v1::ListVersionsRequest, v1::ListVersionsResponse> onListVersions;
    Answer<v1::PromoteVersionRequest, v1::Model> onPromote;
    Answer<v1::DeprecateVersionRequest, v1::Model> onDeprecate;
    Answer<v1::DeleteVersionRequest, v1::DeleteVersionResponse> onDeleteVersion;
    std::function<void(const v1::LoadModelRequest&, ProgressHandler, Reply<v1::ModelStatus>)> onLoad;
    Answer<v1::UnloadModelRequest, v1::UnloadModelResponse> onUnload;
    Answer<v1::PlanLoadRequest, v1::LoadPlan> onPlan;
    Answer<v1::SetPinnedRequest, v1::ModelStatus> onPin;
    Answer<v1::GetModelStatusRequest, v1::ModelStatus> onModelStatus;
    std::function<void(std::shared_ptr<const v1::InferenceRequest>, const service::CallContext&,
                       Reply<service::InferenceService::Response>)>
        onInfer;
    std::function<Result<v1::SystemStatus>()> onStatus;
    std::function<Result<v1::MemoryLedger>()> onMemory;
    std::function<Result<v1::EvictionOrder>()> onEvictionOrder;
    std::function<Result<v1::ModelHealthResponse>()> onHealth;
    std::function<Result<v1::ReadinessResponse>()> onReadiness;
    Answer<v1::GetQueueRequest, v1::QueueReport> onQueue;
    Answer<v1::GetRequestRequest, v1::QueueEntry> onRequest;
    Answer<v1::CancelRequestRequest, v1::QueueEntry> onCancelRequest;
    Answer<v1::SetRequestPriorityRequest, v1::QueueEntry> onSetRequestPriority;
    Answer<v1::HoldRequestRequest, v1::QueueEntry> onHoldRequest;
    Answer<v1::ReleaseRequestRequest, v1::QueueEntry> onReleaseRequest;

    std::function<Result<v1::JobReference>(const v1::InferenceRequest&, const service::CallContext&)> onSubmitJob;
    Answer<v1::GetJobStatusRequest, v1::JobStatusResponse> onJobStatus;
    Answer<v1::GetJobResultRequest, service::JobService::Response> onJobResult;
    // Without it, what onJobResult gives is the one part.
    Answer<v1::GetJobResultRequest, service::JobService::OpenResult> onOpenResult;
    Answer<v1::ListJobsRequest, v1::ListJobsResponse> onListJobs;
    Answer<v1::CancelJobRequest, v1::CancelJobResponse> onCancelJob;
    Answer<v1::RetryJobRequest, v1::JobReference> onRetryJob;

    Answer<v1::GetHistoryRequest, v1::HistoryReport> onHistory;
    Answer<v1::ListRequestsRequest, v1::ListRequestsResponse> onListRequests;
    Answer<v1::SetLogLevelRequest, v1::LogLevelStatus> onSetLogLevel;
    Answer<v1::DiagnoseRequest, v1::Diagnosis> onDiagnose;
    std::function<Result<v1::MetricsText>()> onMetrics;
    std::function<Result<v1::LogLevelStatus>()> onLogLevel;
    Answer<v1::CreateKeyRequest, v1::IssuedKey> onCreateKey;
    Answer<v1::ListKeysRequest, v1::ListKeysResponse> onListKeys;
    Answer<v1::RotateKeyRequest, v1::IssuedKey> onRotateKey;
    Answer<v1::RevokeKeyRequest, v1::ApiKey> onRevokeKey;
    std::function<Result<v1::CallerIdentity>()> onIdentity;
    Answer<v1::ListAuditRequest, v1::ListAuditResponse> onListAudit;
    std::function<Result<v1::AuditVerification>()> onVerifyAudit;
    Answer<v1::ListSettingsRequest, v1::ListSettingsResponse> onListSettings;
    Answer<v1::ChangeSettingsRequest, v1::ListSettingsResponse> onChangeSettings;
    Answer<v1::ResetSettingRequest, v1::Setting> onResetSetting;
    v1::AuditVerification auditFound = [] {
        v1::AuditVerification intact;
        intact.set_intact(true);
        return intact;
    }();

    // The events are the real service's; publish() on the engine thread, by run().
    events::EventLog& eventLog() { return m_eventLog; }

    FakeServices();
    ~FakeServices() override;

    [[nodiscard]] service::Services services() {
        return {*this, *this, *this, *this, *this, m_events, *this, *this, *this};
    }
    void post(std::function<void()> task) override;
    [[nodiscard]] bool isCurrent() const override { return std::this_thread::get_id() == m_thread.get_id(); }
    // Runs on the engine thread and returns when it has.
    void run(const std::function<void()>& task);
    // The ids given to cancel() so far; waitForCancel returns false when the id has not come within ten seconds.
    [[nodiscard]] std::vector<std::string> cancelled();
    [[nodiscard]] bool waitForCancel(const std::string& requestId);

    void registerModel(v1::RegisterModelRequest request, Reply<v1::Model> reply) override;
    void listModels(v1::ListModelsRequest request, Reply<v1::ListModelsResponse> reply) override;
    void getModel(v1::GetModelRequest request, Reply<v1::Model> reply) override;
    void updateModel(v1::UpdateModelRequest request, Reply<v1::Model> reply) override;
    void deleteModel(v1::DeleteModelRequest request, Reply<v1::DeleteModelResponse> reply) override;
    void listVersions(v1::ListVersionsRequest request, Reply<v1::ListVersionsResponse> reply) override;
    void promoteVersion(v1::PromoteVersionRequest request, Reply<v1::Model> reply) override;
    void deprecateVersion(v1::DeprecateVersionRequest request, Reply<v1::Model> reply) override;
    void deleteVersion(v1::DeleteVersionRequest request, Reply<v1::DeleteVersionResponse> reply) override;
    void loadModel(v1::LoadModelRequest request, ProgressHandler progress, Reply<v1::ModelStatus> reply) override;
    void planLoad(v1::PlanLoadRequest request, Reply<v1::LoadPlan> reply) override;
    void setPinned(v1::SetPinnedRequest request, Reply<v1::ModelStatus> reply) override;
    void unloadModel(v1::UnloadModelRequest request, Reply<v1::UnloadModelResponse> reply) override;
    void modelStatus(v1::GetModelStatusRequest request, Reply<v1::ModelStatus> reply) override;
    void infer(std::shared_ptr<const v1::InferenceRequest> request, service::CallContext call,
               Reply<service::InferenceService::Response> reply) override;
    void cancel(std::string requestId) override;
    void status(Reply<v1::SystemStatus> reply) override;
    void memory(Reply<v1::MemoryLedger> reply) override;
    void evictionOrder(Reply<v1::EvictionOrder> reply) override;
    void modelHealth(Reply<v1::ModelHealthResponse> reply) override;
    void readiness(Reply<v1::ReadinessResponse> reply) override;
    void queue(v1::GetQueueRequest request, Reply<v1::QueueReport> reply) override;
    void getRequest(v1::GetRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void cancelRequest(v1::CancelRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void setRequestPriority(v1::SetRequestPriorityRequest request, Reply<v1::QueueEntry> reply) override;
    void holdRequest(v1::HoldRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void releaseRequest(v1::ReleaseRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void submit(std::shared_ptr<const v1::InferenceRequest> request, service::CallContext call,
                Reply<v1::JobReference> reply) override;
    void status(v1::GetJobStatusRequest request, Reply<v1::JobStatusResponse> reply) override;
    void result(v1::GetJobResultRequest request, Reply<service::JobService::Response> reply) override;
    void openResult(v1::GetJobResultRequest request, Reply<service::JobService::OpenResult> reply) override;
    void list(v1::ListJobsRequest request, Reply<v1::ListJobsResponse> reply) override;
    void cancel(v1::CancelJobRequest request, Reply<v1::CancelJobResponse> reply) override;
    void retry(v1::RetryJobRequest request, Reply<v1::JobReference> reply) override;
    void metrics(Reply<v1::MetricsText> reply) override;
    void history(v1::GetHistoryRequest request, Reply<v1::HistoryReport> reply) override;
    void requests(v1::ListRequestsRequest request, Reply<v1::ListRequestsResponse> reply) override;
    void logLevel(Reply<v1::LogLevelStatus> reply) override;
    void setLogLevel(v1::SetLogLevelRequest request, Reply<v1::LogLevelStatus> reply) override;
    void diagnose(v1::DiagnoseRequest request, Reply<v1::Diagnosis> reply) override;
    void answered(const service::FaceAnswer&) override {}
    void createKey(v1::CreateKeyRequest request, Reply<v1::IssuedKey> reply) override;
    void listKeys(v1::ListKeysRequest request, Reply<v1::ListKeysResponse> reply) override;
    void rotateKey(v1::RotateKeyRequest request, Reply<v1::IssuedKey> reply) override;
    void revokeKey(v1::RevokeKeyRequest request, Reply<v1::ApiKey> reply) override;
    void identity(Reply<v1::CallerIdentity> reply) override;
    void listAudit(v1::ListAuditRequest request, Reply<v1::ListAuditResponse> reply) override;
    void verifyAudit(Reply<v1::AuditVerification> reply) override;
    void auditState(Reply<v1::AuditVerification> reply) override;
    void list(v1::ListSettingsRequest request, Reply<v1::ListSettingsResponse> reply) override;
    void change(v1::ChangeSettingsRequest request, Reply<v1::ListSettingsResponse> reply) override;
    void reset(v1::ResetSettingRequest request, Reply<v1::Setting> reply) override;

private:
    // Few, so that tests reach the bounds.
    static events::EventLogOptions eventOptions() {
        events::EventLogOptions options;
        options.mostReaders = 20;
        options.mostBehind = 1'000;
        return options;
    }
    void work();
    template <typename Request, typename Value>
    void answer(const char* method, const Answer<Request, Value>& with, Request request, Reply<Value> reply);
    template <typename Value>
    void answer(const char* method, const std::function<Result<Value>()>& with, Reply<Value> reply);

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::function<void()>> m_tasks;
    std::vector<std::string> m_cancelled;
    SystemClock m_clock;
    events::EventLog m_eventLog{eventOptions(), m_clock};
    service::LocalEventService m_events{*this, m_eventLog};
    bool m_stopping = false;
    std::thread m_thread;
};

// A result that is already in memory: its parts' outputs, in order.
class FakeJobResult final : public service::JobResult {
public:
    FakeJobResult(v1::InferenceResponse frame, std::vector<v1::OutputData> parts, std::string sha256 = "s")
        : m_frame(std::move(frame)), m_parts(std::move(parts)), m_sha256(std::move(sha256)) {}
    [[nodiscard]] std::size_t parts() const override { return m_parts.size(); }
    [[nodiscard]] Result<v1::OutputData> part(std::size_t index) const override { return m_parts.at(index); }
    [[nodiscard]] const v1::InferenceResponse& frame() const override { return m_frame; }
    [[nodiscard]] const std::string& sha256() const override { return m_sha256; }

private:
    v1::InferenceResponse m_frame;
    std::vector<v1::OutputData> m_parts;
    std::string m_sha256;
};

// An answer for `request`: per text (or token sequence) an embedding of `dimension` values, the first the text's
// length.
v1::InferenceResponse embeddingFor(const v1::InferenceRequest& request, int dimension = 4);

} // namespace mm::test
