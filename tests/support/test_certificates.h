// Certificates for tests, made on the spot: an authority of its own and what it signs. Values; any thread.
#pragma once

#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace mm::test {

struct PemPair {
    std::string certificate;
    std::string key;
};

class TestAuthority {
public:
    explicit TestAuthority(const std::string& name = "Test authority");
    ~TestAuthority();
    TestAuthority(const TestAuthority&) = delete;
    TestAuthority& operator=(const TestAuthority&) = delete;

    [[nodiscard]] const std::string& certificate() const { return m_certificate; }
    // For `name`, as a server at localhost and 127.0.0.1 or as a client; valid for `days` from now, or over since then.
    [[nodiscard]] PemPair sign(const std::string& name, int days = 2) const;

private:
    std::string m_name;
    std::string m_certificate;
    std::unique_ptr<evp_pkey_st, void (*)(evp_pkey_st*)> m_key;
};

// The key, encrypted with a passphrase.
std::string withPassphrase(const std::string& key);

} // namespace mm::test
