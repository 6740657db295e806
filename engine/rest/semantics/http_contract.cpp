#include "engine/rest/semantics/http_contract.h"

#include "engine/rest/guard/http_text.h"
#include "engine/rest/semantics/byte_range.h"
#include "engine/rest/semantics/content_coding.h"
#include "engine/rest/semantics/entity_tag.h"
#include "engine/rest/semantics/header_list.h"

#include <algorithm>

namespace mm::rest::semantics {
namespace {

constexpr std::size_t kSmallestPacked = 1024; // below, the head weighs more than what is saved
constexpr std::size_t kLargestPacked = std::size_t{1} << 30;

bool isPackable(std::string_view contentType) {
    const std::string_view type = guard::trimmed(contentType.substr(0, contentType.find(';')));
    if (type == "text/event-stream")
        return false; // its pieces must not wait for company
    return type.starts_with("text/") || type == "application/json" || type.ends_with("+json") ||
           type == "application/javascript" || type == "application/yaml" || type == "image/svg+xml";
}

bool isOnThisMachine(std::string_view peer) {
    return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

void dropBody(Answer& answer, int status) {
    answer.status = status;
    answer.body.clear();
    answer.body.shrink_to_fit();
}

void takePart(const guard::HttpRequest& request, Answer& answer) {
    const std::uint64_t size = answer.body.size();
    const RangeChoice choice = chooseRange(allOf(request, "range"), size);
    if (choice.kind == RangeChoice::Kind::Whole)
        return;
    setHeader(answer, "Content-Range", contentRange(choice, size));
    if (choice.kind == RangeChoice::Kind::Impossible)
        return dropBody(answer, 416);
    answer.status = 206;
    answer.body = answer.body.substr(choice.first, choice.last - choice.first + 1);
}

} // namespace

std::optional<Compression> compressionNamed(std::string_view text) {
    if (text == "auto")
        return Compression::Auto;
    if (text == "always")
        return Compression::Always;
    if (text == "never")
        return Compression::Never;
    return std::nullopt;
}

Result<void> HttpContract::checkAccept(const guard::HttpRequest& request, std::string_view produced) {
    const std::string accept = allOf(request, "accept");
    if (accept.empty())
        return {};
    for (std::string_view rest = produced; !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        if (accepts(accept, guard::trimmed(rest.substr(0, comma))))
            return {};
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return Error{ErrorCode::NotAcceptable,
                 "This address answers with " + std::string(produced) + ", and Accept: " + accept.substr(0, 200) +
                     " takes none of it. Accept that, or leave the header out.",
                 {{"produces", std::string(produced)}}};
}

bool HttpContract::isPacked(const guard::HttpRequest& request) {
    return !request.header("content-encoding").empty() &&
           codingNamed(allOf(request, "content-encoding")) != Coding::Identity;
}

Result<void> HttpContract::unpackBody(guard::HttpRequest& request) const {
    const std::string named = allOf(request, "content-encoding");
    const std::optional<Coding> coding = codingNamed(named);
    if (!coding)
        return Error{ErrorCode::UnsupportedMediaType,
                     "The body's Content-Encoding is \"" + named.substr(0, 100) + "\". Send it as one of " +
                         kKnownCodings + ", or plain.",
                     {{"content_encoding", named.substr(0, 100)}, {"accept_encoding", std::string(kKnownCodings)}}};
    if (!request.body.empty()) {
        MM_TRY(request.body, unpacked(request.body, *coding, m_options.maxBodyBytes));
    }
    std::erase_if(request.headers, [](const auto& header) { return header.first == "content-encoding"; });
    return {};
}

Answer HttpContract::options(const guard::HttpRequest& request, const std::string& methods) const {
    Answer answer{204, {}, {}, {{"Allow", methods}, {"Accept-Encoding", kKnownCodings}}};
    if (CorsPolicy::isPreflight(request))
        m_options.cors.allowPreflight(request, methods, answer);
    return answer;
}

void HttpContract::completeHead(const guard::HttpRequest& request, Answer& answer) const {
    if (!CorsPolicy::isPreflight(request))
        m_options.cors.allow(request, answer);
    if (answer.status == 415)
        setHeader(answer, "Accept-Encoding", kKnownCodings);
    // Whoever keeps it asks whether it still holds.
    if (!headerOf(answer, "ETag").empty() && headerOf(answer, "Cache-Control").empty())
        answer.headers.emplace_back("Cache-Control", "no-cache");
}

void HttpContract::obeyConditions(const guard::HttpRequest& request, Answer& answer) {
    if (answer.status != 200 || request.method != "GET")
        return;
    const std::string etag(headerOf(answer, "ETag"));
    if (isUnchanged(request, etag))
        return dropBody(answer, 304);
    if (headerOf(answer, "Accept-Ranges") == "bytes" && isRangeWanted(request, etag))
        takePart(request, answer);
}

bool HttpContract::mayPack(const Answer& answer) const {
    const bool isPlain = answer.status != 206 && headerOf(answer, "Content-Encoding").empty();
    return m_options.compression != Compression::Never && (isPlain || answer.status == 304) &&
           isPackable(answer.contentType);
}

bool HttpContract::isWorthPacking(const guard::HttpRequest& request, const Answer& answer) const {
    return m_options.compression != Compression::Auto || !answer.isModelOutput || !isOnThisMachine(request.peer);
}

Coding HttpContract::chooseCoding(const guard::HttpRequest& request, Answer& answer) const {
    if (!mayPack(answer) || (answer.status != 304 && answer.body.size() < kSmallestPacked) ||
        answer.body.size() > kLargestPacked || !isWorthPacking(request, answer))
        return Coding::Identity;
    addVary(answer, "Accept-Encoding");
    return answer.status == 304 ? Coding::Identity : bestCoding(allOf(request, "accept-encoding"));
}

std::unique_ptr<Packer> HttpContract::packerFor(const guard::HttpRequest& request, Answer& head) const {
    if (!mayPack(head) || !headerOf(head, "Content-Length").empty() || !isWorthPacking(request, head))
        return nullptr;
    addVary(head, "Accept-Encoding");
    const Coding coding = bestCoding(allOf(request, "accept-encoding"));
    auto packer = coding == Coding::Identity ? nullptr : Packer::make(coding, Packer::Effort::Speed);
    if (packer)
        head.headers.emplace_back("Content-Encoding", nameOf(coding));
    return packer;
}

void HttpContract::pack(Answer& answer, Coding coding) {
    if (coding == Coding::Identity)
        return;
    answer.body = packed(answer.body, coding);
    // It was made of the plain bytes.
    std::erase_if(answer.headers, [](const auto& header) { return header.first == "Repr-Digest"; });
    answer.headers.emplace_back("Content-Encoding", nameOf(coding));
    if (const auto tag = readEntityTag(headerOf(answer, "ETag")))
        setHeader(answer, "ETag", toText(inCoding(*tag, nameOf(coding))));
}

Answer withContentTag(Answer answer) {
    EntityTag tag = tagOfContent(answer.body);
    tag.weak = true;
    answer.headers.emplace_back("ETag", toText(tag));
    return answer;
}

bool isUnchanged(const guard::HttpRequest& request, std::string_view etag) {
    const auto tag = readEntityTag(etag);
    if (!tag)
        return false;
    const auto condition = readTagCondition(allOf(request, "if-none-match"));
    return condition && matchesWeakly(*condition, *tag);
}

bool isRangeWanted(const guard::HttpRequest& request, std::string_view etag) {
    if (request.header("range").empty())
        return false;
    const std::string_view condition = request.header("if-range");
    if (condition.empty())
        return true;
    // A date never matches: nothing here is told apart by dates.
    const auto wanted = readEntityTag(condition);
    const auto tag = readEntityTag(etag);
    return wanted && tag && !wanted->weak && !tag->weak && wanted->opaque == tag->opaque;
}

} // namespace mm::rest::semantics
