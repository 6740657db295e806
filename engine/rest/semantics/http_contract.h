// What HTTP promises of every request and every answer, whichever route it is: that the client takes what is sent, that
// packed bodies are unpacked, conditions and ranges obeyed, answers packed, web pages let in. Immutable; any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/answer.h"
#include "engine/rest/guard/http_request.h"
#include "engine/rest/semantics/accept.h"
#include "engine/rest/semantics/content_coding.h"
#include "engine/rest/semantics/cors.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mm::rest::semantics {

// Which answers are packed for clients that take it. Auto: all but what a model put out for a client on this machine.
// Numbers shrink little and cost much, and on one machine there is nothing to save.
enum class Compression : std::uint8_t { Auto, Always, Never };
[[nodiscard]] std::optional<Compression> compressionNamed(std::string_view text);

struct ContractOptions {
    CorsPolicy cors;
    Compression compression = Compression::Auto;
    std::int64_t maxBodyBytes = 32 << 20; // unpacked
};

class HttpContract {
public:
    explicit HttpContract(ContractOptions options) : m_options(std::move(options)) {}

    // NotAcceptable where Accept takes none of the media types that the route produces ("a/b, c/d").
    static Result<void> checkAccept(const guard::HttpRequest& request, std::string_view produced);

    [[nodiscard]] static bool isPacked(const guard::HttpRequest& request);
    // The body as it was before it was packed. UnsupportedMediaType for a coding that is unknown here, else as
    // unpacked().
    Result<void> unpackBody(guard::HttpRequest& request) const;

    // To OPTIONS, whether a browser asks for leave or somebody for the methods. `methods` as Allow lists them.
    [[nodiscard]] Answer options(const guard::HttpRequest& request, const std::string& methods) const;

    // What every answer's head says, of those in pieces as well.
    void completeHead(const guard::HttpRequest& request, Answer& answer) const;
    // Obeys If-None-Match and Range where the answer has an ETag and Accept-Ranges.
    static void obeyConditions(const guard::HttpRequest& request, Answer& answer);
    // How the answer will be packed; says so of its kind where it might have been another (Vary).
    [[nodiscard]] Coding chooseCoding(const guard::HttpRequest& request, Answer& answer) const;
    // The same for one in pieces, whose head says so then. Null: as it is, as are all whose length is known.
    [[nodiscard]] std::unique_ptr<Packer> packerFor(const guard::HttpRequest& request, Answer& head) const;
    // Costs time by the body's size.
    static void pack(Answer& answer, Coding coding);

private:
    [[nodiscard]] bool mayPack(const Answer& answer) const;
    [[nodiscard]] bool isWorthPacking(const guard::HttpRequest& request, const Answer& answer) const;

    ContractOptions m_options;
};

// The answer with a weak tag of its content, for what has no revision of its own.
[[nodiscard]] Answer withContentTag(Answer answer);

// The first value that If-None-Match and the like compare with, and whether a GET for it needs no body.
[[nodiscard]] bool isUnchanged(const guard::HttpRequest& request, std::string_view etag);
// Whether Range counts: If-Range, where it is there, must name the same bytes.
[[nodiscard]] bool isRangeWanted(const guard::HttpRequest& request, std::string_view etag);

} // namespace mm::rest::semantics
