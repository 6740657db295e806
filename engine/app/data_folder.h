// The engine's data folder: made at start, held by one engine at a time (flock), and the place of engine.json, which
// tells other programs on this machine where this engine listens while it runs. Engine thread.
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <memory>
#include <string>

namespace mm::app {

class DataFolder {
public:
    // Fails when the folder cannot be made or written, or another engine holds it (its pid is named).
    static Result<std::unique_ptr<DataFolder>> open(const std::filesystem::path& path);
    ~DataFolder();
    DataFolder(const DataFolder&) = delete;
    DataFolder& operator=(const DataFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    // Written whole or not at all; removed by the destructor.
    Result<void> announce(const std::string& restAddress, const std::string& grpcAddress);

private:
    DataFolder(std::filesystem::path path, int lock) : m_path(std::move(path)), m_lock(lock) {}

    std::filesystem::path m_path;
    int m_lock;
    bool m_announced = false;
};

} // namespace mm::app
