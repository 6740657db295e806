// mm_encoder_probe FOLDER fp32|bf16 THREADS: reads {"sequences": [[ids]], "types": [[ids]] (optional)} from stdin, runs
// the folder's encoder once and writes the hidden states as raw fp32, sequence after sequence. For the parity tests.
// A Failure goes to stderr as "CODE: message", with exit status 2.
#include "worker/architectures/architecture_registry.h"
#include "worker/model/safetensors_weights.h"
#include "worker/runtime/failure.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>

using namespace mm::worker;

namespace {

PackedBatch readBatch(const nlohmann::json& request) {
    PackedBatch batch;
    batch.offsets.push_back(0);
    for (const auto& sequence : request.at("sequences")) {
        for (const auto& id : sequence)
            batch.tokens.push_back(id.get<std::int32_t>());
        batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
    }
    if (request.contains("types"))
        for (const auto& sequence : request["types"])
            for (const auto& id : sequence)
                batch.typeIds.push_back(id.get<std::int32_t>());
    return batch;
}

int probe(const std::filesystem::path& folder, const std::string& dtype, int threads) {
    const auto config = nlohmann::json::parse(std::ifstream(folder / "config.json"));
    SafetensorsWeights weights(WeightFiles::open(folder));
    ArchitectureRegistry registry;
    registerAllArchitectures(registry);
    EncoderOptions options;
    options.dtype = chooseDtype(dtype).dtype;
    options.threads = threads;
    options.device = chooseDevice("cpu").device;
    const auto encoder = registry.create(config, weights, options);
    const at::Tensor states = encoder->encode(readBatch(nlohmann::json::parse(std::cin))).to(at::kFloat).contiguous();
    std::fwrite(states.const_data_ptr(), 1, states.nbytes(), stdout);
    std::fprintf(stderr, "hidden %d tokens %d vocabulary %d bytes %lld\n", encoder->hiddenSize(), encoder->maxTokens(),
                 encoder->vocabularySize(), static_cast<long long>(encoder->parameterBytes()));
    return 0;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fputs("mm_encoder_probe FOLDER fp32|bf16 THREADS < request.json > states.f32\n", stderr);
        return 1;
    }
    try {
        return probe(arguments[1], arguments[2], std::atoi(arguments[3]));
    } catch (const Failure& failure) {
        std::fprintf(stderr, "%s: %s\n", std::string(mm::errorName(failure.error.code)).c_str(), failure.what());
        return 2;
    }
}
