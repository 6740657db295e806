#include "engine/dialects/oip/repository.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

namespace mm::dialects::oip {
namespace {

namespace v1 = modelmora::v1;
using google::protobuf::Value;

constexpr std::int32_t kPageSize = 100;

using Index = std::map<std::pair<std::string, std::string>, IndexEntry>;
using Entries = Reply<std::vector<IndexEntry>>;

std::string_view stateText(v1::ModelState state) {
    switch (state) {
    case v1::MODEL_STATE_LOADED:
        return "READY";
    case v1::MODEL_STATE_LOADING:
        return "LOADING";
    case v1::MODEL_STATE_DRAINING:
        return "UNLOADING";
    default:
        return "UNAVAILABLE";
    }
}

std::string reasonOf(const v1::ModelStatus& status) {
    if (status.state() == v1::MODEL_STATE_LOADED)
        return {};
    if (!status.reason().empty())
        return status.reason();
    return status.last_failure().message();
}

IndexEntry& entryOf(Index& index, const std::string& name, const std::string& version) {
    IndexEntry& entry = index[{name, version}];
    if (entry.name.empty())
        entry = {name, version, stateText(v1::MODEL_STATE_UNLOADED), "unloaded"};
    return entry;
}

void addStates(service::SystemService& system, const std::shared_ptr<Index>& index, bool onlyReady,
               const Entries& reply) {
    system.status([index, onlyReady, reply](Result<v1::SystemStatus> status) {
        if (!status)
            return reply(std::move(status).error());
        for (const v1::ModelStatus& loaded : status->loaded_models()) {
            IndexEntry& entry = entryOf(*index, loaded.model_id(), loaded.version());
            entry.state = stateText(loaded.state());
            entry.reason = reasonOf(loaded);
        }
        std::vector<IndexEntry> entries;
        for (auto& [key, entry] : *index)
            if (!onlyReady || entry.state == stateText(v1::MODEL_STATE_LOADED))
                entries.push_back(std::move(entry));
        reply(std::move(entries));
    });
}

void addPage(const service::Services& services, std::int32_t page, const std::shared_ptr<Index>& index, bool onlyReady,
             const Entries& reply) {
    v1::ListModelsRequest request;
    request.mutable_pagination()->set_page(page);
    request.mutable_pagination()->set_page_size(kPageSize);
    services.models.listModels(std::move(request),
                               [services, page, index, onlyReady, reply](Result<v1::ListModelsResponse> list) {
                                   if (!list)
                                       return reply(std::move(list).error());
                                   for (const v1::Model& model : list->models()) {
                                       IndexEntry& entry = entryOf(*index, model.model_id(), model.version());
                                       if (!model.status_message().empty())
                                           entry.reason = model.status_message();
                                   }
                                   if (!list->models().empty() && page < list->pagination().total_pages())
                                       return addPage(services, page + 1, index, onlyReady, reply);
                                   addStates(services.system, index, onlyReady, reply);
                               });
}

Error wrongParameter(const std::string& name, const std::string& what) {
    return {ErrorCode::InvalidInput, "repository parameter '" + name + "' " + what, {{"parameter", name}}};
}

Result<void> applyLoadParameter(const std::string& name, const Value& value, v1::LoadModelRequest& out) {
    const bool isBool = value.kind_case() == Value::kBoolValue;
    if (name == "config")
        return wrongParameter(name, "is not supported: a load takes the model's registered configuration. Change that "
                                    "with PUT /api/v1/models/ORG/REPO, then load");
    if (name.starts_with("file:"))
        return wrongParameter(name,
                              "is not supported: a load takes the files of the registered model. Register a model "
                              "or a version with POST /api/v1/models");
    if (name == "force" || name == "pin") {
        if (!isBool)
            return wrongParameter(name, "must be true or false");
        if (name == "force")
            out.set_force(value.bool_value());
        else
            out.set_pin(value.bool_value());
        return {};
    }
    if (name != "instances")
        return wrongParameter(name, "is not known; known are force, pin and instances");
    constexpr double kMost = 1000; // more than the engine allows, which says so itself
    const double number = value.kind_case() == Value::kNumberValue ? value.number_value() : -1;
    if (!(number >= 0 && number <= kMost) || number != std::floor(number))
        return wrongParameter(name, "must be a whole number");
    out.set_instances(static_cast<std::int32_t>(number));
    return {};
}

} // namespace

void repositoryIndex(const service::Services& services, bool onlyReady, Entries reply) {
    addPage(services, 1, std::make_shared<Index>(), onlyReady, reply);
}

Result<v1::LoadModelRequest> loadRequest(const std::string& model, const google::protobuf::Struct& parameters) {
    v1::LoadModelRequest request;
    request.set_model_id(model);
    for (const auto& [name, value] : parameters.fields())
        MM_CHECK(applyLoadParameter(name, value, request));
    return request;
}

Result<v1::UnloadModelRequest> unloadRequest(const std::string& model, const google::protobuf::Struct& parameters) {
    for (const auto& [name, value] : parameters.fields())
        if (name != "unload_dependents")
            return wrongParameter(name, "is not known; known is unload_dependents");
        else if (value.kind_case() != Value::kBoolValue)
            return wrongParameter(name, "must be true or false");
    v1::UnloadModelRequest request;
    request.set_model_id(model);
    return request;
}

Result<void> checkRepositoryName(const std::string& name) {
    if (name.empty())
        return {};
    return Error{ErrorCode::InvalidInput,
                 "there is no model repository '" + name + "'; the only one has no name, so leave it out"};
}

} // namespace mm::dialects::oip
