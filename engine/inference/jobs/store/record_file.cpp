#include "engine/inference/jobs/store/record_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace mm::inference {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic("MMREC 1\n", kFirstRecord);
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kHeadBytes = kLengthBytes + kHashBytes;

Error failure(const fs::path& file, const char* action, int reason) {
    const std::string why = std::strerror(reason);
    Facts facts{{"file", file.string()}, {"reason", why}};
    if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
        return {ErrorCode::StorageFull,
                "There is no room left to write to " + file.string() + " (" + why +
                    "). Nothing was lost; free some space and try again.",
                std::move(facts)};
    return {ErrorCode::StorageFailed, file.string() + " cannot be " + action + ": " + why + ".", std::move(facts)};
}

std::string hashOf(std::string_view bytes) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return hash.result().toStdString();
}

Result<FileHandle> openFile(const fs::path& file, int flags, const char* action) {
    FileHandle handle(::open(file.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (handle.get() < 0)
        return failure(file, action, errno);
    return handle;
}

} // namespace

FileHandle::~FileHandle() {
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

FileHandle::FileHandle(FileHandle&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

RecordWriter::RecordWriter(fs::path file, FileHandle handle, std::int64_t bytes)
    : m_file(std::move(file))
    , m_handle(std::move(handle))
    , m_bytes(bytes)
    , m_hash(std::make_unique<QCryptographicHash>(QCryptographicHash::Sha256)) {}

Result<RecordWriter> RecordWriter::create(fs::path file) {
    return resume(std::move(file), 0);
}

Result<RecordWriter> RecordWriter::resume(fs::path file, std::int64_t bytes) {
    MM_TRY(FileHandle handle, openFile(file, O_WRONLY | O_CREAT, "written"));
    struct stat status {};
    if (::fstat(handle.get(), &status) != 0)
        return failure(file, "looked at", errno);
    if (status.st_size < bytes)
        return Error{ErrorCode::StorageDamaged,
                     file.string() + " is damaged: it has " + std::to_string(status.st_size) + " bytes where " +
                         std::to_string(bytes) + " were written.",
                     {{"file", file.string()}, {"bytes", std::int64_t{status.st_size}}, {"expected_bytes", bytes}}};
    if (::ftruncate(handle.get(), bytes) != 0 || ::lseek(handle.get(), bytes, SEEK_SET) < 0)
        return failure(file, "cut", errno);
    RecordWriter writer(std::move(file), std::move(handle), bytes);
    if (bytes == 0)
        MM_CHECK(writer.writeAll(kMagic));
    return writer;
}

Result<void> RecordWriter::writeAll(std::string_view bytes) {
    const std::string_view all = bytes;
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_handle.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            const int reason = errno;
            // What was written of it is cut off again, so that the next attempt begins at a record's end.
            if (::ftruncate(m_handle.get(), m_bytes) != 0 || ::lseek(m_handle.get(), m_bytes, SEEK_SET) < 0)
                return failure(m_file, "cut", errno);
            return failure(m_file, "written", reason);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    m_hash->addData(QByteArrayView(all.data(), static_cast<qsizetype>(all.size())));
    m_bytes += static_cast<std::int64_t>(all.size());
    return {};
}

Result<std::int64_t> RecordWriter::append(std::string_view record) {
    if (record.size() > kMaxRecordBytes)
        return Error{ErrorCode::PayloadTooLarge,
                     "A piece of " + std::to_string(record.size()) + " bytes is more than the " +
                         std::to_string(kMaxRecordBytes) + " that a job's file takes in one record.",
                     {{"file", m_file.string()}, {"bytes", static_cast<std::int64_t>(record.size())}}};
    const std::int64_t begins = m_bytes;
    std::string whole;
    whole.reserve(kHeadBytes + record.size());
    for (std::size_t i = 0; i < kLengthBytes; ++i)
        whole.push_back(static_cast<char>((record.size() >> (8 * i)) & 0xffU));
    whole.append(hashOf(record)).append(record);
    MM_CHECK(writeAll(whole));
    return begins;
}

Result<void> RecordWriter::sync() {
    if (::fsync(m_handle.get()) != 0)
        return failure(m_file, "brought to the disk", errno);
    return {};
}

Result<void> RecordWriter::publish(const fs::path& as) {
    MM_CHECK(sync());
    if (::rename(m_file.c_str(), as.c_str()) != 0)
        return failure(m_file, "renamed", errno);
    m_file = as;
    return syncFolder(as.parent_path());
}

std::string RecordWriter::sha256() const {
    return m_hash->result().toHex().toStdString();
}

Result<void> syncFolder(const fs::path& folder) {
    MM_TRY(const FileHandle handle, openFile(folder, O_RDONLY | O_DIRECTORY, "opened"));
    if (::fsync(handle.get()) != 0)
        return failure(folder, "brought to the disk", errno);
    return {};
}

RecordReader::RecordReader(fs::path file, FileHandle handle, std::int64_t bytes)
    : m_file(std::move(file)), m_handle(std::move(handle)), m_bytes(bytes) {}

Result<RecordReader> RecordReader::open(fs::path file) {
    MM_TRY(FileHandle handle, openFile(file, O_RDONLY | O_NONBLOCK, "read"));
    struct stat status {};
    if (::fstat(handle.get(), &status) != 0)
        return failure(file, "looked at", errno);
    RecordReader reader(std::move(file), std::move(handle), status.st_size);
    if (!S_ISREG(status.st_mode))
        return reader.damaged(0, "it is not a regular file");
    if (status.st_size < kFirstRecord)
        return reader.damaged(0, "it is cut off after " + std::to_string(status.st_size) + " bytes");
    MM_TRY(const std::string magic, reader.readBytes(0, kMagic.size()));
    if (magic != kMagic)
        return reader.damaged(0, "it does not begin as a file of records does");
    return reader;
}

Error RecordReader::damaged(std::int64_t at, const std::string& what) const {
    return {ErrorCode::StorageDamaged,
            m_file.string() + " is damaged at byte " + std::to_string(at) + ": " + what + ".",
            {{"file", m_file.string()}, {"offset", at}, {"reason", what}}};
}

Result<std::string> RecordReader::readBytes(std::int64_t begins, std::size_t count) const {
    std::string bytes(count, '\0');
    std::size_t got = 0;
    while (got < count) {
        const ssize_t read = ::pread(m_handle.get(), bytes.data() + got, count - got, begins + static_cast<off_t>(got));
        if (read < 0 && errno == EINTR)
            continue;
        if (read < 0)
            return failure(m_file, "read", errno);
        if (read == 0)
            return damaged(begins + static_cast<std::int64_t>(got), "it has become shorter while it was read");
        got += static_cast<std::size_t>(read);
    }
    return bytes;
}

Result<RecordReader::Head> RecordReader::readHead(std::int64_t begins) const {
    const std::int64_t left = m_bytes - begins;
    if (begins < kFirstRecord || left < static_cast<std::int64_t>(kHeadBytes))
        return damaged(begins, "no record begins here");
    MM_TRY(const std::string bytes, readBytes(begins, kHeadBytes));
    Head head;
    for (std::size_t i = kLengthBytes; i-- > 0;)
        head.length = (head.length << 8U) | static_cast<unsigned char>(bytes[i]);
    head.sha256 = bytes.substr(kLengthBytes);
    if (head.length > kMaxRecordBytes)
        return damaged(begins, "its record claims " + std::to_string(head.length) + " bytes, more than any may have");
    if (head.length > left - static_cast<std::int64_t>(kHeadBytes))
        return damaged(begins, "its record claims " + std::to_string(head.length) + " bytes and the file ends after " +
                                   std::to_string(left - static_cast<std::int64_t>(kHeadBytes)));
    return head;
}

Result<RecordReader::Record> RecordReader::read(std::int64_t begins) const {
    MM_TRY(const Head head, readHead(begins));
    const std::int64_t content = begins + static_cast<std::int64_t>(kHeadBytes);
    MM_TRY(std::string bytes, readBytes(content, head.length));
    if (hashOf(bytes) != head.sha256)
        return damaged(begins, "the SHA-256 of its record is not the one that was written");
    return Record{std::move(bytes), content + head.length};
}

Result<std::vector<std::int64_t>> RecordReader::index() const {
    std::vector<std::int64_t> found;
    std::int64_t at = kFirstRecord;
    while (at < m_bytes) {
        MM_TRY(const Head head, readHead(at));
        found.push_back(at);
        at += static_cast<std::int64_t>(kHeadBytes) + head.length;
    }
    return found;
}

} // namespace mm::inference
