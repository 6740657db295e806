#include "engine/registry/definitions/definition_loader.h"

#include "engine/base/log.h"
#include "engine/ipc/names.h"
#include "engine/registry/files/folder_contents.h"
#include "engine/registry/files/verify_files.h"

namespace mm::registry {
namespace {

// What the definition says and the entry does not.
Patch differences(const ModelEntry& entry, const Definition& definition, const Registration& wanted) {
    const modelmora::v1::RegisterModelRequest& given = definition.request;
    Patch patch;
    if (!given.display_name().empty() && wanted.draft.displayName != entry.displayName)
        patch.displayName = wanted.draft.displayName;
    if (!given.description().empty() && wanted.draft.description != entry.description)
        patch.description = wanted.draft.description;
    if (given.has_config() && !sameMessage(wanted.draft.config, entry.config))
        patch.config = wanted.draft.config;
    if (given.has_resource_requirements() && !sameMessage(wanted.draft.resources, entry.resources))
        patch.resources = wanted.draft.resources;
    if (given.tags_size() > 0 && wanted.draft.tags != entry.tags)
        patch.tags = wanted.draft.tags;
    if (!given.source_url().empty() && wanted.draft.sourceUrl != entry.sourceUrl)
        patch.sourceUrl = wanted.draft.sourceUrl;
    return patch;
}

bool isEmpty(const Patch& patch) {
    return !patch.displayName && !patch.description && !patch.config && !patch.resources && !patch.tags &&
           !patch.sourceUrl && !patch.contents;
}

// Null where the files are as they were registered: then nothing is read but their sizes.
using MaybeContents = std::shared_ptr<const Contents>;
Result<MaybeContents> readIfChanged(const ModelEntry& entry, const Registration& wanted,
                                    const std::atomic<bool>& stop) {
    const bool same = wanted.draft.sourceUrl == entry.sourceUrl && verifyFiles(entry).ok() &&
                      (wanted.expectedChecksum.empty() || wanted.expectedChecksum == entry.checksum);
    if (same)
        return MaybeContents();
    MM_TRY(Contents contents, readFolder(*wanted.folder, entry.task, wanted.expectedChecksum, stop));
    return std::make_shared<const Contents>(std::move(contents));
}

} // namespace

DefinitionLoader::DefinitionLoader(const std::shared_ptr<CatalogueCore>& core, Reply<DefinitionsReport> reply)
    : m_core(core), m_reply(std::move(reply)) {}

void DefinitionLoader::load(const std::shared_ptr<CatalogueCore>& core, std::filesystem::path folder,
                            Reply<DefinitionsReport> reply) {
    std::shared_ptr<DefinitionLoader> self(new DefinitionLoader(core, std::move(reply)));
    core->inBackground<Definitions>(
        [folder = std::move(folder)](const std::atomic<bool>&) {
            return readDefinitions(folder, environmentVariables());
        },
        [self](Result<Definitions> read) {
            if (!read.ok())
                return self->m_reply(std::move(read).error());
            self->m_definitions = std::move(*read);
            self->m_report.problems = self->m_definitions.problems;
            self->next();
        });
}

void DefinitionLoader::next() {
    const auto core = m_core.lock();
    if (!core)
        return m_reply(Error{ErrorCode::ServiceUnavailable, "The engine stops."});
    if (m_at == m_definitions.models.size())
        return finish();
    auto wanted = checkRegistration(definition().request);
    if (!wanted.ok())
        return fail(std::move(wanted).error());
    const ModelVersions* model = core->view().find(wanted->draft.modelId);
    const EntryPtr entry = model ? model->find(wanted->draft.version) : nullptr;
    if (!entry)
        registerNew(std::move(*wanted));
    else
        compare(entry, std::move(*wanted));
}

void DefinitionLoader::registerNew(Registration registration) {
    m_core.lock()->registerModel(std::move(registration), [self = shared_from_this()](Result<EntryPtr> entry) {
        if (!entry.ok())
            return self->fail(std::move(entry).error());
        self->promote(*entry, self->m_report.registered);
    });
}

void DefinitionLoader::compare(const EntryPtr& entry, Registration registration) {
    if (registration.draft.task != entry->task)
        return fail(invalidField("task_type", "is " + std::string(taskName(registration.draft.task)) + ", but " +
                                                  entry->modelId + " is registered for " +
                                                  std::string(taskName(entry->task)) +
                                                  "; delete the model first to give it another task"));
    Patch patch = differences(*entry, definition(), registration);
    if (registration.folder)
        readAgain(entry, std::move(registration), std::move(patch));
    else
        update(entry, std::move(patch));
}

void DefinitionLoader::readAgain(const EntryPtr& entry, Registration registration, Patch patch) {
    m_core.lock()->inBackground<MaybeContents>(
        [entry, registration = std::move(registration)](const std::atomic<bool>& stop) {
            return readIfChanged(*entry, registration, stop);
        },
        [self = shared_from_this(), entry, patch = std::move(patch)](Result<MaybeContents> contents) mutable {
            if (!contents.ok())
                return self->fail(std::move(contents).error());
            if (*contents)
                patch.contents = **contents;
            self->update(entry, std::move(patch));
        });
}

void DefinitionLoader::update(const EntryPtr& entry, Patch patch) {
    if (isEmpty(patch))
        return promote(entry, m_report.unchanged);
    const auto core = m_core.lock();
    if (!core)
        return m_reply(Error{ErrorCode::ServiceUnavailable, "The engine stops."});
    core->update({entry->modelId, entry->version}, std::move(patch),
                 [self = shared_from_this()](Result<EntryPtr> updated) {
                     if (!updated.ok())
                         return self->fail(std::move(updated).error());
                     self->promote(*updated, self->m_report.updated);
                 });
}

void DefinitionLoader::promote(const EntryPtr& entry, int& counter) {
    const auto core = m_core.lock();
    if (!core || !definition().current || !entry || entry->current) {
        ++counter;
        return advance();
    }
    int& promoted = &counter == &m_report.unchanged ? m_report.updated : counter;
    core->promote({entry->modelId, entry->version}, [self = shared_from_this(), &promoted](Result<EntryPtr> done) {
        if (!done.ok())
            return self->fail(std::move(done).error());
        ++promoted;
        self->advance();
    });
}

void DefinitionLoader::fail(Error error) {
    m_report.problems.push_back(problemAt(definition().file, definition().line, std::move(error)));
    advance();
}

void DefinitionLoader::advance() {
    ++m_at;
    const auto core = m_core.lock();
    if (!core)
        return next();
    core->engine().post([self = shared_from_this()] { self->next(); });
}

void DefinitionLoader::finish() {
    for (const DefinitionProblem& problem : m_report.problems)
        log::write(log::Level::Error, "model definition refused", problem.error);
    log::info("model definitions read", {{"registered", m_report.registered},
                                         {"updated", m_report.updated},
                                         {"unchanged", m_report.unchanged},
                                         {"problems", m_report.problems.size()}});
    m_reply(std::move(m_report));
}

} // namespace mm::registry
