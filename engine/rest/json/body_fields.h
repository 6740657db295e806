// A body that is one JSON object, read by a table of its fields: each has a name and a function for its value. Fields
// that are null count as absent; unknown ones are errors that name the nearest known. Pure, any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/rest/json/field_errors.h"
#include "engine/rest/json/json_reader.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mm::rest {

template <typename Body>
struct BodyField {
    std::string_view name;
    void (*read)(JsonReader&, Body&, const FieldPath&, FieldErrors&);
    bool required = false;
};

// Values of one kind; anything else is a field error and leaves `out` as it was.
void readText(JsonReader& reader, std::string& out, const FieldPath& path, FieldErrors& errors);
// A text without NUL characters, which no model's id has.
void readModelId(JsonReader& reader, std::string& out, const FieldPath& path, FieldErrors& errors);
void readFlag(JsonReader& reader, bool& out, const FieldPath& path, FieldErrors& errors);
// An integer from 1 up.
void readCount(JsonReader& reader, std::int64_t& out, const FieldPath& path, FieldErrors& errors);

template <typename Body>
Result<void> readFields(std::string_view json, std::span<const BodyField<Body>> fields, Body& out) {
    JsonReader reader(json);
    FieldErrors errors;
    std::vector<bool> given(fields.size());
    std::vector<std::string_view> names;
    for (const auto& field : fields)
        names.push_back(field.name);
    const auto readOne = [&](const std::string& name) {
        const FieldPath path{nullptr, name};
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (fields[i].name != name)
                continue;
            if (reader.kind() == JsonKind::Null)
                return (void)reader.readNull();
            given[i] = true;
            return fields[i].read(reader, out, path, errors);
        }
        errors.unknown(reader, path, names);
    };
    if (reader.kind() == JsonKind::Object) {
        reader.enterObject();
        std::string key;
        while (reader.nextKey(key))
            readOne(key);
        for (std::size_t i = 0; i < fields.size() && !reader.isBroken(); ++i)
            if (fields[i].required && !given[i])
                errors.missing({}, fields[i].name);
    } else {
        errors.wrongKind(reader, {}, "an object");
    }
    reader.end();
    if (reader.isBroken())
        return reader.error();
    if (!errors.empty())
        return errors.toError();
    return {};
}

} // namespace mm::rest
