// Makes the catalogue say what a folder of definitions says, one model after the other: registers what is missing,
// updates what differs, leaves the rest alone. Fields that a definition does not give stay as they are. Engine thread;
// keeps itself alive until it has replied, and gives up quietly when the catalogue is gone.
#pragma once

#include "engine/registry/catalogue_core.h"
#include "engine/registry/definitions/definition_files.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace mm::registry {

class DefinitionLoader : public std::enable_shared_from_this<DefinitionLoader> {
public:
    static void load(const std::shared_ptr<CatalogueCore>& core, std::filesystem::path folder,
                     Reply<DefinitionsReport> reply);

private:
    DefinitionLoader(const std::shared_ptr<CatalogueCore>& core, Reply<DefinitionsReport> reply);

    void next();
    void registerNew(Registration registration);
    void compare(const EntryPtr& entry, Registration registration);
    void readAgain(const EntryPtr& entry, Registration registration, Patch patch);
    void update(const EntryPtr& entry, Patch patch);
    // The last step for a model: its turn to be the current one, where the definition says so.
    void promote(const EntryPtr& entry, int& counter);
    void fail(Error error);
    // On to the next definition, from the event loop: thousands may fail in a row.
    void advance();
    void finish();
    [[nodiscard]] const Definition& definition() const { return m_definitions.models[m_at]; }

    std::weak_ptr<CatalogueCore> m_core;
    Reply<DefinitionsReport> m_reply;
    Definitions m_definitions;
    std::size_t m_at = 0;
    DefinitionsReport m_report;
};

} // namespace mm::registry
