// Labels or scores for texts and pairs of texts, from the logits of a classification head. One task for both uses: a
// classifier answers with labels, and so does a scorer of several labels; a scorer of one answers with numbers.
// Immutable, any thread.
#pragma once

#include "worker/model/classifier_config.h"
#include "worker/tasks/encoder/encoder_task.h"

#include <string>
#include <vector>

namespace mm::worker {

class ClassifyTask final : public EncoderTask {
public:
    enum class Use { Classify, Score };

    // `joinsPairs`: the tokenizer can make one sequence of two texts.
    ClassifyTask(Use use, const ClassifierConfig& config, bool joinsPairs);

    [[nodiscard]] EncoderWish read(const google::protobuf::Struct& parameters) const override;

private:
    Use m_use;
    std::vector<std::string> m_labels;
    ScoreFunction m_function;
};

} // namespace mm::worker
