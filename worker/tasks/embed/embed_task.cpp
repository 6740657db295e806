#include "worker/tasks/embed/embed_task.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace mm::worker {
namespace {

using modelmora::v1::InputData;

static_assert(std::endian::native == std::endian::little, "a matrix goes out as it lies in memory");

// Around the numbers of one vector.
constexpr std::size_t kVectorReserve = 16;

// Keeps the vectors as the bytes of a matrix, so that such an answer is moved into its message, not copied.
class EmbedAnswer final : public EncoderAnswer {
public:
    EmbedAnswer(std::size_t dimension, bool normalise) : m_dimension(dimension), m_normalise(normalise) {}

    void reserve(std::size_t inputs) override { m_vectors.resize(inputs * rowBytes()); }

    void store(std::size_t place, std::span<const float> row) override {
        constexpr double kSmallestNorm = 1e-12;
        const auto kept = row.first(m_dimension);
        double squares = 0;
        for (const float value : kept)
            squares += static_cast<double>(value) * value;
        const float scale = m_normalise ? static_cast<float>(1.0 / std::max(std::sqrt(squares), kSmallestNorm)) : 1.0F;
        char* out = m_vectors.data() + place * rowBytes();
        for (const float value : kept) {
            const float scaled = value * scale;
            std::memcpy(out, &scaled, sizeof scaled);
            out += sizeof scaled;
        }
    }

    void write(Form form, modelmora::v1::OutputData& out) override {
        if (form.embeddings == modelmora::v1::EMBEDDING_FORMAT_BYTES) {
            auto& matrix = *out.mutable_embedding_matrix();
            matrix.set_rows(static_cast<int>(m_vectors.size() / rowBytes()));
            matrix.set_dimension(static_cast<int>(m_dimension));
            matrix.set_data(std::move(m_vectors));
            return;
        }
        for (std::size_t begin = 0; begin < m_vectors.size(); begin += rowBytes()) {
            auto* embedding = form.single ? out.mutable_embedding() : out.mutable_embedding_batch()->add_embeddings();
            auto& values = *embedding->mutable_values();
            values.Resize(static_cast<int>(m_dimension), 0);
            std::memcpy(values.mutable_data(), m_vectors.data() + begin, rowBytes());
        }
    }

    [[nodiscard]] std::size_t bytesPerInput() const override { return rowBytes() + kVectorReserve; }

private:
    [[nodiscard]] std::size_t rowBytes() const { return m_dimension * sizeof(float); }

    std::size_t m_dimension;
    bool m_normalise;
    std::string m_vectors;
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
