#include "worker/tasks/embed_load.h"

#include "worker/architectures/architecture_registry.h"
#include "worker/model/model_folder.h"
#include "worker/model/safetensors_weights.h"
#include "worker/runtime/failure.h"
#include "worker/tasks/embed_model.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mm::worker {
namespace {

using modelmora::v1::InferenceRequest;

// Enough tokens that every kernel and buffer is touched once before the first request is.
constexpr int kWarmUpTexts = 8;

std::unique_ptr<Encoder> buildEncoder(const ModelFolder& folder, const EncoderOptions& options,
                                      const LoadProgress& progress, EmbedModel::Parts& parts) {
    ArchitectureRegistry architectures;
    registerAllArchitectures(architectures);
    WeightFiles files = WeightFiles::open(folder.modules.transformer);
    const auto total = static_cast<std::int64_t>(files.tensorBytes());
    progress("weights", 0, total, files.name());
    SafetensorsWeights weights(std::move(files), [&](std::uint64_t taken, std::string_view tensor) {
        progress("weights", static_cast<std::int64_t>(taken), total, std::string(tensor));
    });
    auto encoder = architectures.create(*folder.config, weights, options);
    progress("weights", total, total, "");
    weights.dropPages();
    parts.weightBytes = encoder->parameterBytes();
    parts.parameters = weights.takenElements();
    return encoder;
}

EmbedTraits traitsOf(const ModelFolder& folder, const EmbedModel::Parts& parts, const LoadOptions& options) {
    EmbedTraits traits;
    traits.prompts = {folder.modules.prompts, folder.modules.defaultPrompt};
    traits.dimension = parts.pipeline.dimension();
    traits.maxTokens = folder.maxSequenceLength(parts.encoder->maxTokens());
    if (options.maxLength)
        traits.maxTokens = std::min(traits.maxTokens, *options.maxLength);
    traits.vocabulary = parts.encoder->vocabularySize();
    traits.normalised = folder.modules.endsNormalised();
    traits.poolPrompt = folder.modules.pooling.includePrompt;
    return traits;
}

Tokenizer openTokenizer(const ModelFolder& folder, const Encoder& encoder) {
    Tokenizer tokenizer = Tokenizer::open(folder.tokenizerFile, folder.modules.lowerCase);
    if (tokenizer.vocabularySize() > encoder.vocabularySize())
        throw Failure(ErrorCode::InvalidModelFiles,
                      folder.tokenizerFile.string() + " gives token ids up to " +
                          std::to_string(tokenizer.vocabularySize() - 1) + ", but " + folder.configFile +
                          " has a vocabulary of " + std::to_string(encoder.vocabularySize()) +
                          "; tokenizer and weights belong to different models",
                      {{"file", folder.tokenizerFile.string()}});
    return tokenizer;
}

// A model that cannot embed a few words is not loaded, whatever its files look like.
void warmUp(Model& model) {
    InferenceRequest request;
    std::string words = "warm up";
    for (int i = 0; i < kWarmUpTexts; ++i) {
        request.mutable_input_data()->mutable_text_batch()->add_texts(words);
        words += " " + words;
    }
    auto prepared = model.prepare(0, std::move(request));
    while (!prepared->advance()) {
    }
    model.admit(std::move(prepared));
    std::vector<Model::Output> finished;
    while (!model.idle())
        model.step(finished);
}

} // namespace

std::unique_ptr<Model> loadEmbed(const LoadOptions& options, const LoadProgress& progress) {
    progress("files", 0, 1, options.folder.string());
    const ModelFolder folder = openModelFolder(options.folder);
    const DtypeChoice dtype = chooseDtype(options.dtype);
    const DeviceChoice device = chooseDevice(options.device);
    progress("files", 1, 1, options.folder.string());

    EmbedModel::Parts parts;
    parts.encoder = buildEncoder(folder, {dtype.dtype, options.threads, device.device}, progress, parts);

    progress("prepare", 0, 1, "");
    parts.pipeline = SentencePipeline::create(folder.modules, parts.encoder->hiddenSize());
    parts.parameters += parts.pipeline.parameters();
    parts.weightBytes += parts.pipeline.parameters() * static_cast<std::int64_t>(sizeof(float));
    progress("prepare", 1, 1, "");

    progress("tokenizer", 0, 1, folder.tokenizerFile.string());
    parts.tokenizer = openTokenizer(folder, *parts.encoder);
    progress("tokenizer", 1, 1, folder.tokenizerFile.string());

    parts.traits = traitsOf(folder, parts, options);
    parts.room.tokens = static_cast<std::size_t>(std::max(1, options.maxBatchTokens));
    if (options.maxBatchSize)
        parts.room.sequences = static_cast<std::size_t>(*options.maxBatchSize);
    parts.architecture = folder.modelType;
    parts.dtype = std::string(dtypeName(dtype.dtype));
    parts.device = device.device.str();
    parts.deviceReason = device.reason;
    parts.threads = options.threads;
    auto model = std::make_unique<EmbedModel>(std::move(parts));

    progress("warmup", 0, 1, "");
    warmUp(*model);
    progress("warmup", 1, 1, "");
    return model;
}

} // namespace mm::worker
