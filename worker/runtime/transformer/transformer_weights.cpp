#include "worker/runtime/transformer/transformer_weights.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace mm::worker {

void positionRows(const TransformerShape& shape, const std::int32_t* tokens, std::int64_t count, std::int32_t* rows) {
    std::int64_t next = shape.firstPosition;
    for (std::int64_t i = 0; i < count; ++i) {
        const bool padding = shape.firstPosition > 0 && tokens[i] == shape.paddingToken;
        rows[i] = static_cast<std::int32_t>(padding ? shape.firstPosition - 1 : next++);
    }
}

std::int64_t relativeBucket(std::int64_t distance, std::int64_t buckets, std::int64_t furthest) {
    // Half of the buckets for each direction; of these half for exact distances, the rest on a logarithmic scale.
    const std::int64_t perSide = buckets / 2;
    const std::int64_t side = distance > 0 ? perSide : 0;
    const std::int64_t length = std::abs(distance);
    const std::int64_t exact = perSide / 2;
    if (length < exact)
        return side + length;
    const float fraction = std::log(static_cast<float>(length) / static_cast<float>(exact)) /
                           std::log(static_cast<float>(furthest) / static_cast<float>(exact));
    const auto steps = static_cast<std::int64_t>(fraction * static_cast<float>(perSide - exact));
    return side + std::min(exact + steps, perSide - 1);
}

} // namespace mm::worker
