#include "cli/output/proto_json.h"

#include "engine/base/clock.h"
#include "engine/ipc/enum_name.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/reflection.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <nlohmann/json.hpp>

#include <array>
#include <charconv>

namespace mm::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Json = nlohmann::ordered_json;

Json valueJson(const google::protobuf::Value& value) {
    using google::protobuf::Value;
    switch (value.kind_case()) {
    case Value::kBoolValue:
        return value.bool_value();
    case Value::kNumberValue:
        if (value.number_value() == static_cast<double>(static_cast<std::int64_t>(value.number_value())))
            return static_cast<std::int64_t>(value.number_value());
        return value.number_value();
    case Value::kStringValue:
        return value.string_value();
    case Value::kListValue: {
        Json list = Json::array();
        for (const Value& item : value.list_value().values())
            list.push_back(valueJson(item));
        return list;
    }
    case Value::kStructValue:
        return toJson(value.struct_value());
    default:
        return nullptr;
    }
}

// The shortest decimal that reads back as the same float; as a double it would show digits that were never there.
double shortest(float value) {
    std::array<char, 32> text{};
    const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
    double exact = value;
    std::from_chars(text.data(), written.ptr, exact);
    return exact;
}

Json single(const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_INT32:
        return reflection.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
        return reflection.GetInt64(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
        return reflection.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT64:
        return reflection.GetUInt64(message, &field);
    case FieldDescriptor::CPPTYPE_FLOAT:
        return shortest(reflection.GetFloat(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
        return reflection.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM:
        return enumName(*field.enum_type(), reflection.GetEnumValue(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
        return reflection.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_MESSAGE:
        return toJson(reflection.GetMessage(message, &field));
    }
    return nullptr;
}

Json repeated(const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    const int size = reflection.FieldSize(message, &field);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
        Json list = Json::array();
        for (const float value : reflection.GetRepeatedFieldRef<float>(message, &field))
            list.push_back(shortest(value));
        return list;
    }
    if (field.is_map()) {
        Json map = Json::object();
        for (int i = 0; i < size; ++i) {
            const Json entry = toJson(reflection.GetRepeatedMessage(message, &field, i));
            map[entry.value("key", std::string())] = entry.contains("value") ? entry["value"] : Json();
        }
        return map;
    }
    Json list = Json::array();
    for (int i = 0; i < size; ++i) {
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
            list.push_back(toJson(reflection.GetRepeatedMessage(message, &field, i)));
        else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING)
            list.push_back(reflection.GetRepeatedString(message, &field, i));
        else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32)
            list.push_back(reflection.GetRepeatedUInt32(message, &field, i));
    }
    return list;
}

} // namespace

Json toJson(const Message& message) {
    if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
        const auto sinceEpoch = std::chrono::seconds(time->seconds()) + std::chrono::nanoseconds(time->nanos());
        return toIso8601(WallTime(std::chrono::duration_cast<WallTime::duration>(sinceEpoch)));
    }
    if (const auto* value = dynamic_cast<const google::protobuf::Value*>(&message))
        return valueJson(*value);
    Json object = Json::object();
    if (const auto* values = dynamic_cast<const google::protobuf::Struct*>(&message)) {
        for (const auto& [name, value] : values->fields())
            object[name] = valueJson(value);
        return object;
    }
    const Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
        const FieldDescriptor& field = *message.GetDescriptor()->field(i);
        if (field.is_repeated())
            object[field.name()] = repeated(message, field);
        else if (!field.has_presence() || reflection.HasField(message, &field))
            object[field.name()] = single(message, field);
    }
    return object;
}

std::string jsonText(const Json& value) {
    return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string jsonLine(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace mm::cli
