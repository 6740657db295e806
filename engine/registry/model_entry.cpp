#include "engine/registry/model_entry.h"

#include "engine/registry/rules/version_rules.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <array>

namespace mm::registry {
namespace {

constexpr std::array<std::pair<ModelStatus, std::string_view>, 4> kStatuses{{
    {ModelStatus::Registered, "registered"},
    {ModelStatus::Downloading, "downloading"},
    {ModelStatus::Ready, "ready"},
    {ModelStatus::Failed, "failed"},
}};

void setTimestamp(google::protobuf::Timestamp& timestamp, WallTime time) {
    using namespace std::chrono;
    const auto since = time.time_since_epoch();
    const auto whole = floor<seconds>(since);
    timestamp.set_seconds(whole.count());
    timestamp.set_nanos(static_cast<int>(duration_cast<nanoseconds>(since - whole).count()));
}

} // namespace

std::string_view toString(ModelStatus status) {
    for (const auto& [known, name] : kStatuses)
        if (known == status)
            return name;
    return "failed";
}

std::optional<ModelStatus> statusFromString(std::string_view text) {
    for (const auto& [status, name] : kStatuses)
        if (name == text)
            return status;
    return std::nullopt;
}

EntryPtr ModelVersions::current() const {
    const auto at =
        std::find_if(versions.begin(), versions.end(), [](const EntryPtr& entry) { return entry->current; });
    return at == versions.end() ? nullptr : *at;
}

EntryPtr ModelVersions::find(std::string_view version) const {
    const auto at = std::find_if(versions.begin(), versions.end(),
                                 [&](const EntryPtr& entry) { return entry->version == version; });
    return at == versions.end() ? nullptr : *at;
}

EntryPtr ModelVersions::latest() const {
    EntryPtr best;
    for (const EntryPtr& entry : versions) {
        if (entry->deprecated)
            continue;
        // Where no semantic version decides, the one registered last is the latest: versions are in that order.
        if (!best || comparePrecedence(entry->version, best->version) >= 0)
            best = entry;
    }
    return best ? best : current();
}

void setContents(ModelEntry& entry, const Contents& contents) {
    entry.path = contents.folder.string();
    entry.architecture = contents.architecture;
    entry.files = contents.files;
    entry.totalBytes = contents.totalBytes;
    entry.checksum = contents.checksum;
    entry.status = ModelStatus::Ready;
    entry.statusMessage.clear();
}

modelmora::v1::Model toProto(const ModelEntry& entry) {
    modelmora::v1::Model model;
    model.set_model_id(entry.modelId);
    model.set_version(entry.version);
    model.set_task_type(entry.task);
    model.set_display_name(entry.displayName);
    model.set_description(entry.description);
    model.set_status(std::string(toString(entry.status)));
    model.set_status_message(entry.statusMessage);
    *model.mutable_resource_requirements() = entry.resources;
    *model.mutable_config() = entry.config;
    setTimestamp(*model.mutable_created_at(), entry.createdAt);
    setTimestamp(*model.mutable_updated_at(), entry.updatedAt);
    model.set_revision(entry.revision);
    model.set_source_url(entry.sourceUrl);
    model.set_checksum(entry.checksum);
    model.mutable_tags()->Add(entry.tags.begin(), entry.tags.end());
    model.set_current(entry.current);
    model.set_deprecated(entry.deprecated);
    model.set_deprecation_reason(entry.deprecationReason);
    model.set_architecture(entry.architecture);
    for (const ModelFile& file : entry.files) {
        modelmora::v1::ModelFile& out = *model.add_files();
        out.set_path(file.path);
        out.set_bytes(file.bytes);
        out.set_sha256(file.sha256);
    }
    model.set_total_bytes(entry.totalBytes);
    return model;
}

bool sameMessage(const google::protobuf::Message& a, const google::protobuf::Message& b) {
    return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

bool sameContent(const ModelEntry& a, const ModelEntry& b) {
    modelmora::v1::Model left = toProto(a);
    modelmora::v1::Model right = toProto(b);
    for (modelmora::v1::Model* model : {&left, &right}) {
        model->clear_revision();
        model->clear_created_at();
        model->clear_updated_at();
    }
    return a.path == b.path && sameMessage(left, right);
}

} // namespace mm::registry
