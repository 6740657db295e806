#include "engine/service/warmup/warm_up.h"

#include "engine/base/clock.h"
#include "engine/ipc/names.h"
#include "engine/service/audit/caller.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mm::service {
namespace {

constexpr int kMostSamples = 1000;
constexpr int kUsualSamples = 10;

// Short and longer, as requests are; the words mean nothing.
const std::vector<std::string>& usualTexts() {
    static const std::vector<std::string> texts{
        "A cat sat on the mat.", "What is the height of the mountain that stands behind the village?",
        "The report covers the months from April to June, and says for each of them what was planned, what was done, "
        "and what is still to do."};
    return texts;
}

std::vector<std::string> textsOf(const v1::Model& model) {
    std::vector<std::string> texts;
    const auto found = model.config().fields().find("warmup");
    if (found != model.config().fields().end())
        for (const auto& value : found->second.list_value().values())
            texts.push_back(value.string_value());
    return texts.empty() ? usualTexts() : texts;
}

Result<std::vector<v1::InputData>> inputsFor(const v1::Model& model) {
    std::vector<v1::InputData> inputs;
    for (const std::string& text : textsOf(model)) {
        v1::InputData& input = inputs.emplace_back();
        switch (model.task_type()) {
        case v1::TASK_TYPE_TXT2EMBED:
        case v1::TASK_TYPE_TXT2CLASS:
        case v1::TASK_TYPE_TXT2TXT:
            input.set_text(text);
            break;
        case v1::TASK_TYPE_TXTPAIR2SCORE:
            input.mutable_query_documents()->set_query(text);
            input.mutable_query_documents()->add_documents(text);
            break;
        default:
            return Error{ErrorCode::NotImplemented,
                         "This engine can make no samples for " + std::string(taskName(model.task_type())) +
                             " yet. Load the model instead, and send it a request of your own."};
        }
    }
    return inputs;
}

} // namespace

std::shared_ptr<WarmUp> WarmUp::make(const Services& services, v1::WarmUpModelRequest request, CallContext call,
                                     Reply<v1::WarmUpModelResponse> reply) {
    return std::shared_ptr<WarmUp>(new WarmUp(services, std::move(request), std::move(call), std::move(reply)));
}

WarmUp::WarmUp(const Services& services, v1::WarmUpModelRequest request, CallContext call,
               Reply<v1::WarmUpModelResponse> reply)
    : m_services(services), m_request(std::move(request)), m_call(std::move(call)), m_reply(std::move(reply)) {
    m_response.set_samples(m_request.samples() == 0 ? kUsualSamples : m_request.samples());
}

void WarmUp::start() {
    if (m_response.samples() < 1 || m_response.samples() > kMostSamples)
        return m_reply(invalidField("samples", "must be a whole number from 1 to " + std::to_string(kMostSamples) +
                                                   ", not " + std::to_string(m_response.samples())));
    v1::GetModelRequest request;
    request.set_model_id(m_request.model_id());
    m_services.models.getModel(std::move(request), [self = shared_from_this()](const Result<v1::Model>& model) {
        if (!model)
            return self->m_reply(model.error());
        self->load(*model);
    });
}

void WarmUp::stop() {
    m_isStopped = true;
    m_services.inference.cancel(idOf(m_run));
}

void WarmUp::load(const v1::Model& model) {
    auto inputs = inputsFor(model);
    if (!inputs)
        return m_reply(inputs.error());
    m_inputs = std::move(inputs).value();
    m_response.set_model_id(model.model_id());
    m_response.set_version(model.version());
    m_key = model.model_id() + '@' + model.version();
    v1::LoadModelRequest request;
    request.set_model_id(m_key);
    const CallerScope scope(m_call.client, m_call.identity); // this is the thread of a reply
    m_services.models.loadModel(std::move(request), {},
                                [self = shared_from_this()](const Result<v1::ModelStatus>& loaded) {
                                    if (!loaded)
                                        return self->m_reply(loaded.error());
                                    self->runNext();
                                });
}

void WarmUp::runNext() {
    if (m_isStopped)
        return m_reply(Error{ErrorCode::RequestCancelled, "The warm-up was cancelled."});
    if (static_cast<int>(m_times.size()) == m_response.samples())
        return finish();
    auto request = std::make_shared<v1::InferenceRequest>();
    request->set_model_id(m_key);
    *request->mutable_input_data() = m_inputs[m_times.size() % m_inputs.size()];
    CallContext call = m_call;
    call.trace.flags = "00"; // its runs are several, and a span is one
    call.requestId = idOf(++m_run);
    call.received = std::chrono::steady_clock::now();
    request->set_request_id(call.requestId);
    m_runBegan = call.received;
    m_services.inference.infer(std::move(request), std::move(call),
                               [self = shared_from_this()](const Result<InferenceService::Response>& response) {
                                   if (!response)
                                       return self->m_reply(response.error());
                                   const auto took = std::chrono::steady_clock::now() - self->m_runBegan;
                                   self->m_times.push_back(toMilliseconds(took));
                                   self->runNext();
                               });
}

void WarmUp::finish() {
    const auto [fastest, slowest] = std::minmax_element(m_times.begin(), m_times.end());
    const double sum = std::accumulate(m_times.begin(), m_times.end(), 0.0);
    m_response.set_warmup_time_ms(toMilliseconds(std::chrono::steady_clock::now() - m_call.received));
    m_response.set_first_ms(m_times.front());
    m_response.set_last_ms(m_times.back());
    m_response.set_mean_ms(sum / static_cast<double>(m_times.size()));
    m_response.set_fastest_ms(*fastest);
    m_response.set_slowest_ms(*slowest);
    m_reply(std::move(m_response));
}

std::string WarmUp::idOf(int run) const {
    return m_call.requestId + ".warmup" + std::to_string(run);
}

} // namespace mm::service
