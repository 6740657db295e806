#include "engine/dialects/oip/infer_call.h"

#include "engine/dialects/oip/infer_parameters.h"
#include "engine/dialects/oip/input_elements.h"
#include "engine/dialects/oip/signature.h"

#include <algorithm>
#include <limits>

namespace mm::dialects::oip {
namespace {

namespace v1 = modelmora::v1;

InputTensor* find(InferCall& call, std::string_view name) {
    for (InputTensor& tensor : call.inputs)
        if (tensor.name == name)
            return &tensor;
    return nullptr;
}

bool hasDatatype(const InputTensor& tensor, const TensorSpec& spec) {
    return spec.datatype == kInt64 ? isIntegerType(tensor.datatype) : tensor.datatype == spec.datatype;
}

Result<void> checkNames(const InferCall& call, const Signature& signature, const v1::Model& model) {
    for (auto tensor = call.inputs.begin(); tensor != call.inputs.end(); ++tensor) {
        const TensorSpec* spec = signature.input(tensor->name);
        if (spec == nullptr)
            return Error{ErrorCode::InvalidInput,
                         "unexpected inference input '" + tensor->name + "' for the model " + model.model_id() +
                             "; it takes " + namesOf(signature.inputs),
                         {{"tensor", tensor->name}}};
        const bool isSecond = std::any_of(call.inputs.begin(), tensor,
                                          [&](const InputTensor& earlier) { return earlier.name == tensor->name; });
        if (isSecond)
            return wrongInput(*tensor, "is given twice");
        if (!hasDatatype(*tensor, *spec))
            return wrongInput(*tensor, "has the datatype '" + tensor->datatype + "'; the model " + model.model_id() +
                                           " takes " + std::string(spec->datatype) + " for it");
    }
    return {};
}

Result<void> checkOutputs(const InferCall& call, const Signature& signature, const v1::Model& model) {
    const auto& possible = signature.possibleOutputs;
    for (auto output = call.outputs.begin(); output != call.outputs.end(); ++output) {
        const Facts facts{{"tensor", output->name}};
        if (std::find(possible.begin(), possible.end(), output->name) == possible.end())
            return Error{ErrorCode::InvalidInput,
                         "unexpected inference output '" + output->name + "' for the model " + model.model_id() +
                             "; it gives " + namesOf(signature.outputs),
                         facts};
        const bool isSecond = std::any_of(call.outputs.begin(), output,
                                          [&](const RequestedOutput& earlier) { return earlier.name == output->name; });
        if (isSecond)
            return Error{ErrorCode::InvalidInput, "inference output '" + output->name + "' is asked for twice", facts};
    }
    return {};
}

Error badShape(const InputTensor& tensor, const std::string& wanted) {
    return wrongInput(tensor, "has the shape " + shapeText(tensor.shape) + "; it must be " + wanted);
}

// [n] or [n,1]: n.
Result<std::int64_t> listLength(const InputTensor& tensor) {
    const Shape& shape = tensor.shape;
    if (shape.empty() || shape.size() > 2 || (shape.size() == 2 && shape[1] != 1))
        return badShape(tensor, "[n] or [n,1], one element for each text");
    return elementCount(tensor);
}

Result<void> notEmpty(const InputTensor& tensor, std::int64_t count) {
    if (count == 0)
        return wrongInput(tensor, "has no elements in its shape " + shapeText(tensor.shape) + "; send at least one");
    return {};
}

Result<void> takeTexts(InputTensor& tensor, google::protobuf::RepeatedPtrField<std::string>& out) {
    MM_TRY(const std::int64_t count, listLength(tensor));
    MM_CHECK(notEmpty(tensor, count));
    return eachText(tensor, count, [&](std::int64_t, std::string&& text) { *out.Add() = std::move(text); });
}

Result<void> takePairs(InputTensor& tensor, v1::TextPairBatch& out) {
    if (tensor.shape.size() != 2 || tensor.shape[1] != 2)
        return badShape(tensor, "[n,2], two texts for each pair");
    MM_TRY(const std::int64_t count, elementCount(tensor));
    MM_CHECK(notEmpty(tensor, count));
    return eachText(tensor, count, [&](std::int64_t index, std::string&& text) {
        if (index % 2 == 0)
            *out.add_pairs()->mutable_first() = std::move(text);
        else
            *out.mutable_pairs()->rbegin()->mutable_second() = std::move(text);
    });
}

Result<void> takeQuery(InputTensor& query, InputTensor& documents, v1::QueryDocuments& out) {
    MM_TRY(const std::int64_t count, elementCount(query));
    if (count != 1 || query.shape.empty() || query.shape.size() > 2)
        return badShape(query, "[1] or [1,1]: one query, and the documents that are scored against it");
    MM_CHECK(eachText(query, 1, [&](std::int64_t, std::string&& text) { *out.mutable_query() = std::move(text); }));
    return takeTexts(documents, *out.mutable_documents());
}

// How many of a row's tokens the mask keeps: ones first, then zeroes.
Result<std::size_t> keptTokens(const InputTensor& mask, const std::int64_t* row, std::size_t width, std::size_t index) {
    const std::int64_t* zero = std::find(row, row + width, 0);
    const std::int64_t* wrong = std::find_if(row, row + width, [](std::int64_t v) { return v != 0 && v != 1; });
    const std::string where = "in row " + std::to_string(index);
    if (wrong != row + width)
        return wrongInput(mask, "has the value " + std::to_string(*wrong) + ' ' + where + "; it may hold 0 and 1 only");
    if (std::find(zero, row + width, 1) != row + width)
        return wrongInput(mask, "has a 1 behind a 0 " + where + "; padding must stand at the end of a row");
    if (zero == row)
        return wrongInput(mask, "keeps no token " + where + "; each row needs at least one");
    return static_cast<std::size_t>(zero - row);
}

Result<void> addSequence(const InputTensor& ids, const std::int64_t* row, std::size_t length, std::size_t index,
                         v1::TokenSequence& out) {
    out.mutable_ids()->Reserve(static_cast<int>(length));
    for (std::size_t i = 0; i < length; ++i) {
        if (row[i] < 0 || row[i] > std::numeric_limits<std::uint32_t>::max())
            return wrongInput(ids, "has the value " + std::to_string(row[i]) + " in row " + std::to_string(index) +
                                       ", which is no token id");
        out.add_ids(static_cast<std::uint32_t>(row[i]));
    }
    return {};
}

// [rows,width], or [width] for a single row.
Result<void> takeTokens(InputTensor& ids, InputTensor* mask, v1::TokenBatch& out) {
    if (ids.shape.empty() || ids.shape.size() > 2)
        return badShape(ids, "[n,tokens], or [tokens] for one sequence");
    MM_TRY(const std::int64_t count, elementCount(ids));
    MM_CHECK(notEmpty(ids, count));
    if (mask != nullptr && mask->shape != ids.shape)
        return badShape(*mask, shapeText(ids.shape) + ", as that of input_ids");
    MM_TRY(const std::vector<std::int64_t> values, integers(ids, count));
    std::vector<std::int64_t> kept;
    if (mask != nullptr) {
        MM_TRY(kept, integers(*mask, count));
    }
    const auto width = static_cast<std::size_t>(ids.shape.back());
    for (std::size_t row = 0; row * width < values.size(); ++row) {
        std::size_t length = width;
        if (mask != nullptr) {
            MM_TRY(length, keptTokens(*mask, kept.data() + row * width, width, row));
        }
        MM_CHECK(addSequence(ids, values.data() + row * width, length, row, *out.add_sequences()));
    }
    return {};
}

Error missing(const InferCall& call, const v1::Model& model, const std::string& wants) {
    std::string given;
    for (const InputTensor& tensor : call.inputs)
        given += (given.empty() ? "" : ", ") + tensor.name;
    return {ErrorCode::InvalidInput, "the model " + model.model_id() + " wants " + wants + "; this request has " +
                                         (given.empty() ? "no inputs" : given)};
}

// Exactly one form of input, whole.
Result<void> takeInput(InferCall& call, const v1::Model& model, v1::InputData& out) {
    InputTensor* text = find(call, "text");
    InputTensor* pairs = find(call, "pairs");
    InputTensor* query = find(call, "query");
    InputTensor* documents = find(call, "documents");
    InputTensor* ids = find(call, "input_ids");
    InputTensor* mask = find(call, "attention_mask");
    const std::size_t given = call.inputs.size();
    if (text != nullptr && given == 1)
        return takeTexts(*text, *out.mutable_text_batch()->mutable_texts());
    if (pairs != nullptr && given == 1)
        return takePairs(*pairs, *out.mutable_text_pairs());
    if (query != nullptr && documents != nullptr && given == 2)
        return takeQuery(*query, *documents, *out.mutable_query_documents());
    if (ids != nullptr && given == (mask != nullptr ? 2 : 1))
        return takeTokens(*ids, mask, *out.mutable_token_batch());
    switch (model.task_type()) {
    case v1::TASK_TYPE_TXT2EMBED:
        return missing(call, model, "either text, or input_ids with or without attention_mask");
    case v1::TASK_TYPE_TXT2CLASS:
        return missing(call, model, "one of text, pairs, or input_ids with or without attention_mask");
    default:
        return missing(call, model, "either query and documents, or pairs");
    }
}

} // namespace

Result<std::string> versionedModel(const std::string& name, const std::string& version) {
    if (version.empty())
        return name;
    const std::size_t at = name.find('@');
    if (at == std::string::npos)
        return name + '@' + version;
    if (name.compare(at + 1, std::string::npos, version) == 0)
        return name;
    return Error{ErrorCode::InvalidInput,
                 "the model's name " + name + " says another version than the request, which says " + version};
}

Result<v1::InferenceRequest> toInferenceRequest(InferCall& call, const v1::Model& model) {
    MM_TRY(const Signature signature, signatureOf(model, {}));
    MM_CHECK(checkNames(call, signature, model));
    MM_CHECK(checkOutputs(call, signature, model));
    v1::InferenceRequest request;
    request.set_model_id(call.model);
    request.set_embedding_format(v1::EMBEDDING_FORMAT_BYTES);
    MM_CHECK(applyParameters(call, request));
    MM_CHECK(applyTensorParameters(call));
    MM_CHECK(takeInput(call, model, *request.mutable_input_data()));
    return request;
}

} // namespace mm::dialects::oip
