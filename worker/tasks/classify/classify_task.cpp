#include "worker/tasks/classify/classify_task.h"

#include "worker/tasks/classify/classify_parameters.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace mm::worker {
namespace {

using modelmora::v1::InputData;

// Around a label and its number, and around the labels of one input.
constexpr std::size_t kEntryReserve = 16;

void applyFunction(std::span<float> scores, ScoreFunction function) {
    if (function == ScoreFunction::None)
        return;
    if (function == ScoreFunction::Sigmoid) {
        for (float& score : scores)
            score = static_cast<float>(1.0 / (1.0 + std::exp(-static_cast<double>(score))));
        return;
    }
    const double largest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (const float score : scores)
        sum += std::exp(score - largest);
    for (float& score : scores)
        score = static_cast<float>(std::exp(score - largest) / sum);
}

class ClassifyAnswer final : public EncoderAnswer {
public:
    struct Options {
        ScoreFunction function = ScoreFunction::None;
        std::size_t most = 0; // labels of one input
        bool plainScores = false;
    };

    ClassifyAnswer(const std::vector<std::string>& labels, Options options) : m_labels(labels), m_options(options) {}

    void reserve(std::size_t inputs) override { m_scores.resize(inputs * m_labels.size()); }

    void store(std::size_t place, std::span<const float> row) override {
        const auto mine = std::span(m_scores).subspan(place * m_labels.size(), m_labels.size());
        std::copy(row.begin(), row.end(), mine.begin());
        applyFunction(mine, m_options.function);
    }

    void write(Form /*form*/, modelmora::v1::OutputData& out) override {
        if (m_options.plainScores) {
            out.mutable_scores()->mutable_values()->Add(m_scores.begin(), m_scores.end());
            return;
        }
        for (std::size_t begin = 0; begin < m_scores.size(); begin += m_labels.size())
            writeLabels(std::span(m_scores).subspan(begin, m_labels.size()),
                        *out.mutable_classification_batch()->add_classifications());
    }

    [[nodiscard]] std::size_t bytesPerInput() const override {
        std::size_t bytes = kEntryReserve;
        if (!m_options.plainScores)
            for (const std::string& label : m_labels)
                bytes += label.size() + kEntryReserve;
        return bytes;
    }

private:
    void writeLabels(std::span<const float> scores, modelmora::v1::Classification& out) const {
        std::vector<std::size_t> order(scores.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
        order.resize(m_options.most);
        for (const std::size_t index : order) {
            auto& entry = *out.add_labels();
            entry.set_label(m_labels[index]);
            entry.set_score(scores[index]);
        }
    }

    const std::vector<std::string>& m_labels; // the task's, which outlives every request
    Options m_options;
    std::vector<float> m_scores;
};

EncoderTask::Traits traitsFor(ClassifyTask::Use use, bool joinsPairs) {
    if (use == ClassifyTask::Use::Score)
        return {.does = "scores pairs of texts",
                .wants = "a query with its documents, or text_pairs",
                .kinds = {InputData::kQueryDocuments, InputData::kTextPairs}};
    EncoderTask::Traits traits{.does = "classifies texts",
                               .wants = "text, text_batch or token_batch",
                               .kinds = {InputData::kText, InputData::kTextBatch, InputData::kTokenBatch}};
    if (joinsPairs) {
        traits.wants = "text, text_batch, token_batch or text_pairs";
        traits.kinds.push_back(InputData::kTextPairs);
    }
    return traits;
}

} // namespace

ClassifyTask::ClassifyTask(Use use, const ClassifierConfig& config, bool joinsPairs)
    : EncoderTask(traitsFor(use, joinsPairs))
    , m_use(use)
    , m_labels(config.labels)
    , m_function(use == Use::Score ? config.scoring : config.classification) {}

EncoderWish ClassifyTask::read(const google::protobuf::Struct& parameters) const {
    const ClassifyParameters wanted = parseClassifyParameters(parameters, static_cast<int>(m_labels.size()),
                                                              m_use == Use::Score ? "scores" : "classifications");
    const std::size_t most = wanted.topK ? static_cast<std::size_t>(*wanted.topK) : m_labels.size();
    EncoderWish wish;
    wish.answer = std::make_unique<ClassifyAnswer>(
        m_labels, ClassifyAnswer::Options{.function = wanted.rawScores ? ScoreFunction::None : m_function,
                                          .most = most,
                                          .plainScores = m_use == Use::Score && m_labels.size() == 1});
    wish.truncate = wanted.truncate;
    return wish;
}

} // namespace mm::worker
