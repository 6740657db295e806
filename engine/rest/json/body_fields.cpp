#include "engine/rest/json/body_fields.h"

namespace mm::rest {

void readText(JsonReader& reader, std::string& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::String)
        return errors.wrongKind(reader, path, "a string");
    reader.readString(out);
}

void readModelId(JsonReader& reader, std::string& out, const FieldPath& path, FieldErrors& errors) {
    readText(reader, out, path, errors);
    if (out.find('\0') != std::string::npos)
        errors.add(path, "it holds a NUL character");
}

void readFlag(JsonReader& reader, bool& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Bool)
        return errors.wrongKind(reader, path, "true or false");
    reader.readBool(out);
}

void readCount(JsonReader& reader, std::int64_t& out, const FieldPath& path, FieldErrors& errors) {
    JsonNumber number;
    if (reader.kind() != JsonKind::Number)
        return errors.wrongKind(reader, path, "an integer");
    if (!reader.readNumber(number))
        return;
    const std::optional<std::int64_t> value = number.asInteger();
    if (!value || *value < 1)
        return errors.add(path, "expected a positive integer, found " + std::string(number.text.substr(0, 40)));
    out = *value;
}

} // namespace mm::rest
