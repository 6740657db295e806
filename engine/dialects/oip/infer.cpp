#include "engine/dialects/oip/infer.h"

#include "engine/dialects/oip/infer_outputs.h"
#include "engine/ipc/facts.h"

#include <utility>

namespace mm::dialects::oip {
namespace {

namespace v1 = modelmora::v1;
using Response = service::InferenceService::Response;

void finish(const InferOrder& order, Result<Response> result, const Reply<InferResult>& reply) {
    if (!result)
        return reply(std::move(result).error());
    const Response response = std::move(result).value();
    if (response->has_error())
        return reply(Error{errorCodeFromName(response->error().code()), response->error().message(),
                           ipc::fromStruct(response->error().facts())});
    order.work(response->ByteSizeLong(), [response, call = order.call, reply] {
        Result<std::vector<OutputTensor>> outputs = outputTensors(*response, *call);
        if (!outputs)
            return reply(std::move(outputs).error());
        reply(InferResult{response, std::move(outputs).value()});
    });
}

void submit(service::InferenceService& inference, const InferOrder& order, const v1::Model& model,
            const InferCancel& cancel, const Reply<InferResult>& reply) {
    Result<v1::InferenceRequest> converted = toInferenceRequest(*order.call, model);
    if (!converted)
        return reply(std::move(converted).error());
    auto request = std::make_shared<v1::InferenceRequest>(std::move(converted).value());
    request->set_request_id(order.context.requestId);
    if (order.adjust)
        order.adjust(*request);
    inference.infer(std::move(request), order.context,
                    [order, reply](Result<Response> result) { finish(order, std::move(result), reply); });
    cancel.handedOn();
}

} // namespace

std::shared_ptr<InferCancel> cancelFor(const service::Services& services, const InferOrder& order) {
    return std::make_shared<InferCancel>(services.inference, order.context.requestId);
}

void infer(const service::Services& services, InferOrder order, std::shared_ptr<InferCancel> cancel,
           Reply<InferResult> reply) {
    v1::GetModelRequest request;
    request.set_model_id(order.call->model);
    service::InferenceService& inference = services.inference;
    services.models.getModel(std::move(request), [&inference, order = std::move(order), cancel = std::move(cancel),
                                                  reply = std::move(reply)](Result<v1::Model> found) {
        if (!found)
            return reply(std::move(found).error());
        const auto model = std::make_shared<const v1::Model>(std::move(found).value());
        order.work(order.bytes,
                   [&inference, order, model, cancel, reply] { submit(inference, order, *model, *cancel, reply); });
    });
}

} // namespace mm::dialects::oip
