// The safetensors files of one folder as one set of tensors: model.safetensors, or the shards that
// model.safetensors.index.json names. Pickled weights are refused, because reading them can run code.
// No tensor library. Immutable after open(); any thread. Throws Failure naming file, tensor and numbers.
#pragma once

#include "engine/files/safetensors_header.h"
#include "worker/model/mapped_file.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mm::worker {

class WeightFiles {
public:
    struct Shard {
        MappedFile file;
        SafetensorsHeader header;
    };
    struct Place {
        std::shared_ptr<const Shard> shard;
        const StoredTensor* tensor = nullptr;
    };

    static WeightFiles open(const std::filesystem::path& folder);

    // Null when there is no such tensor.
    [[nodiscard]] const Place* find(std::string_view name) const;
    [[nodiscard]] const std::map<std::string, Place, std::less<>>& places() const { return m_places; }
    // All weights of the set, headers not counted.
    [[nodiscard]] std::uint64_t tensorBytes() const;
    [[nodiscard]] std::int64_t elements() const;
    // For error messages: the one file, or the index.
    [[nodiscard]] const std::string& name() const { return m_name; }
    void dropPages() const;

private:
    void addSingle(const std::filesystem::path& file);
    void addSharded(const std::filesystem::path& index);

    std::string m_name;
    std::vector<std::shared_ptr<const Shard>> m_shards;
    std::map<std::string, Place, std::less<>> m_places;
};

} // namespace mm::worker
