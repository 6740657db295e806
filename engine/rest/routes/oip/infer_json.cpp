#include "engine/rest/routes/oip/infer_json.h"

#include "engine/rest/guard/http_text.h"
#include "engine/rest/json/body_fields.h"
#include "engine/rest/json/json_writer.h"
#include "engine/rest/json/struct_json.h"
#include "engine/rest/routes/oip/tensor_json.h"

#include <array>
#include <charconv>
#include <cmath>

namespace mm::rest::oip {
namespace {

namespace core = dialects::oip;
using google::protobuf::Value;
using Field = BodyField<core::InferCall>;

constexpr const char* kBinarySize = "binary_data_size";

constexpr std::array<Field, 4> kFields{{
    {"id", [](JsonReader& reader, core::InferCall& call, const FieldPath& path,
              FieldErrors& errors) { readText(reader, call.id, path, errors); }},
    {"parameters", [](JsonReader& reader, core::InferCall& call, const FieldPath& path,
                      FieldErrors& errors) { readStruct(reader, call.parameters, path, errors); }},
    {"inputs",
     [](JsonReader& reader, core::InferCall& call, const FieldPath& path, FieldErrors& errors) {
         readInputs(reader, call.inputs, path, errors);
     },
     true},
    {"outputs", [](JsonReader& reader, core::InferCall& call, const FieldPath& path,
                   FieldErrors& errors) { readRequestedOutputs(reader, call.outputs, path, errors); }},
}};

Result<std::size_t> jsonLength(std::string_view body, std::string_view headerLength) {
    if (headerLength.empty())
        return body.size();
    std::size_t length = 0;
    const auto [end, problem] = std::from_chars(headerLength.data(), headerLength.data() + headerLength.size(), length);
    if (!guard::isDigits(headerLength) || problem != std::errc() || length > body.size())
        return Error{ErrorCode::MalformedRequest, "The header " + std::string(kHeaderLength) + " is \"" +
                                                      std::string(headerLength.substr(0, 40)) +
                                                      "\", but must be the length of the JSON in a body of " +
                                                      std::to_string(body.size()) + " bytes."};
    return length;
}

Result<std::size_t> binarySize(const core::InputTensor& tensor, const Value& value, std::size_t left) {
    const double size = value.kind_case() == Value::kNumberValue ? value.number_value() : -1;
    if (!(size >= 0) || size != std::floor(size))
        return core::wrongInput(tensor, std::string("has a ") + kBinarySize + " that is no whole number");
    if (size > static_cast<double>(left))
        return core::wrongInput(tensor, "has a " + std::string(kBinarySize) + " of " +
                                            std::to_string(static_cast<std::int64_t>(size)) + ", but only " +
                                            std::to_string(left) + " bytes are left behind the JSON; its length is " +
                                            "told in the header " + std::string(kHeaderLength));
    return static_cast<std::size_t>(size);
}

// Gives each binary tensor its part of what stands behind the JSON, in the order of the tensors.
Result<void> shareOut(core::InferCall& call, std::string_view binary) {
    for (core::InputTensor& tensor : call.inputs) {
        auto& parameters = *tensor.parameters.mutable_fields();
        const auto found = parameters.find(kBinarySize);
        if (found == parameters.end())
            continue;
        MM_TRY(const std::size_t size, binarySize(tensor, found->second, binary.size()));
        if (!std::holds_alternative<std::monostate>(tensor.data))
            return core::wrongInput(tensor, std::string("has both data and a ") + kBinarySize + "; send one of them");
        tensor.data = binary.substr(0, size);
        binary.remove_prefix(size);
        parameters.erase(found);
    }
    if (!binary.empty())
        return Error{ErrorCode::MalformedRequest,
                     std::to_string(binary.size()) +
                         " bytes behind the JSON belong to no tensor: their sizes are told "
                         "by the parameter " +
                         kBinarySize + " of each."};
    return {};
}

std::size_t reserveFor(const core::InferResult& result) {
    constexpr std::size_t kAround = 512;
    constexpr std::size_t kJsonPerByte = 4; // of a float, about
    std::size_t bytes = kAround;
    for (const core::OutputTensor& tensor : result.outputs)
        bytes += kAround + tensor.bytes().size() * (tensor.binary ? 1 : kJsonPerByte);
    return bytes;
}

} // namespace

Result<core::InferCall> readInfer(std::string_view body, std::string_view headerLength) {
    MM_TRY(const std::size_t length, jsonLength(body, headerLength));
    core::InferCall call;
    MM_CHECK(readFields<core::InferCall>(body.substr(0, length), kFields, call));
    MM_CHECK(shareOut(call, body.substr(length)));
    return call;
}

Answer inferAnswer(const core::InferResult& result, const core::InferCall& call) {
    Answer answer;
    answer.body.reserve(reserveFor(result));
    JsonWriter writer(answer.body);
    writer.beginObject().field("model_name", result.response->model_id());
    writer.field("model_version", result.response->metadata().model_version());
    if (!call.id.empty())
        writer.field("id", call.id);
    writer.key("outputs").beginArray();
    bool hasBinary = false;
    for (const core::OutputTensor& tensor : result.outputs) {
        writeOutput(writer, tensor);
        hasBinary = hasBinary || tensor.binary;
    }
    writer.endArray().endObject();
    if (!hasBinary)
        return answer;
    answer.contentType = "application/octet-stream";
    answer.headers.emplace_back(kHeaderLength, std::to_string(answer.body.size()));
    for (const core::OutputTensor& tensor : result.outputs)
        if (tensor.binary)
            answer.body += tensor.bytes();
    return answer;
}

} // namespace mm::rest::oip
