// Everything that access is made of, put together: keys, tokens, certificates, the gate, the audit, and the services
// behind them. Made after the catalogue, which has brought the database up to date. Engine thread.
#pragma once

#include "engine/access/audit/audit_journal.h"
#include "engine/access/certificates/client_identities.h"
#include "engine/access/gate.h"
#include "engine/access/jwt/token_verifier.h"
#include "engine/access/keys/key_keeper.h"
#include "engine/app/settings.h"
#include "engine/inference/ports.h"
#include "engine/service/access/local_access_service.h"
#include "engine/service/audit/audited_services.h"
#include "engine/service/guard/guarded_jobs.h"
#include "engine/service/guard/guarded_services.h"
#include "engine/service/guard/guarded_views.h"
#include "engine/service/services.h"
#include "engine/service/settings/audited_settings_service.h"

#include <QTimer>

#include <memory>
#include <string>
#include <string_view>

namespace mm::app {

// Tells the compute that each request used to the limits of its client's key.
class ComputeCharges final : public inference::InferenceListener {
public:
    ComputeCharges(const access::KeyRing& keys, const Clock& clock) : m_keys(keys), m_clock(clock) {}
    void onBatch(const inference::BatchSent&) override {}
    void onFinished(const inference::RequestEnd& end) override;

private:
    const access::KeyRing& m_keys;
    const Clock& m_clock;
};

class AccessRoom {
public:
    struct Needs {
        events::EventLog& log;
        const Clock& clock;
        Executor& engineThread;
    };
    // Blocks while the database is opened and the keys are read.
    static Result<std::unique_ptr<AccessRoom>> open(const Settings& settings, const Needs& needs);
    ~AccessRoom();
    AccessRoom(const AccessRoom&) = delete;
    AccessRoom& operator=(const AccessRoom&) = delete;

    [[nodiscard]] inference::InferenceListener& charges() { return m_charges; }
    [[nodiscard]] service::AccessService& service() { return *m_service; }
    // An admin's, for whoever runs the engine within the same program. Made anew at each start, kept nowhere but in
    // memory and never sent over a socket, so nobody outside of this process can have it.
    [[nodiscard]] const std::string& ownKey() const { return m_ownKey; }
    // What the faces are given for these: behind the gate, with the audit.
    service::Services serve(service::Services inner);

private:
    struct Behind;
    AccessRoom(const Needs& needs, std::unique_ptr<access::AuditJournal> journal);
    Result<void> openGate(const Settings& settings);
    Result<access::IdentityPtr> findKey(std::string_view secret) const;

    Needs m_needs;
    std::string m_ownKey;
    access::IdentityPtr m_owner; // whom that key stands for
    access::KeyRing m_ring;
    ComputeCharges m_charges;
    std::unique_ptr<access::AuditJournal> m_journal;
    service::AuditTrail m_trail;
    std::unique_ptr<access::KeyKeeper> m_keys;
    std::unique_ptr<access::TokenKeys> m_tokenKeys;
    std::unique_ptr<access::TokenVerifier> m_tokens;
    std::unique_ptr<access::ClientIdentities> m_certificates;
    std::unique_ptr<access::Gate> m_gate; // null: access control is off
    std::unique_ptr<service::LocalAccessService> m_service;
    std::unique_ptr<Behind> m_behind;
    QTimer m_refresh;
    QTimer m_keepQuotas;
};

} // namespace mm::app
