#include "worker/tasks/embed/embed_load.h"

#include "worker/tasks/embed/embed_task.h"
#include "worker/tasks/embed/sentence_pipeline.h"
#include "worker/tasks/encoder/encoder_load.h"

namespace mm::worker {
namespace {

class EmbedRecipe final : public EncoderRecipe {
public:
    [[nodiscard]] FolderUse use() const override { return FolderUse::Embedding; }

    [[nodiscard]] std::unique_ptr<EncoderHead> makeHead(const Source& source) const override {
        return SentencePipeline::create(source.folder.modules, source.encoder.hiddenSize());
    }

    [[nodiscard]] std::unique_ptr<EncoderTask> makeTask(const Built& built,
                                                        modelmora::worker::v1::Loaded& description) const override {
        const SentenceModules& modules = built.folder.modules;
        description.set_embedding_dimension(built.head.width());
        return std::make_unique<EmbedTask>(EmbedTraits{.prompts = {modules.prompts, modules.defaultPrompt},
                                                       .dimension = built.head.width(),
                                                       .normalised = modules.endsNormalised(),
                                                       .poolPrompt = modules.pooling.includePrompt});
    }

    void addSample(const std::string& words, modelmora::v1::InputData& input) const override {
        input.mutable_text_batch()->add_texts(words);
    }
};

} // namespace

std::unique_ptr<Model> loadEmbed(const LoadOptions& options, const LoadProgress& progress) {
    return loadEncoderModel(options, progress, EmbedRecipe());
}

} // namespace mm::worker
