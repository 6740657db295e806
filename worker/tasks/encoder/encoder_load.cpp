#include "worker/tasks/encoder/encoder_load.h"

#include "worker/model/safetensors_weights.h"
#include "worker/runtime/failure.h"
#include "worker/tasks/encoder/encoder_model.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mm::worker {
namespace {

using modelmora::v1::InferenceRequest;

// Enough tokens that every kernel and buffer is touched once before the first request is.
constexpr int kWarmUpInputs = 8;

void buildModel(const ModelFolder& folder, const EncoderOptions& options, const LoadProgress& progress,
                const EncoderRecipe& recipe, EncoderModel::Parts& parts) {
    ArchitectureRegistry architectures;
    registerAllArchitectures(architectures);
    WeightFiles files = WeightFiles::open(folder.modules.transformer);
    const auto total = static_cast<std::int64_t>(files.tensorBytes());
    progress("weights", 0, total, files.name());
    const char* stage = "weights";
    SafetensorsWeights weights(std::move(files), [&](std::uint64_t taken, std::string_view tensor) {
        progress(stage, static_cast<std::int64_t>(taken), total, std::string(tensor));
    });
    parts.encoder = architectures.create(*folder.config, weights, options);
    const std::int64_t encoderParameters = weights.takenElements();
    progress("weights", total, total, "");
    stage = "prepare";
    progress("prepare", 0, 1, "");
    parts.head = recipe.makeHead({folder, architectures, weights, *parts.encoder});
    weights.dropPages();
    progress("prepare", 1, 1, "");
    parts.description.set_weights_bytes(parts.encoder->parameterBytes() +
                                        parts.head->parameters() * static_cast<std::int64_t>(sizeof(float)));
    parts.description.set_parameters(encoderParameters + parts.head->parameters());
}

InputLimits limitsOf(const ModelFolder& folder, const Encoder& encoder, const LoadOptions& options) {
    InputLimits limits;
    limits.maxTokens = folder.maxSequenceLength(encoder.maxTokens());
    if (options.maxLength)
        limits.maxTokens = std::min(limits.maxTokens, *options.maxLength);
    limits.vocabulary = encoder.vocabularySize();
    limits.tokenTypes = encoder.tokenTypes() > 1;
    return limits;
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

// A model that cannot compute a few words is not loaded, whatever its files look like.
void admitWarmUp(Model& model, const EncoderRecipe& recipe, const std::vector<std::string>& samples) {
    InferenceRequest request;
    std::string words = "warm up";
    for (int i = 0; i < kWarmUpInputs; ++i) {
        recipe.addSample(words, *request.mutable_input_data());
        words += " " + words;
    }
    for (const std::string& sample : samples)
        recipe.addSample(sample, *request.mutable_input_data());
    auto prepared = model.prepare(0, std::move(request));
    while (!prepared->advance()) {
    }
    model.admit(std::move(prepared));
}

} // namespace

std::unique_ptr<Model> loadEncoderModel(const LoadOptions& options, const LoadProgress& progress,
                                        const EncoderRecipe& recipe) {
    progress("files", 0, 1, options.folder.string());
    const ModelFolder folder = openModelFolder(options.folder, recipe.use());
    const DtypeChoice dtype = chooseDtype(options.dtype);
    const DeviceChoice device = chooseDevice(options.device);
    progress("files", 1, 1, options.folder.string());

    EncoderModel::Parts parts;
    buildModel(folder, {dtype.dtype, options.threads, device.device}, progress, recipe, parts);

    progress("tokenizer", 0, 1, folder.tokenizerFile.string());
    parts.tokenizer = openTokenizer(folder, *parts.encoder);
    progress("tokenizer", 1, 1, folder.tokenizerFile.string());

    parts.limits = limitsOf(folder, *parts.encoder, options);
    parts.room.tokens = static_cast<std::size_t>(std::max(1, options.maxBatchTokens));
    if (options.maxBatchSize)
        parts.room.sequences = static_cast<std::size_t>(*options.maxBatchSize);
    parts.task = recipe.makeTask({folder, parts.tokenizer, *parts.head, parts.limits.maxTokens}, parts.description);
    parts.description.set_architecture(folder.modelType);
    parts.description.set_dtype(std::string(dtypeName(dtype.dtype)));
    parts.description.set_device(device.device.str());
    parts.description.set_device_reason(device.reason);
    parts.description.set_max_sequence_length(parts.limits.maxTokens);
    parts.description.set_threads(options.threads);
    auto model = std::make_unique<EncoderModel>(std::move(parts));
    admitWarmUp(*model, recipe, options.warmUpTexts);
    return model;
}

} // namespace mm::worker
