// From a model's folder to an EncoderModel, alike for every task on an encoder: files, weights, head, tokenizer,
// warm-up, each a stage that the load reports. Compute thread. Throws Failure naming the file, tensor or setting that
// is wrong.
#pragma once

#include "worker/architectures/architecture_registry.h"
#include "worker/model/model_folder.h"
#include "worker/tasks/encoder/encoder_head.h"
#include "worker/tasks/encoder/encoder_task.h"
#include "worker/tasks/task_registry.h"
#include "worker/text/tokenizer.h"

#include <memory>

namespace mm::worker {

// What a task adds to the load of an encoder.
class EncoderRecipe {
public:
    struct Source {
        const ModelFolder& folder;
        const ArchitectureRegistry& architectures;
        Weights& weights;
        const Encoder& encoder;
    };
    struct Built {
        const ModelFolder& folder;
        const Tokenizer& tokenizer;
        const EncoderHead& head;
        int maxTokens;
    };

    virtual ~EncoderRecipe() = default;

    [[nodiscard]] virtual FolderUse use() const = 0;
    [[nodiscard]] virtual std::unique_ptr<EncoderHead> makeHead(const Source& source) const = 0;
    // Also says in `description` what only this task knows of the model.
    [[nodiscard]] virtual std::unique_ptr<EncoderTask> makeTask(const Built& built,
                                                                modelmora::worker::v1::Loaded& description) const = 0;
    // One more input of so many words, for the warm-up.
    virtual void addSample(const std::string& words, modelmora::v1::InputData& input) const = 0;
};

std::unique_ptr<Model> loadEncoderModel(const LoadOptions& options, const LoadProgress& progress,
                                        const EncoderRecipe& recipe);

} // namespace mm::worker
