#include "engine/rest/windows/answer_form.h"

#include "engine/rest/routes/embedding_output.h"

namespace mm::rest {

Answer wholeByRows(const EmbeddingForm& form, const modelmora::v1::InferenceResponse& response,
                   std::size_t bytesPerFloat) {
    constexpr std::size_t kAround = 1024;
    constexpr std::size_t kAroundRow = 64;
    const modelmora::v1::OutputData& output = response.output_data();
    const std::size_t count = embeddingCount(output);
    Answer answer;
    answer.body.reserve(kAround + count * kAroundRow + embeddingFloats(response) * bytesPerFloat);
    JsonWriter writer(answer.body);
    form.begin(writer, response);
    for (std::size_t i = 0; i < count; ++i)
        form.row(writer, i, embeddingAt(output, i));
    form.end(writer, response);
    return answer;
}

} // namespace mm::rest
