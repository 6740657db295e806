// The names in a client's certificate: its common name, and the DNS names, addresses of mail and URIs that it holds
// for. That somebody trusted has signed it, TLS has seen to. Pure, any thread.
#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace mm::access {

struct CertificateNames {
    std::string subject; // the common name; empty where there is none, or more than one
    std::vector<std::string> dns;
    std::vector<std::string> email;
    std::vector<std::string> uri;
};

// Fails with Unauthenticated for what is no PEM certificate, or has a name with a NUL in it.
Result<CertificateNames> namesOf(std::string_view pem);

} // namespace mm::access
