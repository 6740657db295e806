// Files of records that can be read one at a time and tell when they are damaged: a magic line, then for each record
// its length (4 bytes, little-endian), its SHA-256, its bytes. One owner, one thread, blocking. Errors name the file,
// the offset and what is wrong: StorageDamaged, StorageFull, StorageFailed.
#pragma once

#include "engine/base/result.h"

#include <QCryptographicHash>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mm::inference {

// An open file, closed with it.
class FileHandle {
public:
    explicit FileHandle(int descriptor) : m_descriptor(descriptor) {}
    ~FileHandle();
    FileHandle(FileHandle&& other) noexcept;
    FileHandle& operator=(FileHandle&& other) noexcept;
    FileHandle(const FileHandle&) = delete;
    FileHandle& operator=(const FileHandle&) = delete;
    [[nodiscard]] int get() const { return m_descriptor; }

private:
    int m_descriptor;
};

class RecordWriter {
public:
    // An empty file; one that is there is overwritten.
    static Result<RecordWriter> create(std::filesystem::path file);
    // Goes on after `bytes` of what is there: what lies behind is cut off. Made where `bytes` is 0.
    static Result<RecordWriter> resume(std::filesystem::path file, std::int64_t bytes);

    // Gives where the record begins. A failure leaves the file as it was before.
    Result<std::int64_t> append(std::string_view record);
    // Returns when the disk has it.
    Result<void> sync();
    // sync(), and then the file has this name, also after a crash.
    Result<void> publish(const std::filesystem::path& as);

    [[nodiscard]] std::int64_t bytes() const { return m_bytes; }
    // Of everything appended since create(); ends the writer.
    [[nodiscard]] std::string sha256() const;

private:
    RecordWriter(std::filesystem::path file, FileHandle handle, std::int64_t bytes);
    Result<void> writeAll(std::string_view bytes);

    std::filesystem::path m_file;
    FileHandle m_handle;
    std::int64_t m_bytes;
    std::unique_ptr<QCryptographicHash> m_hash;
};

class RecordReader {
public:
    static Result<RecordReader> open(std::filesystem::path file);

    struct Record {
        std::string bytes;
        std::int64_t ends = 0; // where the next one begins
    };
    Result<Record> read(std::int64_t begins) const;
    // Where each record begins, by their lengths alone; fails unless the last one ends with the file.
    Result<std::vector<std::int64_t>> index() const;
    [[nodiscard]] std::int64_t bytes() const { return m_bytes; }

private:
    RecordReader(std::filesystem::path file, FileHandle handle, std::int64_t bytes);
    struct Head {
        std::uint32_t length = 0;
        std::string sha256;
    };
    [[nodiscard]] Result<Head> readHead(std::int64_t begins) const;
    [[nodiscard]] Result<std::string> readBytes(std::int64_t begins, std::size_t count) const;
    [[nodiscard]] Error damaged(std::int64_t at, const std::string& what) const;

    std::filesystem::path m_file;
    FileHandle m_handle;
    std::int64_t m_bytes;
};

// The folder's own entries reach the disk.
Result<void> syncFolder(const std::filesystem::path& folder);

// Where the first record of every such file begins.
inline constexpr std::int64_t kFirstRecord = 8;
inline constexpr std::uint32_t kMaxRecordBytes = 256U << 20;

} // namespace mm::inference
