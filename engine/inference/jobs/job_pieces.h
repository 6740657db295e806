// How a request is cut into pieces, and how the answers of the pieces become one again. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "modelmora/v1/inference.pb.h"

#include <cstdint>
#include <functional>
#include <string>

namespace mm::inference {

namespace v1 = modelmora::v1;

struct PieceBounds {
    int inputs = 128;
    std::int64_t bytes = 1 << 20; // a single input may be larger
};

// Calls `take` with one piece after another, in order: a batch in parts of the same kind, anything else whole. What
// belongs to all pieces (custom_data) is in none of them. Ends with the first failure of `take`.
Result<void> cutIntoPieces(const v1::InputData& input, const PieceBounds& bounds,
                           const std::function<Result<void>(const v1::InputData& piece)>& take);

// What all pieces share: the request without its batch, ids and job options.
v1::InferenceRequest sharedPart(const v1::InferenceRequest& request);

// SHA-256 (hexadecimal) of what the client asked for: everything but its own ids.
std::string contentHash(const v1::InferenceRequest& request);

// Adds one piece's results behind those of the pieces before it.
Result<void> addOutput(v1::OutputData& whole, const v1::OutputData& piece);

// Adds one piece's metadata to the whole's: times and tokens are summed up, the batch size is the largest, the rest is
// the latest.
void addMetadata(v1::InferenceMetadata& whole, const v1::InferenceMetadata& piece);

} // namespace mm::inference
