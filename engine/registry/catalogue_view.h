// The registry in memory: what every question is answered from. A plain container with no thread of its own; the
// catalogue keeps it on the engine thread, and it changes only after the store has.
#pragma once

#include "engine/base/result.h"
#include "engine/registry/model_entry.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mm::registry {

class CatalogueView {
public:
    [[nodiscard]] Result<EntryPtr> resolve(std::string_view id) const;
    // The model an id without version names: InvalidModelId or ModelNotFound.
    [[nodiscard]] Result<const ModelVersions*> model(std::string_view id) const;
    [[nodiscard]] const ModelVersions* find(std::string_view id) const; // null where there is none
    [[nodiscard]] Result<modelmora::v1::ListModelsResponse> list(const modelmora::v1::ListModelsRequest& request) const;
    [[nodiscard]] std::vector<EntryPtr> all() const;

    void put(ModelVersions model);
    void erase(std::string_view id);

private:
    [[nodiscard]] Error unknown(std::string_view id) const;

    std::map<std::string, ModelVersions, std::less<>> m_models;
};

} // namespace mm::registry
