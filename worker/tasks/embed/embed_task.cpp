#include "worker/tasks/embed/embed_task.h"

#include <algorithm>
#include <cmath>

namespace mm::worker {
namespace {

using modelmora::v1::InputData;

// Around the numbers of one vector.
constexpr std::size_t kVectorReserve = 16;

class EmbedAnswer final : public EncoderAnswer {
public:
    EmbedAnswer(std::size_t dimension, bool normalise) : m_dimension(dimension), m_normalise(normalise) {}

    void reserve(std::size_t inputs) override { m_vectors.resize(inputs * m_dimension); }

    void store(std::size_t place, std::span<const float> row) override {
        constexpr double kSmallestNorm = 1e-12;
        const auto kept = row.first(m_dimension);
        double squares = 0;
        for (const float value : kept)
            squares += static_cast<double>(value) * value;
        const float scale = m_normalise ? static_cast<float>(1.0 / std::max(std::sqrt(squares), kSmallestNorm)) : 1.0F;
        float* out = m_vectors.data() + place * m_dimension;
        for (const float value : kept)
            *out++ = value * scale;
    }

    void write(bool single, modelmora::v1::OutputData& out) const override {
        for (std::size_t begin = 0; begin < m_vectors.size(); begin += m_dimension) {
            auto* embedding = single ? out.mutable_embedding() : out.mutable_embedding_batch()->add_embeddings();
            const float* vector = m_vectors.data() + begin;
            embedding->mutable_values()->Add(vector, vector + m_dimension);
        }
    }

    [[nodiscard]] std::size_t bytesPerInput() const override { return m_dimension * sizeof(float) + kVectorReserve; }

private:
    std::size_t m_dimension;
    bool m_normalise;
    std::vector<float> m_vectors;
};

} // namespace

EmbedTask::EmbedTask(EmbedTraits traits)
    : EncoderTask({.does = "embeds texts",
                   .wants = "text, text_batch or token_batch",
                   .kinds = {InputData::kText, InputData::kTextBatch, InputData::kTokenBatch},
                   .poolPrompt = traits.poolPrompt})
    , m_traits(std::move(traits)) {}

EncoderWish EmbedTask::read(const google::protobuf::Struct& parameters) const {
    EmbedParameters wanted = parseEmbedParameters(parameters, m_traits.prompts, m_traits.dimension);
    EncoderWish wish;
    wish.answer =
        std::make_unique<EmbedAnswer>(static_cast<std::size_t>(wanted.dimensions.value_or(m_traits.dimension)),
                                      wanted.normalize.value_or(m_traits.normalised));
    wish.prompt = std::move(wanted.prompt);
    wish.promptGiven = wanted.promptGiven;
    wish.truncate = wanted.truncate;
    return wish;
}

} // namespace mm::worker
