// Sentence embeddings: one vector for each text, cut and normalised as the request wants. Immutable, any thread.
#pragma once

#include "worker/tasks/embed/embed_parameters.h"
#include "worker/tasks/encoder/encoder_task.h"

namespace mm::worker {

// What every request of one model shares.
struct EmbedTraits {
    PromptSet prompts;
    int dimension = 0;
    bool normalised = false; // by the model's own modules
    bool poolPrompt = true;
};

class EmbedTask final : public EncoderTask {
public:
    explicit EmbedTask(EmbedTraits traits);

    [[nodiscard]] EncoderWish read(const google::protobuf::Struct& parameters) const override;

private:
    EmbedTraits m_traits;
};

} // namespace mm::worker
