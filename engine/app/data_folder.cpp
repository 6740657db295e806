#include "engine/app/data_folder.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>

namespace mm::app {
namespace {

constexpr const char* kAnnouncement = "engine.json";

Error unusable(const std::filesystem::path& path, const std::string& why) {
    return {ErrorCode::InvalidConfiguration,
            "cannot use " + path.string() + " as the data folder: " + why +
                ". Choose another with --data-dir, or mend its permissions.",
            {{"path", path.string()}}};
}

std::string holderOf(int lock) {
    std::array<char, 32> text{};
    const ssize_t count = ::pread(lock, text.data(), text.size() - 1, 0);
    return count > 0 ? " (process " + std::string(text.data(), static_cast<std::size_t>(count)) + ")" : std::string();
}

} // namespace

Result<std::unique_ptr<DataFolder>> DataFolder::open(const std::filesystem::path& path) {
    std::error_code failure;
    std::filesystem::create_directories(path, failure);
    if (failure)
        return unusable(path, failure.message());
    const int lock = ::open((path / "engine.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0)
        return unusable(path, std::strerror(errno));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        const Error error{ErrorCode::InvalidConfiguration,
                          "another engine" + holderOf(lock) + " already uses " + path.string() +
                              ". Stop it, or give this one its own --data-dir.",
                          {{"path", path.string()}}};
        ::close(lock);
        return error;
    }
    const std::string pid = std::to_string(::getpid());
    if (::ftruncate(lock, 0) != 0 || ::pwrite(lock, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
        const std::string why = std::strerror(errno);
        ::close(lock);
        return unusable(path, why);
    }
    return std::unique_ptr<DataFolder>(new DataFolder(path, lock));
}

DataFolder::~DataFolder() {
    std::error_code ignored;
    if (m_announced)
        std::filesystem::remove(m_path / kAnnouncement, ignored);
    ::close(m_lock);
}

Result<void> DataFolder::announce(const std::string& restAddress, const std::string& grpcAddress) {
    const nlohmann::ordered_json json{{"rest", restAddress}, {"grpc", grpcAddress}, {"pid", ::getpid()}};
    const std::filesystem::path draft = m_path / "engine.json.new";
    std::ofstream out(draft);
    out << json.dump() << '\n';
    out.close();
    std::error_code failure;
    if (out)
        std::filesystem::rename(draft, m_path / kAnnouncement, failure);
    if (!out || failure)
        return unusable(m_path, "engine.json could not be written");
    m_announced = true;
    return {};
}

} // namespace mm::app
