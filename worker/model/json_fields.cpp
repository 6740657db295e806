#include "worker/model/json_fields.h"

#include "engine/files/strict_json.h"
#include "worker/model/mapped_file.h"
#include "worker/model/unwrap.h"
#include "worker/runtime/failure.h"

#include <nlohmann/json.hpp>

namespace mm::worker {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxConfigBytes = 16U << 20;
constexpr std::int64_t kMaxSize = 1'000'000'000;

} // namespace

JsonFields::JsonFields(const json& object, std::string file) : m_object(object), m_file(std::move(file)) {
    if (!object.is_object())
        throw Failure(ErrorCode::InvalidModelFiles, m_file + " holds " + object.type_name() + ", not a JSON object",
                      {{"file", m_file}});
}

void JsonFields::refuse(const char* name, const std::string& why) const {
    throw Failure(ErrorCode::InvalidModelFiles, m_file + ": \"" + name + "\" " + why,
                  {{"file", m_file}, {"field", name}});
}

const json* JsonFields::find(const char* name) const {
    const auto found = m_object.find(name);
    return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::int64_t> JsonFields::integer(const char* name) const {
    const json* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (!value->is_number_integer())
        refuse(name, "is " + value->dump() + "; a whole number is needed");
    if (value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
        refuse(name, "is " + value->dump() + ", too large");
    return value->get<std::int64_t>();
}

std::optional<bool> JsonFields::flag(const char* name) const {
    const json* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (!value->is_boolean())
        refuse(name, std::string("is ") + value->type_name() + "; true or false is needed");
    return value->get<bool>();
}

std::optional<std::string> JsonFields::text(const char* name) const {
    const json* value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (!value->is_string())
        refuse(name, std::string("is ") + value->type_name() + "; a text is needed");
    return value->get<std::string>();
}

std::vector<std::string> JsonFields::texts(const char* name) const {
    const json* value = find(name);
    if (value == nullptr)
        return {};
    if (value->is_string())
        return {value->get<std::string>()};
    if (!value->is_array())
        refuse(name, std::string("is ") + value->type_name() + "; a text or a list of texts is needed");
    std::vector<std::string> texts;
    for (const json& item : *value) {
        if (!item.is_string())
            refuse(name, std::string("lists ") + item.type_name() + "; texts are needed");
        texts.push_back(item.get<std::string>());
    }
    return texts;
}

std::optional<int> JsonFields::size(const char* name) const {
    const std::optional<std::int64_t> value = integer(name);
    if (!value)
        return std::nullopt;
    if (*value < 1 || *value > kMaxSize)
        refuse(name,
               "is " + std::to_string(*value) + "; a number from 1 to " + std::to_string(kMaxSize) + " is needed");
    return static_cast<int>(*value);
}

int JsonFields::requiredSize(const char* name) const {
    const std::optional<int> value = size(name);
    if (!value)
        refuse(name, "is missing");
    return *value;
}

std::string JsonFields::requiredText(const char* name) const {
    std::optional<std::string> value = text(name);
    if (!value)
        refuse(name, "is missing");
    return *std::move(value);
}

json readJson(const std::filesystem::path& file) {
    return unwrap(parseStrictJson(readFile(file, kMaxConfigBytes), file.string()));
}

std::optional<json> readOptionalJson(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return std::nullopt;
    return readJson(file);
}

} // namespace mm::worker
