// What both faces share about servers and models, as the messages of inference.GRPCInferenceService. Pure, any thread.
#pragma once

#include "engine/dialects/oip/model_card.h"
#include "engine/dialects/oip/model_statistics.h"
#include "engine/dialects/oip/repository.h"
#include "inference/grpc_service.pb.h"

#include <vector>

namespace mm::grpc_face {

::inference::ServerMetadataResponse serverMetadata();
::inference::ModelMetadataResponse toMetadata(const dialects::oip::ModelCard& card);
::inference::ModelConfigResponse toConfig(const dialects::oip::ModelCard& card);
::inference::ModelStatisticsResponse toStatistics(const std::vector<dialects::oip::ModelStatistics>& all);
::inference::RepositoryIndexResponse toIndex(const std::vector<dialects::oip::IndexEntry>& entries);

} // namespace mm::grpc_face
