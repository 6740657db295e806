// Documents in the order of their scores, as every dialect of reranking answers. Pure, any thread. Fails with
// InvalidInput where the model's answer is no score for each document.
#pragma once

#include "engine/base/result.h"
#include "modelmora/v1/inference.pb.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace mm::rest {

struct Ranked {
    std::size_t index = 0; // of the document in the request
    float score = 0;
};

// The highest score first; documents of one score in the order of the request.
inline Result<std::vector<Ranked>> ranked(const modelmora::v1::InferenceResponse& response) {
    const modelmora::v1::OutputData& output = response.output_data();
    if (!output.has_scores())
        return Error{ErrorCode::InvalidInput,
                     "the model " + response.model_id() +
                         " gives several labels for each document, not one score; reranking needs a cross-encoder "
                         "with one label"};
    std::vector<Ranked> documents;
    for (const float score : output.scores().values())
        documents.push_back({documents.size(), score});
    std::stable_sort(documents.begin(), documents.end(),
                     [](const Ranked& a, const Ranked& b) { return a.score > b.score; });
    return documents;
}

} // namespace mm::rest
