#include "engine/app/access/access_room.h"

#include "engine/access/keys/key_secret.h"
#include "engine/registry/catalogue.h"

#include <openssl/crypto.h>

#include <utility>

namespace mm::app {
namespace {

using namespace std::chrono_literals;

constexpr const char* kOwnerName = "console:own"; // no key can be called so
constexpr auto kKeepQuotas = 3s;                  // what a killed engine forgets of what keys have used
constexpr auto kRefresh = 1s;                     // how long a key that another program has revoked may still be used

store::DatabaseOptions databaseOptions(const Settings& settings, const Clock& clock, store::Durability durability) {
    store::DatabaseOptions options{settings.dataDir / registry::kDatabaseName, clock.wallNow()};
    options.prepared = true;
    options.durability = durability;
    return options;
}

} // namespace

void ComputeCharges::onFinished(const inference::RequestEnd& end) {
    m_keys.charge(end.client, (end.metadata.tokenize_ms() + end.metadata.compute_ms()) / 1000, m_clock.now());
}

// What is changed leaves a trail; what is asked is decided by the gate first, where there is one.
struct AccessRoom::Behind {
    Behind(service::Services services, service::AuditTrail& trail)
        : inner(services)
        , models(inner.models, trail)
        , queue(inner.queue, trail)
        , jobs(inner.jobs, trail)
        , observability(inner.observability, trail)
        , settings(inner.settings, trail) {}

    service::Services inner;
    service::AuditedModelService models;
    service::AuditedQueueService queue;
    service::AuditedJobService jobs;
    service::AuditedObservabilityService observability;
    service::AuditedSettingsService settings;
    std::unique_ptr<service::Guard> guard;
    std::unique_ptr<service::GuardedModelService> guardedModels;
    std::unique_ptr<service::GuardedInferenceService> guardedInference;
    std::unique_ptr<service::GuardedQueueService> guardedQueue;
    std::unique_ptr<service::GuardedJobService> guardedJobs;
    std::unique_ptr<service::GuardedSystemService> guardedSystem;
    std::unique_ptr<service::GuardedEventService> guardedEvents;
    std::unique_ptr<service::GuardedObservabilityService> guardedObservability;
};

AccessRoom::AccessRoom(const Needs& needs, std::unique_ptr<access::AuditJournal> journal)
    : m_needs(needs)
    , m_charges(m_ring, needs.clock)
    , m_journal(std::move(journal))
    , m_trail({needs.log, m_journal.get(), needs.clock, needs.engineThread}) {}

AccessRoom::~AccessRoom() = default;

Result<std::unique_ptr<AccessRoom>> AccessRoom::open(const Settings& settings, const Needs& needs) {
    MM_TRY(auto journal, access::AuditJournal::open(databaseOptions(settings, needs.clock, store::Durability::Machine),
                                                    needs.clock, needs.engineThread));
    std::unique_ptr<AccessRoom> room(new AccessRoom(needs, std::move(journal)));
    MM_TRY(room->m_keys, access::KeyKeeper::open(databaseOptions(settings, needs.clock, store::Durability::Machine),
                                                 room->m_ring, needs.clock, needs.engineThread));
    if (settings.access)
        MM_CHECK(room->openGate(settings));
    room->m_service = std::make_unique<service::LocalAccessService>(service::LocalAccessService::Parts{
        needs.engineThread, *room->m_keys, *room->m_journal, room->m_trail, room->m_gate.get()});
    room->m_journal->verify([](const Result<modelmora::v1::AuditVerification>& found) {
        if (!found.ok())
            log::write(log::Level::Error, "the audit could not be verified", found.error());
    });
    return room;
}

Result<void> AccessRoom::openGate(const Settings& settings) {
    MM_TRY(m_ownKey, access::newSecret());
    m_owner = std::make_shared<access::Identity>(
        access::Identity{.name = kOwnerName, .kind = access::Kind::Key, .role = access::Role::Admin});
    access::Gate::Parts parts{m_needs.clock, [this](std::string_view secret) { return findKey(secret); }};
    if (!settings.tokens.issuer.empty()) {
        MM_TRY(access::RoleNames roles, access::parseRoleNames(settings.tokens.roleNames));
        MM_TRY(m_tokenKeys, access::TokenKeys::open({settings.tokens.issuer, settings.tokens.keys}, m_needs.clock));
        m_tokens = std::make_unique<access::TokenVerifier>(
            *m_tokenKeys, access::TokenRules{settings.tokens.issuer, settings.tokens.audience}, std::move(roles),
            m_needs.clock);
        parts.token = [this](std::string_view token) { return m_tokens->identify(token); };
    }
    if (!settings.tokens.identities.empty()) {
        MM_TRY(m_certificates, access::ClientIdentities::read(settings.tokens.identities));
        parts.certificate = [this](std::string_view pem) { return m_certificates->find(pem); };
    }
    parts.refused = [this](access::Refused refusal) { m_trail.refused(std::move(refusal)); };
    m_gate = std::make_unique<access::Gate>(std::move(parts));
    QObject::connect(&m_refresh, &QTimer::timeout, &m_refresh, [this] { m_keys->refresh(); });
    m_refresh.start(kRefresh);
    QObject::connect(&m_keepQuotas, &QTimer::timeout, &m_keepQuotas, [this] { m_keys->keepQuotas(); });
    m_keepQuotas.start(kKeepQuotas);
    return {};
}

Result<access::IdentityPtr> AccessRoom::findKey(std::string_view secret) const {
    // Of the same length, or it is none; compared in a time that tells nothing.
    if (secret.size() == m_ownKey.size() && CRYPTO_memcmp(secret.data(), m_ownKey.data(), secret.size()) == 0)
        return m_owner;
    return m_ring.find(secret, m_needs.clock.wallNow());
}

service::Services AccessRoom::serve(service::Services inner) {
    m_behind = std::make_unique<Behind>(inner, m_trail);
    Behind& behind = *m_behind;
    if (!m_gate)
        return {behind.models, inner.inference,      inner.system, behind.queue,   behind.jobs,
                inner.events,  behind.observability, *m_service,   behind.settings};
    behind.guard = std::make_unique<service::Guard>(*m_gate, m_needs.engineThread);
    behind.guardedModels = std::make_unique<service::GuardedModelService>(behind.models, *behind.guard);
    behind.guardedInference = std::make_unique<service::GuardedInferenceService>(inner.inference, *behind.guard);
    behind.guardedQueue = std::make_unique<service::GuardedQueueService>(behind.queue, *behind.guard);
    behind.guardedJobs = std::make_unique<service::GuardedJobService>(behind.jobs, *behind.guard);
    behind.guardedSystem = std::make_unique<service::GuardedSystemService>(inner.system);
    behind.guardedEvents = std::make_unique<service::GuardedEventService>(inner.events);
    behind.guardedObservability =
        std::make_unique<service::GuardedObservabilityService>(behind.observability, *behind.guard);
    return {*behind.guardedModels,
            *behind.guardedInference,
            *behind.guardedSystem,
            *behind.guardedQueue,
            *behind.guardedJobs,
            *behind.guardedEvents,
            *behind.guardedObservability,
            *m_service,
            behind.settings,
            m_gate.get()};
}

} // namespace mm::app
