#include "worker/model/mapped_file.h"

#include "worker/runtime/failure.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace mm::worker {
namespace {

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
    throw Failure(ErrorCode::InvalidModelFiles, file + " cannot be read: " + why, {{"file", file}});
}

std::string systemText(int code) {
    return std::system_category().message(code);
}

class OpenFile {
public:
    explicit OpenFile(const std::string& name) : m_name(name) {
        // Without O_NONBLOCK a pipe of that name would be waited for.
        m_fd = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (m_fd < 0)
            refuse(name, systemText(errno));
        struct stat status {};
        if (::fstat(m_fd, &status) != 0)
            refuseOpen(systemText(errno));
        if (!S_ISREG(status.st_mode))
            refuseOpen("it is not a regular file");
        m_size = static_cast<std::size_t>(status.st_size);
        if (m_size == 0)
            refuseOpen("it is empty");
    }
    ~OpenFile() { ::close(m_fd); }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    [[nodiscard]] int fd() const { return m_fd; }
    [[nodiscard]] std::size_t size() const { return m_size; }

private:
    [[noreturn]] void refuseOpen(const std::string& why) const {
        ::close(m_fd);
        refuse(m_name, why);
    }

    const std::string& m_name;
    int m_fd = -1;
    std::size_t m_size = 0;
};

} // namespace

MappedFile::MappedFile(const std::filesystem::path& path) : m_name(path.string()) {
    const OpenFile file(m_name);
    void* data = ::mmap(nullptr, file.size(), PROT_READ, MAP_PRIVATE, file.fd(), 0);
    if (data == MAP_FAILED)
        refuse(m_name, "mapping its " + std::to_string(file.size()) + " bytes failed: " + systemText(errno));
    m_data = data;
    m_size = file.size();
}

MappedFile::~MappedFile() {
    if (m_data != nullptr)
        ::munmap(m_data, m_size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_name(std::move(other.m_name))
    , m_data(std::exchange(other.m_data, nullptr))
    , m_size(std::exchange(other.m_size, 0)) {}

void MappedFile::expectWhole() const {
    (void)::madvise(m_data, m_size, MADV_WILLNEED);
}

void MappedFile::dropPages() const {
    (void)::madvise(m_data, m_size, MADV_DONTNEED);
}

std::string readFile(const std::filesystem::path& path, std::size_t maxBytes) {
    const std::string name = path.string();
    const OpenFile file(name);
    if (file.size() > maxBytes)
        refuse(name, "it has " + std::to_string(file.size()) + " bytes; at most " + std::to_string(maxBytes) +
                         " are expected here");
    std::string text(file.size(), '\0');
    std::size_t at = 0;
    while (at < text.size()) {
        const ssize_t got = ::read(file.fd(), text.data() + at, text.size() - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            refuse(name, systemText(errno));
        if (got == 0)
            refuse(name, "it shrank while being read");
        at += static_cast<std::size_t>(got);
    }
    return text;
}

} // namespace mm::worker
