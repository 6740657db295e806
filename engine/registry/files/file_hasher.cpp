#include "engine/registry/files/file_hasher.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace mm::registry {
namespace {

class Sha256 {
public:
    Sha256() : m_context(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        m_ok = m_context != nullptr && EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr) == 1;
    }
    void add(const void* bytes, std::size_t size) {
        m_ok = m_ok && EVP_DigestUpdate(m_context.get(), bytes, size) == 1;
    }
    // Empty where OpenSSL failed.
    std::string hex() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int length = 0;
        m_ok = m_ok && EVP_DigestFinal_ex(m_context.get(), digest.data(), &length) == 1;
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::string text;
        for (unsigned int i = 0; m_ok && i < length; ++i)
            text.append({kDigits[digest[i] >> 4U], kDigits[digest[i] & 15U]});
        return text;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context;
    bool m_ok = false;
};

class OpenFile {
public:
    // Does not wait for the other end, should a pipe have taken the file's place.
    explicit OpenFile(const std::filesystem::path& path)
        : m_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~OpenFile() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    [[nodiscard]] int fd() const { return m_fd; }

private:
    int m_fd;
};

Error unreadable(const std::filesystem::path& file, const std::string& why) {
    return {ErrorCode::InvalidModelFiles,
            "The file " + file.string() + " cannot be read: " + why + ".",
            {{"file", file.string()}}};
}

} // namespace

Result<FileHash> hashFile(const std::filesystem::path& file, const std::atomic<bool>& stop) {
    const OpenFile open(file);
    if (open.fd() < 0)
        return unreadable(file, std::strerror(errno));
    struct stat status {};
    if (::fstat(open.fd(), &status) != 0)
        return unreadable(file, std::strerror(errno));
    if (!S_ISREG(status.st_mode))
        return unreadable(file, "it is not a regular file");
    constexpr std::size_t kPiece = 1 << 20;
    const auto buffer = std::make_unique<char[]>(kPiece);
    Sha256 sha;
    FileHash hash;
    for (;;) {
        if (stop.load(std::memory_order_relaxed))
            return Error{ErrorCode::RequestCancelled,
                         "The engine stops; " + file.string() + " was not read to its end."};
        const ssize_t got = ::read(open.fd(), buffer.get(), kPiece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return unreadable(file, std::strerror(errno));
        if (got == 0)
            break;
        sha.add(buffer.get(), static_cast<std::size_t>(got));
        hash.bytes += got;
    }
    hash.sha256 = sha.hex();
    if (hash.sha256.empty())
        return Error{ErrorCode::InternalError, "OpenSSL cannot compute SHA-256 here."};
    return hash;
}

std::string manifestChecksum(const std::vector<ModelFile>& sortedFiles) {
    Sha256 sha;
    for (const ModelFile& file : sortedFiles) {
        const std::string line = file.sha256 + " " + std::to_string(file.bytes) + " " + file.path + "\n";
        sha.add(line.data(), line.size());
    }
    return "sha256:" + sha.hex();
}

} // namespace mm::registry
