#include "engine/grpc/oip/oip_messages.h"

#include "engine/ipc/names.h"

#include <string>

namespace mm::grpc_face {
namespace {

namespace pb = ::inference;
namespace core = dialects::oip;

void addSpecs(const std::vector<core::TensorSpec>& specs,
              google::protobuf::RepeatedPtrField<pb::ModelMetadataResponse::TensorMetadata>& out) {
    for (const core::TensorSpec& spec : specs) {
        auto& tensor = *out.Add();
        tensor.set_name(std::string(spec.name));
        tensor.set_datatype(std::string(spec.datatype));
        tensor.mutable_shape()->Add(spec.shape.begin(), spec.shape.end());
    }
}

pb::DataType dataType(std::string_view datatype) {
    if (datatype == core::kBytes)
        return pb::TYPE_STRING;
    return datatype == core::kInt64 ? pb::TYPE_INT64 : pb::TYPE_FP32;
}

template <typename Tensor>
void describe(const core::TensorSpec& spec, Tensor& out) {
    out.set_name(std::string(spec.name));
    out.set_data_type(dataType(spec.datatype));
    out.mutable_dims()->Add(spec.shape.begin(), spec.shape.end());
}

void setDuration(std::uint64_t count, std::uint64_t ns, pb::StatisticDuration& out) {
    out.set_count(count);
    out.set_ns(ns);
}

} // namespace

pb::ServerMetadataResponse serverMetadata() {
    pb::ServerMetadataResponse response;
    response.set_name("modelmora");
    response.set_version(MM_VERSION);
    for (const std::string_view extension : core::serverExtensions())
        response.add_extensions(std::string(extension));
    return response;
}

pb::ModelMetadataResponse toMetadata(const core::ModelCard& card) {
    pb::ModelMetadataResponse response;
    response.set_name(card.model.model_id());
    response.mutable_versions()->Add(card.versions.begin(), card.versions.end());
    response.set_platform(std::string(core::kPlatform));
    addSpecs(card.signature.inputs, *response.mutable_inputs());
    addSpecs(card.signature.outputs, *response.mutable_outputs());
    return response;
}

pb::ModelConfigResponse toConfig(const core::ModelCard& card) {
    pb::ModelConfigResponse response;
    pb::ModelConfig& config = *response.mutable_config();
    config.set_name(card.model.model_id());
    config.set_platform(std::string(core::kPlatform));
    config.set_backend("modelmora");
    for (const core::TensorSpec& spec : card.signature.inputs) {
        pb::ModelInput& input = *config.add_input();
        describe(spec, input);
        input.set_optional(spec.optional);
    }
    for (const core::TensorSpec& spec : card.signature.outputs)
        describe(spec, *config.add_output());
    auto& parameters = *config.mutable_parameters();
    parameters["task_type"].set_string_value(std::string(taskName(card.model.task_type())));
    parameters["architecture"].set_string_value(card.model.architecture());
    parameters["version"].set_string_value(card.model.version());
    config.mutable_model_transaction_policy()->set_decoupled(false);
    return response;
}

pb::ModelStatisticsResponse toStatistics(const std::vector<core::ModelStatistics>& all) {
    pb::ModelStatisticsResponse response;
    for (const core::ModelStatistics& of : all) {
        pb::ModelStatistics& model = *response.add_model_stats();
        model.set_name(of.name);
        model.set_version(of.version);
        model.set_last_inference(of.lastInferenceMs);
        model.set_inference_count(of.inferences);
        model.set_execution_count(of.executions);
        pb::InferStatistics& inference = *model.mutable_inference_stats();
        setDuration(of.requests, of.queueNs + of.computeNs, *inference.mutable_success());
        setDuration(of.requests, of.queueNs, *inference.mutable_queue());
        setDuration(of.requests, of.computeNs, *inference.mutable_compute_infer());
    }
    return response;
}

pb::RepositoryIndexResponse toIndex(const std::vector<core::IndexEntry>& entries) {
    pb::RepositoryIndexResponse response;
    for (const core::IndexEntry& entry : entries) {
        auto& model = *response.add_models();
        model.set_name(entry.name);
        model.set_version(entry.version);
        model.set_state(std::string(entry.state));
        model.set_reason(entry.reason);
    }
    return response;
}

} // namespace mm::grpc_face
