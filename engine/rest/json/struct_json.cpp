#include "engine/rest/json/struct_json.h"

#include <map>

namespace mm::rest {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

void readNumber(JsonReader& reader, Value& out, const FieldPath& path, FieldErrors& errors) {
    JsonNumber number;
    if (!reader.readNumber(number))
        return;
    if (const std::optional<double> value = number.asDouble())
        out.set_number_value(*value);
    else
        errors.add(path, "this number is out of range");
}

} // namespace

void readStruct(JsonReader& reader, Struct& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Object)
        return errors.wrongKind(reader, path, "an object");
    reader.enterObject();
    std::string key;
    while (reader.nextKey(key)) {
        readValue(reader, (*out.mutable_fields())[key], path.field(key), errors);
    }
}

void readValue(JsonReader& reader, Value& out, const FieldPath& path, FieldErrors& errors) {
    bool flag = false;
    switch (reader.kind()) {
    case JsonKind::Object:
        return readStruct(reader, *out.mutable_struct_value(), path, errors);
    case JsonKind::Array: {
        auto* list = out.mutable_list_value();
        reader.enterArray();
        for (std::int64_t index = 0; reader.nextItem(); ++index)
            readValue(reader, *list->add_values(), path.item(index), errors);
        return;
    }
    case JsonKind::String:
        reader.readString(*out.mutable_string_value());
        return;
    case JsonKind::Number:
        return readNumber(reader, out, path, errors);
    case JsonKind::Bool:
        reader.readBool(flag);
        out.set_bool_value(flag);
        return;
    case JsonKind::Null:
        reader.readNull();
        out.set_null_value(google::protobuf::NULL_VALUE);
        return;
    case JsonKind::Broken:
        return;
    }
}

void writeStruct(JsonWriter& writer, const Struct& values) {
    writer.beginObject();
    const std::map<std::string, Value> sorted(values.fields().begin(),
                                              values.fields().end()); // the same text every time
    for (const auto& [name, value] : sorted) {
        writer.key(name);
        writeValue(writer, value);
    }
    writer.endObject();
}

void writeValue(JsonWriter& writer, const Value& value) {
    switch (value.kind_case()) {
    case Value::kBoolValue:
        writer.boolean(value.bool_value());
        break;
    case Value::kNumberValue:
        writer.number(value.number_value());
        break;
    case Value::kStringValue:
        writer.string(value.string_value());
        break;
    case Value::kStructValue:
        writeStruct(writer, value.struct_value());
        break;
    case Value::kListValue:
        writer.beginArray();
        for (const Value& item : value.list_value().values())
            writeValue(writer, item);
        writer.endArray();
        break;
    default:
        writer.null();
    }
}

} // namespace mm::rest
