#include "engine/grpc/all_services.h"

#include "engine/grpc/access/access_rpc.h"
#include "engine/grpc/inference_rpc.h"
#include "engine/grpc/jobs/jobs_rpc.h"
#include "engine/grpc/management_rpc.h"
#include "engine/grpc/memory/memory_rpc.h"
#include "engine/grpc/miraveja/model_inference_rpc.h"
#include "engine/grpc/observability/observability_rpc.h"
#include "engine/grpc/oip/oip_rpc.h"
#include "engine/grpc/registry_rpc.h"
#include "engine/grpc/settings/settings_rpc.h"

namespace mm::grpc_face {

void registerAllServices(ServiceList& list, const Face& face) {
    list.push_back({modelmora::v1::RegistryService::service_full_name(), std::make_unique<RegistryRpc>(face)});
    list.push_back({modelmora::v1::ManagementService::service_full_name(), std::make_unique<ManagementRpc>(face)});
    list.push_back({modelmora::v1::InferenceService::service_full_name(), std::make_unique<InferenceRpc>(face)});
    list.push_back({modelmora::v1::MemoryService::service_full_name(), std::make_unique<MemoryRpc>(face)});
    list.push_back({modelmora::v1::JobService::service_full_name(), std::make_unique<JobsRpc>(face)});
    list.push_back(
        {modelmora::v1::ObservabilityService::service_full_name(), std::make_unique<ObservabilityRpc>(face)});
    list.push_back({modelmora::v1::AccessService::service_full_name(), std::make_unique<AccessRpc>(face)});
    list.push_back({modelmora::v1::SettingsService::service_full_name(), std::make_unique<SettingsRpc>(face)});
    list.push_back({::inference::GRPCInferenceService::service_full_name(), std::make_unique<OipRpc>(face)});
    list.push_back({ModelInference::service_full_name(), std::make_unique<ModelInferenceRpc>(face)});
}

} // namespace mm::grpc_face
