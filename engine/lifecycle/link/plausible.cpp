#include "engine/lifecycle/link/plausible.h"

#include <cstdint>
#include <initializer_list>
#include <utility>

namespace mm::lifecycle {
namespace {

namespace wv1 = modelmora::worker::v1;

struct Number {
    const char* name;
    std::int64_t value;
};

// More than any machine has, and far from where sums of several would overflow.
constexpr std::int64_t kMostBytes = std::int64_t(1) << 50;
constexpr std::int64_t kMostMicroseconds = std::int64_t(1'000'000) * 86'400 * 365;
constexpr std::int64_t kMostCount = std::int64_t(1) << 50;

std::optional<std::string> outside(std::int64_t most, std::initializer_list<Number> numbers) {
    for (const auto& [name, value] : numbers)
        if (value < 0 || value > most)
            return std::string(name) + " = " + std::to_string(value);
    return std::nullopt;
}

std::optional<std::string> implausible(const wv1::Memory& memory) {
    return outside(kMostBytes, {{"memory.resident_bytes", memory.resident_bytes()},
                                {"memory.private_bytes", memory.private_bytes()},
                                {"memory.peak_bytes", memory.peak_bytes()}});
}

std::optional<std::string> implausible(const modelmora::v1::EmbeddingMatrix& matrix) {
    constexpr std::int64_t kNumberBytes = 4;
    if (matrix.rows() >= 0 && matrix.dimension() >= 0 &&
        kNumberBytes * matrix.rows() * matrix.dimension() == static_cast<std::int64_t>(matrix.data().size()))
        return std::nullopt;
    return "an embedding_matrix of " + std::to_string(matrix.rows()) + " x " + std::to_string(matrix.dimension()) +
           " numbers in " + std::to_string(matrix.data().size()) + " bytes";
}

} // namespace

std::optional<std::string> implausible(const wv1::Loaded& loaded) {
    if (auto wrong = outside(
            kMostBytes, {{"weights_bytes", loaded.weights_bytes()}, {"activation_bytes", loaded.activation_bytes()}}))
        return wrong;
    if (auto wrong = outside(kMostCount, {{"parameters", loaded.parameters()},
                                          {"embedding_dimension", loaded.embedding_dimension()},
                                          {"max_sequence_length", loaded.max_sequence_length()},
                                          {"threads", loaded.threads()}}))
        return wrong;
    return implausible(loaded.memory());
}

std::optional<std::string> implausible(const wv1::Pong& pong) {
    if (auto wrong = outside(kMostCount, {{"waiting", pong.waiting()}, {"running", pong.running()}}))
        return wrong;
    if (auto wrong = outside(kMostMicroseconds, {{"step_us", pong.step_us()}}))
        return wrong;
    return implausible(pong.memory());
}

std::optional<std::string> implausible(const wv1::Output& output) {
    if (auto wrong = outside(kMostMicroseconds, {{"times.wait_us", output.times().wait_us()},
                                                 {"times.tokenize_us", output.times().tokenize_us()},
                                                 {"times.compute_us", output.times().compute_us()},
                                                 {"charged_us", output.charged_us()}}))
        return wrong;
    if (output.data().has_embedding_matrix())
        if (auto wrong = implausible(output.data().embedding_matrix()))
            return wrong;
    return outside(kMostCount, {{"input_tokens", output.input_tokens()},
                                {"batch_size", output.batch_size()},
                                {"truncated_inputs", output.truncated_inputs()}});
}

} // namespace mm::lifecycle
