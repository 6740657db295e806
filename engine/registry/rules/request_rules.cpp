#include "engine/registry/rules/request_rules.h"

#include "engine/ipc/names.h"
#include "engine/registry/files/file_url.h"
#include "engine/registry/model_id.h"
#include "engine/registry/rules/config_rules.h"
#include "engine/registry/rules/field_errors.h"
#include "engine/registry/rules/version_rules.h"

#include <algorithm>
#include <array>

namespace mm::registry {
namespace {

namespace v1 = modelmora::v1;

constexpr int kMostTags = 64;
constexpr int kLargestPage = 100;
constexpr std::array<std::string_view, 4> kRemoteSchemes{"https://", "http://", "s3://", "hf://"};

std::vector<std::string> checkTags(const google::protobuf::RepeatedPtrField<std::string>& given, FieldErrors& errors) {
    std::vector<std::string> tags(given.begin(), given.end());
    if (given.size() > kMostTags) {
        errors.add("tags",
                   "are " + std::to_string(given.size()) + ", at most " + std::to_string(kMostTags) + " are allowed");
        return tags;
    }
    for (std::size_t i = 0; i < tags.size(); ++i)
        errors.checkText("tags[" + std::to_string(i) + "]", tags[i], kLongestName, FieldErrors::Empty::Refused);
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    return tags;
}

// "sha256:" and 64 hexadecimal digits, in lower case.
std::string checkChecksum(std::string checksum, FieldErrors& errors) {
    constexpr std::string_view kPrefix = "sha256:";
    constexpr std::size_t kDigits = 64;
    if (checksum.empty())
        return checksum;
    for (char& c : checksum)
        c = (c >= 'A' && c <= 'F') ? static_cast<char>(c - 'A' + 'a') : c;
    const bool valid = checksum.starts_with(kPrefix) && checksum.size() == kPrefix.size() + kDigits &&
                       checksum.find_first_not_of("0123456789abcdef", kPrefix.size()) == std::string::npos;
    if (!valid)
        errors.add("checksum", "must be 'sha256:' and 64 hexadecimal digits");
    return checksum;
}

void checkTask(v1::TaskType task, FieldErrors& errors) {
    if (task == v1::TASK_TYPE_UNSPECIFIED)
        errors.add("task_type", "is required; one of " + allTaskNames());
    else if (!v1::TaskType_IsValid(task))
        errors.add("task_type", "is not a task known here; one of " + allTaskNames(), ErrorCode::InvalidTaskType);
}

std::optional<std::filesystem::path> checkSource(const std::string& url, FieldErrors& errors) {
    constexpr std::size_t kLongestUrl = 8192;
    if (url.empty())
        return std::nullopt;
    const std::size_t before = errors.count();
    errors.checkText("source_url", url, kLongestUrl, FieldErrors::Empty::Refused);
    if (errors.count() != before)
        return std::nullopt;
    if (isFileUrl(url)) {
        auto folder = folderOfUrl(url);
        if (folder.ok())
            return *folder;
        errors.add(folder.error());
        return std::nullopt;
    }
    const bool remote = std::any_of(kRemoteSchemes.begin(), kRemoteSchemes.end(), [&url](std::string_view scheme) {
        return url.starts_with(scheme) && url.size() > scheme.size();
    });
    if (!remote)
        errors.add("source_url", "must begin with file://, https://, http://, s3:// or hf://");
    return std::nullopt;
}

} // namespace

Result<Registration> checkRegistration(const v1::RegisterModelRequest& request) {
    FieldErrors errors;
    Registration registration;
    ModelEntry& draft = registration.draft;

    if (auto id = ModelId::parse(request.model_id()); id.ok()) {
        draft.modelId = id->text();
        draft.displayName = id->repository();
    } else {
        errors.add(id.error());
    }
    draft.version = request.version().empty() ? std::string(kDefaultVersion) : request.version();
    if (auto version = checkVersion(draft.version); !version.ok())
        errors.add(version.error());
    checkTask(request.task_type(), errors);
    draft.task = request.task_type();
    errors.checkText("display_name", request.display_name(), kLongestName, FieldErrors::Empty::Fine);
    if (!request.display_name().empty())
        draft.displayName = request.display_name();
    errors.checkText("description", request.description(), kLongestDescription, FieldErrors::Empty::Fine);
    draft.description = request.description();
    registration.folder = checkSource(request.source_url(), errors);
    draft.sourceUrl = request.source_url();
    checkResources(request.resource_requirements(), errors);
    draft.resources = request.resource_requirements();
    checkConfig(request.config(), errors);
    draft.config = request.config();
    draft.tags = checkTags(request.tags(), errors);
    registration.expectedChecksum = checkChecksum(request.checksum(), errors);

    MM_CHECK(errors.result());
    return registration;
}

Result<Patch> checkUpdate(const v1::UpdateModelRequest& request) {
    FieldErrors errors;
    Patch patch;
    if (request.has_display_name()) {
        errors.checkText("display_name", request.display_name(), kLongestName, FieldErrors::Empty::Refused);
        patch.displayName = request.display_name();
    }
    if (request.has_description()) {
        errors.checkText("description", request.description(), kLongestDescription, FieldErrors::Empty::Fine);
        patch.description = request.description();
    }
    if (request.has_config()) {
        checkConfig(request.config(), errors);
        patch.config = request.config();
    }
    if (request.has_resource_requirements()) {
        checkResources(request.resource_requirements(), errors);
        patch.resources = request.resource_requirements();
    }
    if (request.has_tags())
        patch.tags = checkTags(request.tags().tags(), errors);
    if (request.expected_revision() < 0)
        errors.add("expected_revision", "must be 0 or more, not " + std::to_string(request.expected_revision()));
    MM_CHECK(errors.result());
    return patch;
}

void apply(const Patch& patch, ModelEntry& entry) {
    entry.displayName = patch.displayName.value_or(entry.displayName);
    entry.description = patch.description.value_or(entry.description);
    entry.config = patch.config.value_or(entry.config);
    entry.resources = patch.resources.value_or(entry.resources);
    entry.tags = patch.tags.value_or(entry.tags);
    entry.sourceUrl = patch.sourceUrl.value_or(entry.sourceUrl);
    if (patch.contents)
        setContents(entry, *patch.contents);
}

Result<Page> checkListing(const v1::ListModelsRequest& request) {
    FieldErrors errors;
    Page page;
    if (request.task_type() != v1::TASK_TYPE_UNSPECIFIED)
        checkTask(request.task_type(), errors);
    if (!request.status().empty() && !statusFromString(request.status()))
        errors.add("status", "must be one of registered, downloading, ready, failed");
    errors.checkText("tag", request.tag(), kLongestName, FieldErrors::Empty::Fine);
    errors.checkText("search", request.search(), kLongestName, FieldErrors::Empty::Fine);
    if (!request.device().empty() && !isDevice(request.device()))
        errors.add("device", std::string("must be one of ") + kDevices);
    const v1::PaginationRequest& given = request.pagination();
    if (given.page() < 0)
        errors.add("page", "must be 1 or more, not " + std::to_string(given.page()));
    else if (given.page() > 0)
        page.number = given.page();
    if (given.page_size() < 0 || given.page_size() > kLargestPage)
        errors.add("page_size",
                   "must be from 1 to " + std::to_string(kLargestPage) + ", not " + std::to_string(given.page_size()));
    else if (given.page_size() > 0)
        page.size = given.page_size();
    MM_CHECK(errors.result());
    return page;
}

} // namespace mm::registry
