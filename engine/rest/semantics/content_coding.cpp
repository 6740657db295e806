#include "engine/rest/semantics/content_coding.h"

#include "engine/rest/guard/http_text.h"

#include <zlib.h>

#include <algorithm>
#include <utility>

namespace mm::rest::semantics {
namespace {

constexpr std::size_t kChunk = 64UL * 1024;
constexpr std::size_t kLarge = 256UL * 1024; // from here on speed counts more than the last few percent
constexpr int kMemoryLevel = 8;              // zlib's own

// zlib tells the two formats apart by the bits of the window.
int windowBits(Coding coding) {
    return coding == Coding::Gzip ? MAX_WBITS + 16 : MAX_WBITS;
}

class Inflater {
public:
    explicit Inflater(Coding coding) { m_isOpen = inflateInit2(&m_stream, windowBits(coding)) == Z_OK; }
    ~Inflater() {
        if (m_isOpen)
            inflateEnd(&m_stream);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    z_stream& stream() { return m_stream; }

private:
    z_stream m_stream{};
    bool m_isOpen = false;
};

Error damaged(Coding coding, const std::string& what, std::size_t at) {
    return {ErrorCode::MalformedRequest,
            "The body is not whole " + std::string(nameOf(coding)) + ": " + what + " at byte " + std::to_string(at) +
                ". Check how it was compressed, or send it plain, without Content-Encoding.",
            {{"content_encoding", std::string(nameOf(coding))}, {"byte", static_cast<std::int64_t>(at)}}};
}

Error tooLarge(std::int64_t maxBytes) {
    return {ErrorCode::PayloadTooLarge,
            "The body is larger than " + std::to_string(maxBytes) +
                " bytes once it is unpacked, and no larger one is taken. Send less at once; the server's limit is "
                "max-body-mb.",
            {{"limit_bytes", maxBytes}}};
}

} // namespace

std::string_view nameOf(Coding coding) {
    switch (coding) {
    case Coding::Gzip:
        return "gzip";
    case Coding::Deflate:
        return "deflate";
    default:
        return "identity";
    }
}

std::optional<Coding> codingNamed(std::string_view contentEncoding) {
    const std::string name = guard::lowered(guard::trimmed(contentEncoding));
    if (name.empty() || name == "identity")
        return Coding::Identity;
    if (name == "gzip" || name == "x-gzip")
        return Coding::Gzip;
    if (name == "deflate")
        return Coding::Deflate;
    return std::nullopt;
}

std::string packed(std::string_view plain, Coding coding) {
    const auto effort = plain.size() > kLarge ? Packer::Effort::Speed : Packer::Effort::Usual;
    const auto packer = coding == Coding::Identity ? nullptr : Packer::make(coding, effort);
    return packer ? packer->finish(plain) : std::string(plain);
}

struct Packer::State {
    z_stream stream{};
};

Packer::Packer(std::unique_ptr<State> state) : m_state(std::move(state)) {}

Packer::~Packer() {
    deflateEnd(&m_state->stream);
}

std::unique_ptr<Packer> Packer::make(Coding coding, Effort effort) {
    const int level = effort == Effort::Speed ? Z_BEST_SPEED : Z_DEFAULT_COMPRESSION;
    auto state = std::make_unique<State>();
    if (deflateInit2(&state->stream, level, Z_DEFLATED, windowBits(coding), kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK)
        return nullptr;
    return std::unique_ptr<Packer>(new Packer(std::move(state)));
}

std::string Packer::add(std::string_view piece) {
    return run(piece, Z_NO_FLUSH);
}

std::string Packer::finish(std::string_view last) {
    return run(last, Z_FINISH);
}

std::string Packer::run(std::string_view piece, int flush) {
    z_stream& stream = m_state->stream;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream.avail_in = static_cast<uInt>(piece.size());
    std::string out;
    do {
        const std::size_t filled = out.size();
        out.resize(filled + kChunk);
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
        stream.avail_out = static_cast<uInt>(kChunk);
        deflate(&stream, flush);
        out.resize(out.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    return out;
}

Result<std::string> unpacked(std::string_view bytes, Coding coding, std::int64_t maxBytes) {
    if (coding == Coding::Identity)
        return std::string(bytes);
    Inflater inflater(coding);
    if (!inflater.isOpen())
        return Error{ErrorCode::InternalError, "There is no memory to unpack the body."};
    z_stream& stream = inflater.stream();
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    const auto limit = static_cast<std::size_t>(maxBytes);
    std::string out;
    while (true) {
        const std::size_t filled = out.size();
        // One byte more than is allowed tells that there is more than is allowed.
        out.resize(std::min(filled + std::max(kChunk, filled), limit + 1));
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
        stream.avail_out = static_cast<uInt>(out.size() - filled);
        const int state = inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
        const std::size_t at = bytes.size() - stream.avail_in;
        if (out.size() > limit)
            return tooLarge(maxBytes);
        if (state == Z_STREAM_END && stream.avail_in == 0)
            return out;
        if (state == Z_STREAM_END && coding == Coding::Gzip && inflateReset(&stream) == Z_OK)
            continue; // a gzip file may be several, one after another
        if (state == Z_STREAM_END)
            return damaged(coding, "it goes on behind its end", at);
        if (state != Z_OK && state != Z_BUF_ERROR)
            return damaged(coding, stream.msg != nullptr ? stream.msg : "it cannot be read", at);
        if (stream.avail_in == 0 && stream.avail_out > 0)
            return damaged(coding, "it ends too early", at);
    }
}

} // namespace mm::rest::semantics
