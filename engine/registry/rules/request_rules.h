// From the requests of the public API to what the catalogue acts upon, every rule for entities applied: a request that
// passes here can only fail for what is stored or on disk. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/registry/model_entry.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mm::registry {

struct Registration {
    ModelEntry draft; // all that the caller says; files, times and revision come later
    std::optional<std::filesystem::path> folder;
    std::string expectedChecksum; // empty accepts what is found
};
Result<Registration> checkRegistration(const modelmora::v1::RegisterModelRequest& request);

// What to change of a version; what is not set stays.
struct Patch {
    std::optional<std::string> displayName = {};
    std::optional<std::string> description = {};
    std::optional<google::protobuf::Struct> config = {};
    std::optional<modelmora::v1::ResourceRequirements> resources = {};
    std::optional<std::vector<std::string>> tags = {};
    std::optional<std::string> sourceUrl = {};
    std::optional<Contents> contents = {};
};
Result<Patch> checkUpdate(const modelmora::v1::UpdateModelRequest& request);
void apply(const Patch& patch, ModelEntry& entry);

struct Page {
    int number = 1;
    int size = 20;
};
Result<Page> checkListing(const modelmora::v1::ListModelsRequest& request);

} // namespace mm::registry
