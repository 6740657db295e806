#include "worker/tasks/classify/classify_load.h"

#include "worker/runtime/failure.h"
#include "worker/tasks/classify/classification_head.h"
#include "worker/tasks/classify/classify_task.h"
#include "worker/tasks/encoder/encoder_load.h"

namespace mm::worker {
namespace {

using Use = ClassifyTask::Use;

// A scorer that cannot take a pair is none.
void checkPairs(const EncoderRecipe::Built& built) {
    const std::string file = built.folder.tokenizerFile.string();
    const std::optional<int> special = built.tokenizer.pairSpecial();
    if (!special)
        throw Failure(ErrorCode::UnsupportedModel,
                      file + " does not say how two texts become one sequence, and scoring needs that",
                      {{"file", file}});
    if (built.maxTokens <= *special)
        throw Failure(ErrorCode::InvalidConfiguration,
                      "sequences of " + std::to_string(built.maxTokens) +
                          " tokens leave no room for a pair of texts, "
                          "whose special tokens alone are " +
                          std::to_string(*special) + "; raise config.max_length",
                      {{"setting", "config.max_length"}, {"tokens", std::int64_t{*special}}});
}

class ClassifyRecipe final : public EncoderRecipe {
public:
    explicit ClassifyRecipe(Use use) : m_use(use) {}

    [[nodiscard]] FolderUse use() const override { return FolderUse::Classification; }

    [[nodiscard]] std::unique_ptr<EncoderHead> makeHead(const Source& source) const override {
        const auto labels = static_cast<std::int64_t>(readClassifierConfig(source.folder).labels.size());
        const ClassifierWeights weights = source.architectures.takeClassifier(*source.folder.config, source.weights,
                                                                              source.encoder.hiddenSize(), labels);
        return std::make_unique<ClassificationHead>(weights);
    }

    [[nodiscard]] std::unique_ptr<EncoderTask> makeTask(const Built& built,
                                                        modelmora::worker::v1::Loaded& description) const override {
        if (m_use == Use::Score)
            checkPairs(built);
        const ClassifierConfig config = readClassifierConfig(built.folder);
        description.mutable_labels()->Add(config.labels.begin(), config.labels.end());
        return std::make_unique<ClassifyTask>(
            m_use, config, built.tokenizer.pairSpecial().value_or(built.maxTokens) < built.maxTokens);
    }

    void addSample(const std::string& words, modelmora::v1::InputData& input) const override {
        if (m_use == Use::Classify)
            return input.mutable_text_batch()->add_texts(words);
        input.mutable_query_documents()->set_query("warm up");
        input.mutable_query_documents()->add_documents(words);
    }

private:
    Use m_use;
};

} // namespace

std::unique_ptr<Model> loadClassify(const LoadOptions& options, const LoadProgress& progress) {
    return loadEncoderModel(options, progress, ClassifyRecipe(Use::Classify));
}

std::unique_ptr<Model> loadScore(const LoadOptions& options, const LoadProgress& progress) {
    return loadEncoderModel(options, progress, ClassifyRecipe(Use::Score));
}

} // namespace mm::worker
