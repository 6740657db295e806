// The files behind TLS, for both faces and their clients: which there are, and what is in them once it is sure that
// they fit together. Plain values; readTls() and readClientTls() are safe from any thread, and read the files anew each
// time, since certificates are renewed while an engine runs.
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>

namespace mm {

struct TlsFiles {
    std::filesystem::path certificate; // the server's, and what leads from it to a root; empty: no TLS
    std::filesystem::path key;         // of the certificate
    std::filesystem::path clientCa;    // who signs the clients' certificates; empty: clients need none

    [[nodiscard]] bool isOn() const { return !certificate.empty(); }
};

// PEM, as read.
struct TlsTexts {
    std::string certificates;
    std::string key;
    std::string clientCa; // empty: clients need no certificate
};

// Fails with InvalidConfiguration that names the file and what is wrong with it: unreadable, not PEM, a key with a
// passphrase or of another certificate. Certificates that are out of date are only logged: whoever runs the engine
// should hear of it, but an engine that does not come back would be worse.
Result<TlsTexts> readTls(const TlsFiles& files);

// Those of a client.
struct ClientTlsFiles {
    std::filesystem::path ca;          // who signs the servers' certificates; empty: whom the system believes
    std::filesystem::path certificate; // for servers that ask for one; empty: none
    std::filesystem::path key;         // of the certificate
};

struct ClientTlsTexts {
    std::string ca;
    std::string certificates;
    std::string key;
};

// Fails as readTls() does; the settings are called tls-ca, tls-certificate and tls-key.
Result<ClientTlsTexts> readClientTls(const ClientTlsFiles& files);

} // namespace mm
