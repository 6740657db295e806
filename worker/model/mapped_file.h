// A file mapped read-only into memory, closed with its last owner. The pages are the kernel's cache: they cost memory
// only while touched, and dropPages() gives back those already touched. Move-only; reading is safe from any thread.
// Throws Failure(InvalidModelFiles) naming the file where it cannot be opened, is no regular file, or is empty.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace mm::worker {

class MappedFile {
public:
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&&) = delete;

    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] std::string_view bytes() const { return {static_cast<const char*>(m_data), m_size}; }
    // Tells the kernel that all of it will be read soon.
    void expectWhole() const;
    // Touched pages leave this process; later reads bring them back.
    void dropPages() const;

private:
    std::string m_name;
    void* m_data = nullptr;
    std::size_t m_size = 0;
};

// A whole small file (configuration, tokenizer); refuses more than `maxBytes`.
std::string readFile(const std::filesystem::path& path, std::size_t maxBytes);

} // namespace mm::worker
