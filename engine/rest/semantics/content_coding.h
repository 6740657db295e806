// gzip and deflate of bodies, both ways. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/semantics/accept.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mm::rest::semantics {

inline constexpr const char* kKnownCodings = "gzip, deflate";

// As Content-Encoding spells it.
[[nodiscard]] std::string_view nameOf(Coding coding);
// The coding that a Content-Encoding header names; nothing for one that is unknown here, or for several.
[[nodiscard]] std::optional<Coding> codingNamed(std::string_view contentEncoding);

[[nodiscard]] std::string packed(std::string_view plain, Coding coding);

// Packs text that comes in pieces.
class Packer {
public:
    enum class Effort { Speed, Usual }; // speed: rather than the last few percent
    // Null where there is no memory for it.
    static std::unique_ptr<Packer> make(Coding coding, Effort effort);
    ~Packer();
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;

    // What can leave of all that was added: often nothing yet.
    std::string add(std::string_view piece);
    // The rest, with what is added last; nothing is any more.
    std::string finish(std::string_view last = {});

private:
    struct State;
    explicit Packer(std::unique_ptr<State> state);
    std::string run(std::string_view piece, int flush);

    std::unique_ptr<State> m_state;
};

// Never holds more than maxBytes, and fails with PayloadTooLarge where there are more; with MalformedRequest for what
// is damaged, cut off, or goes on behind its end.
Result<std::string> unpacked(std::string_view bytes, Coding coding, std::int64_t maxBytes);

} // namespace mm::rest::semantics
