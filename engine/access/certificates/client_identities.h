// Which certificates of clients stand for whom, from a YAML file:
//   identities:
//     - {subject: trainer, role: operator, models: ["org/*"]}
//     - {dns: app.example.org, name: app, role: user}
// Read once; then any thread. What was found for a certificate is remembered.
#pragma once

#include "engine/access/certificates/certificate_names.h"
#include "engine/access/identity.h"
#include "engine/base/result.h"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace mm::access {

class ClientIdentities {
public:
    // Fails with InvalidConfiguration that names file, entry and what is wrong with it.
    static Result<std::unique_ptr<ClientIdentities>> read(const std::filesystem::path& file);

    // The first entry that fits one of its names. Fails with Unauthenticated where none does.
    Result<IdentityPtr> find(std::string_view pem);

private:
    struct Entry {
        std::string kind; // subject, dns, email or uri
        std::string value;
        IdentityPtr identity;
    };
    friend class IdentityReader;
    [[nodiscard]] IdentityPtr match(const CertificateNames& names) const;

    std::vector<Entry> m_entries;
    std::mutex m_mutex;
    std::map<std::string, IdentityPtr> m_known; // by the certificate's SHA-256
};

} // namespace mm::access
