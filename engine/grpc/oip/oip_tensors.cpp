#include "engine/grpc/oip/oip_tensors.h"

#include <utility>

namespace mm::grpc_face {
namespace {

namespace pb = ::inference;
namespace core = dialects::oip;
using google::protobuf::Value;

Value toValue(const pb::InferParameter& parameter) {
    Value value;
    switch (parameter.parameter_choice_case()) {
    case pb::InferParameter::kBoolParam:
        value.set_bool_value(parameter.bool_param());
        break;
    case pb::InferParameter::kInt64Param:
        value.set_number_value(static_cast<double>(parameter.int64_param()));
        break;
    case pb::InferParameter::kUint64Param:
        value.set_number_value(static_cast<double>(parameter.uint64_param()));
        break;
    case pb::InferParameter::kDoubleParam:
        value.set_number_value(parameter.double_param());
        break;
    case pb::InferParameter::kStringParam:
        value.set_string_value(parameter.string_param());
        break;
    case pb::InferParameter::PARAMETER_CHOICE_NOT_SET:
        value.set_null_value(google::protobuf::NULL_VALUE);
        break;
    }
    return value;
}

google::protobuf::Struct toStructOf(const google::protobuf::Map<std::string, pb::InferParameter>& parameters) {
    google::protobuf::Struct made;
    for (const auto& [name, parameter] : parameters)
        (*made.mutable_fields())[name] = toValue(parameter);
    return made;
}

template <typename Field>
core::TensorData integers(const Field& field) {
    return std::vector<std::int64_t>(field.begin(), field.end());
}

// The elements that stand in the field of the tensor's datatype; nothing where that one is empty.
core::TensorData typedContents(std::string_view datatype, pb::InferTensorContents& contents) {
    if (datatype == core::kBytes && contents.bytes_contents_size() > 0)
        return std::vector<std::string>(std::make_move_iterator(contents.mutable_bytes_contents()->begin()),
                                        std::make_move_iterator(contents.mutable_bytes_contents()->end()));
    if (datatype == "INT32" && contents.int_contents_size() > 0)
        return integers(contents.int_contents());
    if (datatype == core::kInt64 && contents.int64_contents_size() > 0)
        return integers(contents.int64_contents());
    if (datatype == "UINT32" && contents.uint_contents_size() > 0)
        return integers(contents.uint_contents());
    if (datatype == "UINT64" && contents.uint64_contents_size() > 0)
        return integers(contents.uint64_contents());
    return std::monostate();
}

} // namespace

Result<core::InferCall> toInferCall(pb::ModelInferRequest& request) {
    const int raws = request.raw_input_contents_size();
    if (raws != 0 && raws != request.inputs_size())
        return Error{ErrorCode::InvalidInput, "raw_input_contents has " + std::to_string(raws) + " entries for " +
                                                  std::to_string(request.inputs_size()) +
                                                  " inputs; it needs one for each, or none"};
    core::InferCall call;
    MM_TRY(call.model, core::versionedModel(request.model_name(), request.model_version()));
    call.id = request.id();
    call.parameters = toStructOf(request.parameters());
    for (int i = 0; i < request.inputs_size(); ++i) {
        auto& input = *request.mutable_inputs(i);
        core::InputTensor tensor;
        tensor.name = input.name();
        tensor.datatype = input.datatype();
        tensor.shape.assign(input.shape().begin(), input.shape().end());
        tensor.parameters = toStructOf(input.parameters());
        if (raws != 0 && input.has_contents())
            return core::wrongInput(tensor, "has both contents and raw_input_contents; send one of them");
        if (raws != 0)
            tensor.data = std::string_view(request.raw_input_contents(i));
        else
            tensor.data = typedContents(tensor.datatype, *input.mutable_contents());
        call.inputs.push_back(std::move(tensor));
    }
    for (const auto& output : request.outputs())
        call.outputs.push_back({output.name(), false, toStructOf(output.parameters())});
    return call;
}

pb::ModelInferResponse toInferResponse(const core::InferResult& result, const core::InferCall& call) {
    pb::ModelInferResponse response;
    response.set_model_name(result.response->model_id());
    response.set_model_version(result.response->metadata().model_version());
    response.set_id(call.id);
    for (const core::OutputTensor& tensor : result.outputs) {
        auto& output = *response.add_outputs();
        output.set_name(tensor.name);
        output.set_datatype(std::string(tensor.datatype));
        output.mutable_shape()->Add(tensor.shape.begin(), tensor.shape.end());
        response.add_raw_output_contents(tensor.bytes());
    }
    return response;
}

google::protobuf::Struct toStruct(const google::protobuf::Map<std::string, pb::ModelRepositoryParameter>& parameters) {
    google::protobuf::Struct made;
    for (const auto& [name, parameter] : parameters) {
        Value& value = (*made.mutable_fields())[name];
        switch (parameter.parameter_choice_case()) {
        case pb::ModelRepositoryParameter::kBoolParam:
            value.set_bool_value(parameter.bool_param());
            break;
        case pb::ModelRepositoryParameter::kInt64Param:
            value.set_number_value(static_cast<double>(parameter.int64_param()));
            break;
        case pb::ModelRepositoryParameter::kStringParam:
            value.set_string_value(parameter.string_param());
            break;
        default: // files, or nothing: refused by their names
            value.set_null_value(google::protobuf::NULL_VALUE);
            break;
        }
    }
    return made;
}

} // namespace mm::grpc_face
