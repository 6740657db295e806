// ModelEntry: one version of a model as the catalogue knows it. Immutable once handed out (always as
// shared_ptr<const ModelEntry>), so it may cross threads; a change makes a new entry.
#pragma once

#include "engine/base/clock.h"
#include "modelmora/v1/registry.pb.h"

#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mm::registry {

enum class ModelStatus {
    Registered, // known, its files are not here yet
    Downloading,
    Ready,  // its files are here and were verified
    Failed, // statusMessage says why
};
std::string_view toString(ModelStatus status);
std::optional<ModelStatus> statusFromString(std::string_view text);

struct ModelFile {
    std::string path; // relative to the model's folder, '/' between parts
    std::int64_t bytes = 0;
    std::string sha256; // 64 hexadecimal digits, lower case

    bool operator==(const ModelFile&) const = default;
};

struct ModelEntry {
    std::string modelId; // "org/repo"
    std::string version;
    modelmora::v1::TaskType task = modelmora::v1::TASK_TYPE_UNSPECIFIED;
    std::string displayName;
    std::string description;
    ModelStatus status = ModelStatus::Registered;
    std::string statusMessage;
    std::string sourceUrl;
    std::string path; // absolute folder; empty while there are no files
    google::protobuf::Struct config;
    modelmora::v1::ResourceRequirements resources; // 0 where not given
    std::vector<std::string> tags;                 // sorted, without repeats
    std::string checksum;         // "sha256:…" over the manifest; before there are files, the expected one
    std::vector<ModelFile> files; // sorted by path
    std::int64_t totalBytes = 0;
    std::string architecture; // the "model_type" of its configuration
    bool current = false;
    bool deprecated = false;
    std::string deprecationReason;
    WallTime createdAt;
    WallTime updatedAt;
    std::int64_t revision = 0; // of the model: every version of it shows the same
};

using EntryPtr = std::shared_ptr<const ModelEntry>;

// A model with all its versions in the order of registration; exactly one is current.
struct ModelVersions {
    std::string modelId;
    std::vector<EntryPtr> versions;

    [[nodiscard]] EntryPtr current() const;
    [[nodiscard]] EntryPtr find(std::string_view version) const; // null where there is none
    // The highest semantic version that is not deprecated; without one, what was registered last.
    [[nodiscard]] EntryPtr latest() const;
};

// The files of a version, as found on disk.
struct Contents {
    std::filesystem::path folder; // absolute, without symbolic links
    std::string architecture;
    std::vector<ModelFile> files; // sorted by path
    std::int64_t totalBytes = 0;
    std::string checksum;
};
void setContents(ModelEntry& entry, const Contents& contents);

modelmora::v1::Model toProto(const ModelEntry& entry);

[[nodiscard]] bool sameMessage(const google::protobuf::Message& a, const google::protobuf::Message& b);
// Equal but for revision and times.
[[nodiscard]] bool sameContent(const ModelEntry& a, const ModelEntry& b);

} // namespace mm::registry
