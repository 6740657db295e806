// Keys, callers and the audit as people read them. Pure.
#pragma once

#include "cli/output/terminal.h"
#include "modelmora/v1/access.pb.h"

#include <string>

namespace mm::cli {

namespace v1 = modelmora::v1;

std::string describeKeys(const v1::ListKeysResponse& keys, const Terminal& terminal);
std::string describeKey(const v1::ApiKey& key);
std::string describeCaller(const v1::CallerIdentity& caller);
std::string describeAudit(const v1::ListAuditResponse& audit, const Terminal& terminal);
std::string describeVerification(const v1::AuditVerification& found);

} // namespace mm::cli
