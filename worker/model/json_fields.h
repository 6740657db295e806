// Reading a JSON object of a model's file field by field, with errors that name file and field. Absent and null fields
// are the same. One object per JSON object, on the stack; the JSON must outlive it. Throws Failure(InvalidModelFiles).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mm::worker {

class JsonFields {
public:
    JsonFields(const nlohmann::json& object, std::string file);

    [[nodiscard]] bool has(const char* name) const { return find(name) != nullptr; }
    [[nodiscard]] std::optional<std::int64_t> integer(const char* name) const;
    [[nodiscard]] std::optional<bool> flag(const char* name) const;
    [[nodiscard]] std::optional<std::string> text(const char* name) const;
    // A text or a list of texts.
    [[nodiscard]] std::vector<std::string> texts(const char* name) const;
    // An integer from 1 to a billion.
    [[nodiscard]] std::optional<int> size(const char* name) const;
    [[nodiscard]] int requiredSize(const char* name) const;
    [[nodiscard]] std::string requiredText(const char* name) const;
    // Null where absent.
    [[nodiscard]] const nlohmann::json* find(const char* name) const;

    [[noreturn]] void refuse(const char* name, const std::string& why) const;

private:
    const nlohmann::json& m_object;
    std::string m_file;
};

// The JSON of a small configuration file, or nothing where there is no such file.
std::optional<nlohmann::json> readOptionalJson(const std::filesystem::path& file);
nlohmann::json readJson(const std::filesystem::path& file);

} // namespace mm::worker
