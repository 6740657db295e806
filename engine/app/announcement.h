// engine.json in the data folder: tells other programs on this machine where this engine listens while it runs.
// Written whole or not at all; removed when the announcement goes. Engine thread.
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <memory>
#include <string>

namespace mm::app {

class Announcement {
public:
    struct Faces {
        std::string rest;
        std::string grpc;
        bool isTls = false; // both
    };
    static Result<std::unique_ptr<Announcement>> write(const std::filesystem::path& folder, const Faces& faces);
    ~Announcement();
    Announcement(const Announcement&) = delete;
    Announcement& operator=(const Announcement&) = delete;

private:
    explicit Announcement(std::filesystem::path file) : m_file(std::move(file)) {}

    std::filesystem::path m_file;
};

} // namespace mm::app
