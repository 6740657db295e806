// How a dialect writes the answer of an inference: as a whole, or, where it is embeddings, row by row, so that an
// answer that is larger than anybody wants to hold can leave while it is made. Plain values; any thread.
#pragma once

#include "engine/rest/answer.h"
#include "engine/rest/json/json_writer.h"
#include "modelmora/v1/inference.pb.h"

#include <cstddef>
#include <functional>
#include <span>

namespace mm::rest {

using InferenceEncoder = std::function<Answer(const modelmora::v1::InferenceResponse&)>;

struct EmbeddingForm {
    // What stands before the rows, of the first that is known; all but the rows and the sums.
    std::function<void(JsonWriter&, const modelmora::v1::InferenceResponse&)> begin;
    std::function<void(JsonWriter&, std::size_t index, std::span<const float>)> row;
    std::function<void(JsonWriter&, const modelmora::v1::InferenceResponse&)> end;

    explicit operator bool() const { return static_cast<bool>(row); }
};

struct AnswerForm {
    InferenceEncoder whole;
    EmbeddingForm rows; // may be none: then the answer always goes out as a whole
};

// The whole answer by its rows; `bytesPerFloat` is for the size of the buffer.
Answer wholeByRows(const EmbeddingForm& form, const modelmora::v1::InferenceResponse& response,
                   std::size_t bytesPerFloat);

} // namespace mm::rest
