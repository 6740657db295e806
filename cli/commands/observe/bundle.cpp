#include "cli/commands/observe/bundle.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <system_error>
#include <utility>

namespace mm::cli {
namespace {

constexpr std::size_t kBlock = 512;

// A header of the format that POSIX calls ustar: texts and octal numbers at fixed places.
struct Header {
    std::array<char, kBlock> bytes{};

    void text(std::size_t at, std::size_t size, std::string_view value) {
        std::copy_n(value.begin(), std::min(size, value.size()), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
    void octal(std::size_t at, int digits, std::uint64_t value) {
        std::array<char, 16> digitsOf{};
        std::snprintf(digitsOf.data(), digitsOf.size(), "%0*llo", digits, static_cast<unsigned long long>(value));
        text(at, static_cast<std::size_t>(digits), digitsOf.data());
    }
};

Header headerOf(const std::string& name, std::size_t size, WallTime now) {
    Header header;
    header.text(0, 100, name);
    header.octal(100, 7, 0600);
    header.octal(108, 7, 0);
    header.octal(116, 7, 0);
    header.octal(124, 11, size);
    header.octal(
        136, 11,
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count()));
    header.text(148, 8, "        ");
    header.text(156, 1, "0");
    header.text(257, 8,
                std::string_view("ustar\0"
                                 "00",
                                 8));
    const unsigned sum = std::accumulate(header.bytes.begin(), header.bytes.end(), 0U,
                                         [](unsigned all, char c) { return all + static_cast<unsigned char>(c); });
    header.octal(148, 6, sum);
    header.bytes[154] = '\0';
    return header;
}

} // namespace

Bundle::Bundle(File file, std::filesystem::path path, WallTime now)
    : m_file(std::move(file)), m_path(std::move(path)), m_folder(m_path.filename().string()), m_now(now) {
    if (const std::size_t dot = m_folder.find('.'); dot != std::string::npos && dot > 0)
        m_folder.resize(dot);
}

Result<Bundle> Bundle::create(const std::filesystem::path& file, WallTime now) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return Error{ErrorCode::StorageFailed, file.string() +
                                                   " could not be made: " + std::generic_category().message(errno) +
                                                   ". Choose another file with --output."};
    File opened(gzdopen(descriptor, "wb9"));
    if (!opened) {
        ::close(descriptor);
        return Error{ErrorCode::StorageFailed, file.string() + " could not be written."};
    }
    return Bundle(std::move(opened), file, now);
}

Error Bundle::failure() const {
    return {errno == ENOSPC ? ErrorCode::StorageFull : ErrorCode::StorageFailed,
            m_path.string() + " could not be written: " + std::generic_category().message(errno) + "."};
}

Result<void> Bundle::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto some = static_cast<unsigned>(std::min<std::size_t>(bytes.size(), std::size_t{1} << 20));
        if (gzwrite(m_file.get(), bytes.data(), some) != static_cast<int>(some))
            return failure();
        bytes.remove_prefix(some);
    }
    return {};
}

Result<void> Bundle::add(std::string_view name, std::string_view content) {
    const Header header = headerOf(m_folder + "/" + std::string(name), content.size(), m_now);
    MM_CHECK(write({header.bytes.data(), header.bytes.size()}));
    MM_CHECK(write(content));
    const std::size_t over = content.size() % kBlock;
    return over == 0 ? Result<void>() : write(std::string(kBlock - over, '\0'));
}

Result<void> Bundle::finish() {
    MM_CHECK(write(std::string(2 * kBlock, '\0')));
    if (gzclose(m_file.release()) != Z_OK)
        return failure();
    return {};
}

} // namespace mm::cli
