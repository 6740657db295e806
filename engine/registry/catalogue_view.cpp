#include "engine/registry/catalogue_view.h"

#include "engine/registry/model_id.h"
#include "engine/registry/rules/request_rules.h"
#include "engine/registry/rules/version_rules.h"
#include "engine/registry/rules/version_transitions.h"

#include <QString>

#include <algorithm>

namespace mm::registry {
namespace {

namespace v1 = modelmora::v1;

constexpr std::string_view kLatest = "latest";

bool holds(const std::string& text, const QString& part) {
    return QString::fromStdString(text).contains(part, Qt::CaseInsensitive);
}

// "cuda" is any GPU; what is not configured is "auto".
bool isConfiguredFor(const ModelEntry& entry, const std::string& device) {
    const auto found = entry.config.fields().find("device");
    const std::string configured = found == entry.config.fields().end() ? "auto" : found->second.string_value();
    return configured == device || (device == "cuda" && configured.starts_with("cuda:"));
}

bool matches(const ModelEntry& entry, const v1::ListModelsRequest& request, const QString& search) {
    if (request.task_type() != v1::TASK_TYPE_UNSPECIFIED && entry.task != request.task_type())
        return false;
    if (!request.status().empty() && toString(entry.status) != request.status())
        return false;
    if (!request.tag().empty() && !std::binary_search(entry.tags.begin(), entry.tags.end(), request.tag()))
        return false;
    if (!request.device().empty() && !isConfiguredFor(entry, request.device()))
        return false;
    return search.isEmpty() || holds(entry.modelId, search) || holds(entry.displayName, search);
}

} // namespace

const ModelVersions* CatalogueView::find(std::string_view id) const {
    const auto at = m_models.find(id);
    return at == m_models.end() ? nullptr : &at->second;
}

Error CatalogueView::unknown(std::string_view id) const {
    std::vector<std::string> known;
    std::string sameRepository;
    for (const auto& [name, model] : m_models) {
        known.push_back(name);
        // Leaving the organisation away is the most common slip of all.
        if (id.size() < name.size() && name.ends_with(id) && name[name.size() - id.size() - 1] == '/')
            sameRepository = name;
    }
    auto parsed = ModelId::parse(id);
    if (parsed.ok())
        return modelNotFound(id, known);
    Error error = std::move(parsed).error();
    if (!sameRepository.empty()) {
        error.message += " Did you mean '" + sameRepository + "'?";
        error.facts["suggestion"] = sameRepository;
    }
    return error;
}

Result<const ModelVersions*> CatalogueView::model(std::string_view id) const {
    if (const ModelVersions* found = find(id))
        return found;
    return unknown(id);
}

Result<EntryPtr> CatalogueView::resolve(std::string_view id) const {
    const SplitId split = splitId(id);
    MM_TRY(const ModelVersions* found, model(split.id));
    EntryPtr entry = split.versioned ? found->find(split.version) : found->current();
    if (!entry && split.version == kLatest)
        entry = found->latest();
    if (entry)
        return entry;
    MM_CHECK(checkVersion(split.version));
    return versionNotFound(split.version, *found);
}

Result<v1::ListModelsResponse> CatalogueView::list(const v1::ListModelsRequest& request) const {
    MM_TRY(const Page page, checkListing(request));
    const QString search = QString::fromStdString(request.search());
    const std::int64_t first = std::int64_t{page.number - 1} * page.size;
    v1::ListModelsResponse response;
    std::int64_t total = 0;
    for (const auto& [id, model] : m_models) {
        const EntryPtr entry = model.current();
        if (!entry || !matches(*entry, request, search))
            continue;
        if (total >= first && total < first + page.size)
            *response.add_models() = toProto(*entry);
        ++total;
    }
    v1::PaginationResponse& pagination = *response.mutable_pagination();
    pagination.set_total(static_cast<std::int32_t>(total));
    pagination.set_page(page.number);
    pagination.set_page_size(page.size);
    pagination.set_total_pages(static_cast<std::int32_t>((total + page.size - 1) / page.size));
    return response;
}

std::vector<EntryPtr> CatalogueView::all() const {
    std::vector<EntryPtr> entries;
    for (const auto& [id, model] : m_models)
        entries.insert(entries.end(), model.versions.begin(), model.versions.end());
    return entries;
}

void CatalogueView::put(ModelVersions model) {
    std::string id = model.modelId;
    m_models.insert_or_assign(std::move(id), std::move(model));
}

void CatalogueView::erase(std::string_view id) {
    if (const auto at = m_models.find(id); at != m_models.end())
        m_models.erase(at);
}

} // namespace mm::registry
