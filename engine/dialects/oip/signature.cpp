#include "engine/dialects/oip/signature.h"

#include "engine/ipc/names.h"

namespace mm::dialects::oip {
namespace {

namespace v1 = modelmora::v1;

constexpr std::int64_t kAny = -1;

void addTokens(std::vector<TensorSpec>& inputs) {
    inputs.push_back({"input_ids", kInt64, {kAny, kAny}, true});
    inputs.push_back({"attention_mask", kInt64, {kAny, kAny}, true});
}

void addLabels(Signature& signature, std::int64_t labels) {
    signature.outputs = {{"label", kBytes, {kAny, labels}}, {"score", kFp32, {kAny, labels}}};
}

Signature embedding(const v1::ModelStatus& status) {
    Signature signature;
    signature.inputs = {{"text", kBytes, {kAny}, true}};
    addTokens(signature.inputs);
    const std::int64_t dimension = status.embedding_dimension() > 0 ? status.embedding_dimension() : kAny;
    signature.outputs = {{"embedding", kFp32, {kAny, dimension}}};
    signature.possibleOutputs = {"embedding"};
    return signature;
}

Signature classification(const v1::ModelStatus& status) {
    Signature signature;
    signature.inputs = {{"text", kBytes, {kAny}, true}, {"pairs", kBytes, {kAny, 2}, true}};
    addTokens(signature.inputs);
    addLabels(signature, status.labels_size() > 0 ? status.labels_size() : kAny);
    signature.possibleOutputs = {"label", "score"};
    return signature;
}

Signature scoring(const v1::ModelStatus& status) {
    Signature signature;
    signature.inputs = {
        {"query", kBytes, {1}, true}, {"documents", kBytes, {kAny}, true}, {"pairs", kBytes, {kAny, 2}, true}};
    if (status.labels_size() > 1) // such a model gives every label its number
        addLabels(signature, status.labels_size());
    else
        signature.outputs = {{"score", kFp32, {kAny}}};
    signature.possibleOutputs = {"score", "label"};
    return signature;
}

} // namespace

const TensorSpec* Signature::input(std::string_view name) const {
    for (const TensorSpec& spec : inputs)
        if (spec.name == name)
            return &spec;
    return nullptr;
}

Result<Signature> signatureOf(const v1::Model& model, const v1::ModelStatus& status) {
    switch (model.task_type()) {
    case v1::TASK_TYPE_TXT2EMBED:
        return embedding(status);
    case v1::TASK_TYPE_TXT2CLASS:
        return classification(status);
    case v1::TASK_TYPE_TXTPAIR2SCORE:
        return scoring(status);
    default:
        break;
    }
    const std::string task(taskName(model.task_type()));
    return Error{ErrorCode::NotImplemented,
                 "the model " + model.model_id() + " does " + task +
                     ", which the Open Inference Protocol does not carry here; use /api/v1/infer or the gRPC service "
                     "modelmora.v1.InferenceService",
                 {{"task_type", task}}};
}

std::string namesOf(const std::vector<TensorSpec>& specs) {
    std::string names;
    for (const TensorSpec& spec : specs)
        names += (names.empty() ? "" : ", ") + std::string(spec.name);
    return names;
}

} // namespace mm::dialects::oip
