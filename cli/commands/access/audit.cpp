// audit list, audit verify.
#include "cli/client/local_access.h"
#include "cli/commands/access/access_text.h"
#include "cli/commands/commands.h"

namespace mm::cli {
namespace {

using Access = v1::AccessService::StubInterface;

class AuditList final : public Command {
public:
    AuditList() {
        m_declaration = {
            .name = "audit list",
            .summary = "Show who changed or was refused what, the newest first.",
            .flags = {{"--limit", "N", "At most so many; otherwise 100.", "--limit 20", &m_limit},
                      {"--before", "NUMBER", "Only records before this one.", "--before 4711", &m_before},
                      {"--client", "NAME", "Only this client's.", "--client app", &m_client},
                      {"--action", "ACTION", "Only this action.", "--action model.delete", &m_action},
                      {"--outcome",
                       "OUTCOME",
                       "Only this outcome.",
                       "--outcome refused",
                       &m_outcome,
                       {"done", "failed", "refused", "ordered"}},
                      {"--local", "", "Read the data folder of this machine, without an engine.", "--local", &m_local},
                      {"--data-dir", "DIR", "That folder; otherwise the engine's own default.", "--data-dir /srv/m",
                       &m_dataDir}},
            .examples = {"modelmora audit list", "modelmora audit list --outcome refused --json"}};
    }
    Result<ExitCode> run(Context& context) override {
        v1::ListAuditRequest request;
        request.set_limit(m_limit);
        request.set_before(m_before);
        request.set_client(m_client);
        request.set_action(m_action);
        request.set_outcome(m_outcome);
        MM_TRY(const v1::ListAuditResponse listed,
               m_local ? callLocally<v1::ListAuditResponse>("ListAudit", request, m_dataDir)
                       : context.engine().call(&Access::ListAudit, request));
        context.show(listed, [&] { return describeAudit(listed, context.terminal); });
        return ExitCode::Ok;
    }

private:
    int m_limit = 0;
    int m_before = 0;
    std::string m_client;
    std::string m_action;
    std::string m_outcome;
    bool m_local = false;
    std::string m_dataDir;
};

class AuditVerify final : public Command {
public:
    AuditVerify() {
        m_declaration = {
            .name = "audit verify",
            .summary = "Check that no record of the audit was changed or taken out.",
            .flags = {{"--local", "", "Read the data folder of this machine, without an engine.", "--local", &m_local},
                      {"--data-dir", "DIR", "That folder; otherwise the engine's own default.", "--data-dir /srv/m",
                       &m_dataDir}},
            .examples = {"modelmora audit verify", "modelmora audit verify --local"},
            .details = "Ends with 1 where the chain is broken. `head` names all records up to now: kept elsewhere, it "
                       "proves later that none of them was changed."};
    }
    Result<ExitCode> run(Context& context) override {
        const v1::VerifyAuditRequest request;
        MM_TRY(const v1::AuditVerification found,
               m_local ? callLocally<v1::AuditVerification>("VerifyAudit", request, m_dataDir)
                       : context.engine().call(&Access::VerifyAudit, request, EngineClient::kLongSeconds));
        context.show(found, [&] { return describeVerification(found); });
        return found.intact() ? ExitCode::Ok : ExitCode::Failed;
    }

private:
    bool m_local = false;
    std::string m_dataDir;
};

} // namespace

std::unique_ptr<Command> makeAuditList() {
    return std::make_unique<AuditList>();
}
std::unique_ptr<Command> makeAuditVerify() {
    return std::make_unique<AuditVerify>();
}

} // namespace mm::cli
