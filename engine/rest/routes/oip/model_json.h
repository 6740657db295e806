// Everything about servers and models that is not inference: answers as JSON, and the bodies of the repository's
// requests. Pure, any thread.
#pragma once

#include "engine/dialects/oip/model_card.h"
#include "engine/dialects/oip/model_statistics.h"
#include "engine/dialects/oip/repository.h"
#include "engine/rest/answer.h"

#include <string_view>
#include <vector>

namespace mm::rest::oip {

Answer serverAnswer();
Answer metadataAnswer(const dialects::oip::ModelCard& card);
Answer configAnswer(const dialects::oip::ModelCard& card);
Answer statisticsAnswer(const std::vector<dialects::oip::ModelStatistics>& all);
Answer indexAnswer(const std::vector<dialects::oip::IndexEntry>& entries);

// {"ready": true} or nothing at all.
struct IndexBody {
    bool onlyReady = false;
};
Result<IndexBody> readIndexBody(std::string_view json);
// {"parameters": {…}} or nothing at all.
struct RepositoryBody {
    google::protobuf::Struct parameters;
};
Result<RepositoryBody> readRepositoryBody(std::string_view json);

} // namespace mm::rest::oip
