#include "worker/model/weight_files.h"

#include "engine/files/strict_json.h"
#include "worker/model/unwrap.h"
#include "worker/runtime/failure.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace mm::worker {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMaxIndexBytes = 64U << 20;
constexpr const char* kSingle = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";

bool present(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

bool isPickle(const fs::path& path) {
    static constexpr std::array<std::string_view, 6> kEndings{".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"};
    const std::string ending = path.extension().string();
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

[[noreturn]] void refuseMissing(const fs::path& folder) {
    std::error_code problem;
    for (auto entry = fs::directory_iterator(folder, problem); !problem && entry != fs::directory_iterator();
         entry.increment(problem))
        if (isPickle(entry->path()))
            throw Failure(
                ErrorCode::InvalidModelFiles,
                entry->path().string() +
                    " holds pickled weights, which can run code when they are read, so they are never opened; "
                    "convert the model to safetensors (save_pretrained writes it) and put " +
                    kSingle + " beside it",
                {{"file", entry->path().string()}});
    if (problem)
        throw Failure(ErrorCode::InvalidModelFiles,
                      "the folder " + folder.string() + " cannot be read: " + problem.message(),
                      {{"file", folder.string()}});
    throw Failure(ErrorCode::InvalidModelFiles,
                  "the folder " + folder.string() + " holds no weights: neither " + kSingle + " nor " + kIndex +
                      " is there",
                  {{"file", (folder / kSingle).string()}});
}

std::shared_ptr<const WeightFiles::Shard> openShard(const fs::path& path) {
    MappedFile file(path);
    SafetensorsHeader header = unwrap(parseSafetensorsHeader(file.bytes(), file.bytes().size(), file.name()));
    return std::make_shared<WeightFiles::Shard>(WeightFiles::Shard{std::move(file), std::move(header)});
}

// A shard is a plain file name in the index's own folder: an index must not make the worker read elsewhere.
void checkShardName(const std::string& shard, const std::string& tensor, const std::string& index) {
    const bool plain = !shard.empty() && shard.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos &&
                       shard.ends_with(".safetensors");
    if (!plain)
        throw Failure(ErrorCode::InvalidModelFiles,
                      index + " places tensor '" + tensor + "' in '" + shard +
                          "'; only names of .safetensors files in the same folder are allowed",
                      {{"file", index}, {"tensor", tensor}});
}

} // namespace

WeightFiles WeightFiles::open(const fs::path& folder) {
    WeightFiles files;
    if (present(folder / kSingle))
        files.addSingle(folder / kSingle);
    else if (present(folder / kIndex))
        files.addSharded(folder / kIndex);
    else
        refuseMissing(folder);
    for (const auto& shard : files.m_shards)
        shard->file.expectWhole();
    return files;
}

void WeightFiles::addSingle(const fs::path& file) {
    m_name = file.string();
    m_shards.push_back(openShard(file));
    const auto& shard = m_shards.back();
    for (const StoredTensor& tensor : shard->header.tensors)
        m_places.emplace(tensor.name, Place{shard, &tensor});
}

void WeightFiles::addSharded(const fs::path& index) {
    m_name = index.string();
    const json document = unwrap(parseStrictJson(readFile(index, kMaxIndexBytes), m_name));
    const auto map = document.is_object() ? document.find("weight_map") : document.end();
    if (!document.is_object() || map == document.end() || !map->is_object() || map->empty())
        throw Failure(ErrorCode::InvalidModelFiles, m_name + " has no \"weight_map\" object that names any tensor",
                      {{"file", m_name}});

    std::map<std::string, std::map<std::string_view, const StoredTensor*>> tensorsOf;
    std::map<std::string, std::shared_ptr<const Shard>> shards;
    for (const auto& [tensor, value] : map->items()) {
        if (!value.is_string())
            throw Failure(ErrorCode::InvalidModelFiles, m_name + " places tensor '" + tensor + "' in no file name",
                          {{"file", m_name}, {"tensor", tensor}});
        const std::string name = value.get<std::string>();
        checkShardName(name, tensor, m_name);
        auto& shard = shards[name];
        if (!shard) {
            if (!present(index.parent_path() / name))
                throw Failure(ErrorCode::InvalidModelFiles,
                              (index.parent_path() / name).string() + " is missing, but " + m_name +
                                  " places tensor '" + tensor + "' in it; fetch the model again",
                              {{"file", (index.parent_path() / name).string()}, {"tensor", tensor}});
            shard = openShard(index.parent_path() / name);
            m_shards.push_back(shard);
            for (const StoredTensor& stored : shard->header.tensors)
                tensorsOf[name].emplace(stored.name, &stored);
        }
        const auto found = tensorsOf[name].find(tensor);
        if (found == tensorsOf[name].end())
            throw Failure(ErrorCode::InvalidModelFiles,
                          shard->file.name() + " does not hold tensor '" + tensor + "', which " + m_name +
                              " places in it",
                          {{"file", shard->file.name()}, {"tensor", tensor}});
        m_places.emplace(tensor, Place{shard, found->second});
    }
}

const WeightFiles::Place* WeightFiles::find(std::string_view name) const {
    const auto found = m_places.find(name);
    return found == m_places.end() ? nullptr : &found->second;
}

std::uint64_t WeightFiles::tensorBytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [name, place] : m_places)
        bytes += place.tensor->bytes();
    return bytes;
}

std::int64_t WeightFiles::elements() const {
    std::int64_t count = 0;
    for (const auto& [name, place] : m_places)
        count += place.tensor->elements();
    return count;
}

void WeightFiles::dropPages() const {
    for (const auto& shard : m_shards)
        shard->file.dropPages();
}

} // namespace mm::worker
