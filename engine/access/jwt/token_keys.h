// TokenKeys: the keys of an issuer, from a file or an address, fetched on a thread of its own and looked at again from
// time to time. While they cannot be had, those that were had before are kept. current() and refresh() from any thread.
#pragma once

#include "engine/access/jwt/jwk_set.h"
#include "engine/base/clock.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace mm::access {

struct TokenKeySnapshot {
    JwkSet keys;
    std::uint64_t version = 0; // grows whenever the keys have been had anew
    std::string failure;       // of the last attempt; empty where it went well
    bool isFetching = false;
};

class TokenKeys {
public:
    struct Options {
        std::string issuer;
        std::string keys;                          // file or URL; empty: as the issuer's discovery document says
        std::chrono::milliseconds every{600'000};  // how often they are looked at again
        std::chrono::milliseconds pause{30'000};   // at least, between two attempts that somebody else asks for
        std::chrono::milliseconds patience{5'000}; // with one answer
    };
    // Fails with InvalidConfiguration for an address that is none, or that is neither https nor on this machine.
    static Result<std::unique_ptr<TokenKeys>> open(Options options, const Clock& clock);
    ~TokenKeys();
    TokenKeys(const TokenKeys&) = delete;
    TokenKeys& operator=(const TokenKeys&) = delete;

    [[nodiscard]] std::shared_ptr<const TokenKeySnapshot> current() const;
    // Somebody needs a key that is not there. True where they are being fetched, so that it is worth coming back; not
    // where they just have been.
    bool refresh();

private:
    struct Desk;
    TokenKeys();
    std::unique_ptr<Desk> m_desk;
};

// One that may be asked for keys: https, or http on this machine.
[[nodiscard]] bool isKeyAddress(const std::string& text);

} // namespace mm::access
