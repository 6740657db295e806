#include "engine/lifecycle/memory/file_estimate.h"

#include "engine/files/safetensors_header.h"
#include "engine/files/strict_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>
#include <vector>

namespace mm::lifecycle {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The engine thread reads these: larger ones, which no real model has, are left to the worker.
constexpr std::int64_t kMostHeaderBytes = 16 << 20;
constexpr std::int64_t kMostJsonBytes = 16 << 20;
constexpr std::size_t kLengthBytes = 8;
constexpr std::int64_t kMostSize = 1'000'000'000;

constexpr std::int64_t kWorkerBytes = 74'000'000;
constexpr std::int64_t kTokenizerFactor = 12;
constexpr std::int64_t kGpuHostBytes = 800'000'000;
constexpr std::int64_t kGpuContextBytes = 600'000'000;
constexpr std::int64_t kGroupTokens = 256;

Error unreadable(const fs::path& file, const std::string& why) {
    return {ErrorCode::InvalidModelFiles, file.string() + " " + why, {{"file", file.string()}}};
}

bool present(const fs::path& file) {
    std::error_code ignored;
    return fs::exists(file, ignored);
}

std::int64_t sizeOf(const fs::path& file) {
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    return failed ? 0 : static_cast<std::int64_t>(size);
}

Result<json> readJson(const fs::path& file) {
    if (sizeOf(file) > kMostJsonBytes)
        return unreadable(file, "has " + std::to_string(sizeOf(file)) + " bytes, too many for what it is");
    std::ifstream in(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (!in)
        return unreadable(file, "cannot be read");
    return parseStrictJson(text, file.string());
}

bool isFloating(StoredType type) {
    switch (type) {
    case StoredType::F16:
    case StoredType::BF16:
    case StoredType::F32:
    case StoredType::F64:
        return true;
    default:
        return false;
    }
}

// The header alone is read; a header larger than any real one is not, and the file counts as it is.
Result<void> addWeights(const fs::path& file, FileFacts& facts) {
    std::ifstream in(file, std::ios::binary);
    std::string bytes(kLengthBytes, '\0');
    if (!in.read(bytes.data(), kLengthBytes))
        return unreadable(file, "cannot be read, or is cut short");
    std::uint64_t length = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;)
        length = (length << 8U) | static_cast<unsigned char>(bytes[i]);
    const std::int64_t size = sizeOf(file);
    if (length > static_cast<std::uint64_t>(kMostHeaderBytes)) {
        facts.otherBytes += size;
        return {};
    }
    bytes.resize(kLengthBytes + length);
    in.read(bytes.data() + kLengthBytes, static_cast<std::streamsize>(length));
    bytes.resize(kLengthBytes + static_cast<std::size_t>(in.gcount()));
    MM_TRY(const SafetensorsHeader header,
           parseSafetensorsHeader(bytes, static_cast<std::uint64_t>(size), file.string()));
    for (const StoredTensor& tensor : header.tensors) {
        if (isFloating(tensor.type))
            facts.floatingElements += tensor.elements();
        else
            facts.otherBytes += static_cast<std::int64_t>(tensor.bytes());
    }
    return {};
}

Result<void> addShards(const fs::path& index, FileFacts& facts) {
    MM_TRY(const json document, readJson(index));
    const auto map = document.is_object() ? document.find("weight_map") : document.end();
    if (!document.is_object() || map == document.end() || !map->is_object())
        return unreadable(index, "has no \"weight_map\" object");
    std::set<std::string> shards;
    for (const auto& [tensor, shard] : map->items()) {
        const std::string name = shard.is_string() ? shard.get<std::string>() : std::string();
        if (name.empty() || fs::path(name).filename() != name || name == "..")
            return unreadable(index, "places tensor '" + tensor + "' in no file of its own folder");
        shards.insert(name);
    }
    for (const std::string& shard : shards)
        MM_CHECK(addWeights(index.parent_path() / shard, facts));
    return {};
}

Result<void> addFolder(const fs::path& folder, FileFacts& facts) {
    if (present(folder / "model.safetensors"))
        return addWeights(folder / "model.safetensors", facts);
    if (present(folder / "model.safetensors.index.json"))
        return addShards(folder / "model.safetensors.index.json", facts);
    return {};
}

std::int64_t sizeNamed(const json& config, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const auto found = config.find(name); found != config.end() && found->is_number_integer())
            return std::clamp<std::int64_t>(found->get<std::int64_t>(), 0, kMostSize);
    return 0;
}

Result<void> addConfig(const fs::path& folder, FileFacts& facts) {
    facts.tokenizerBytes = std::max(facts.tokenizerBytes, sizeOf(folder / "tokenizer.json"));
    if (facts.hidden != 0 || !present(folder / "config.json"))
        return {};
    MM_TRY(const json config, readJson(folder / "config.json"));
    if (!config.is_object())
        return unreadable(folder / "config.json", "is not a JSON object");
    // The families spell the same sizes differently.
    facts.hidden = sizeNamed(config, {"hidden_size", "dim", "d_model"});
    facts.intermediate = sizeNamed(config, {"intermediate_size", "hidden_dim", "ffn_dim"});
    return {};
}

// The folders beside the model's own that modules.json names: "0_Transformer", "2_Dense" …
Result<std::vector<fs::path>> partsOf(const fs::path& folder) {
    std::vector<fs::path> parts;
    if (!present(folder / "modules.json"))
        return parts;
    MM_TRY(const json modules, readJson(folder / "modules.json"));
    for (const json& module : modules) {
        const auto path = module.is_object() ? module.find("path") : module.end();
        if (!module.is_object() || path == module.end() || !path->is_string())
            continue;
        const std::string name = path->get<std::string>();
        if (!name.empty() && name != ".." && fs::path(name).filename() == name)
            parts.push_back(folder / name);
    }
    return parts;
}

} // namespace

Result<FileFacts> readFileFacts(const fs::path& folder) {
    FileFacts facts;
    MM_TRY(std::vector<fs::path> parts, partsOf(folder));
    parts.insert(parts.begin(), folder);
    for (const fs::path& part : parts) {
        MM_CHECK(addFolder(part, facts));
        MM_CHECK(addConfig(part, facts));
    }
    return facts;
}

MemoryNeed estimateFromFiles(const FileFacts& facts, const LoadShape& shape) {
    const std::int64_t width = shape.dtype == "bf16" ? 2 : 4;
    const std::int64_t tokens = std::max<std::int64_t>(1, shape.batchMaxTokens);
    const bool onHost = shape.device == kHostDevice;
    const std::int64_t rows = onHost ? std::max(1, shape.threads) * kGroupTokens : tokens;
    MemoryEstimate model;
    model.device = shape.device;
    model.weightsBytes = facts.floatingElements * width + facts.otherBytes;
    model.activationBytes = tokens * facts.hidden * 8 + rows * (5 * facts.hidden + facts.intermediate) * 4;
    model.runtimeBytes = kGpuContextBytes;
    MemoryEstimate worker;
    worker.runtimeBytes = kWorkerBytes + kTokenizerFactor * facts.tokenizerBytes;
    if (!onHost) {
        worker.runtimeBytes += kGpuHostBytes;
        return {worker, model};
    }
    model.runtimeBytes = worker.runtimeBytes;
    return {model};
}

} // namespace mm::lifecycle
