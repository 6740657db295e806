#include "engine/app/announcement.h"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <fstream>

namespace mm::app {

Result<std::unique_ptr<Announcement>> Announcement::write(const std::filesystem::path& folder, const Faces& faces) {
    const nlohmann::ordered_json json{
        {"rest", faces.rest}, {"grpc", faces.grpc}, {"tls", faces.isTls}, {"pid", ::getpid()}};
    const std::filesystem::path draft = folder / "engine.json.new";
    const std::filesystem::path file = folder / "engine.json";
    std::ofstream out(draft);
    out << json.dump() << '\n';
    out.close();
    std::error_code failure;
    if (out)
        std::filesystem::rename(draft, file, failure);
    if (!out || failure)
        return Error{ErrorCode::StorageFailed,
                     file.string() + " cannot be written; programs that look there will not find this engine",
                     {{"file", file.string()}}};
    return std::unique_ptr<Announcement>(new Announcement(file));
}

Announcement::~Announcement() {
    std::error_code ignored;
    std::filesystem::remove(m_file, ignored);
}

} // namespace mm::app
