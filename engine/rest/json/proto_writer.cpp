#include "engine/rest/json/proto_writer.h"

#include "engine/base/clock.h"
#include "engine/ipc/enum_name.h"
#include "engine/rest/json/struct_json.h"
#include "modelmora/v1/common.pb.h"

#include <algorithm>
#include <array>

namespace mm::rest {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Zero says "not known" in these, and what is not known is left out.
constexpr std::array<std::string_view, 8> kZeroIsUnknown{
    "pid",         "weights_bytes", "load_time_ms",        "threads",
    "total_bytes", "revision",      "embedding_dimension", "max_sequence_length"};

bool isLeftOut(const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    if (field.is_repeated())
        return false;
    if (field.has_presence())
        return !reflection.HasField(message, &field);
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
    case FieldDescriptor::CPPTYPE_ENUM:
        return !reflection.HasField(message, &field);
    default:
        return false;
    }
}

void writeError(JsonWriter& writer, const modelmora::v1::Error& error) {
    writer.beginObject().field("error_code", error.code()).field("message", error.message());
    if (error.has_facts() && error.facts().fields_size() > 0)
        writeStruct(writer.key("details"), error.facts());
    if (!error.trace_id().empty())
        writer.field("trace_id", error.trace_id());
    writer.endObject();
}

void writeSubMessage(JsonWriter& writer, const Message& message) {
    if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message))
        writer.string(isoTime(*time));
    else if (const auto* values = dynamic_cast<const google::protobuf::Struct*>(&message))
        writeStruct(writer, *values);
    else if (const auto* error = dynamic_cast<const modelmora::v1::Error*>(&message))
        writeError(writer, *error);
    else
        writeMessage(writer, message);
}

void writeScalar(JsonWriter& writer, const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    std::string scratch;
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
        writer.string(reflection.GetStringReference(message, &field, &scratch));
        break;
    case FieldDescriptor::CPPTYPE_ENUM:
        writer.string(enumName(*field.enum_type(), message.GetReflection()->GetEnumValue(message, &field)));
        break;
    case FieldDescriptor::CPPTYPE_BOOL:
        writer.boolean(reflection.GetBool(message, &field));
        break;
    case FieldDescriptor::CPPTYPE_INT32:
        writer.integer(reflection.GetInt32(message, &field));
        break;
    case FieldDescriptor::CPPTYPE_INT64:
        writer.integer(reflection.GetInt64(message, &field));
        break;
    case FieldDescriptor::CPPTYPE_FLOAT:
        writer.number(static_cast<double>(reflection.GetFloat(message, &field)));
        break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
        writer.number(reflection.GetDouble(message, &field));
        break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
        writeSubMessage(writer, reflection.GetMessage(message, &field));
        break;
    default:
        writer.null();
    }
}

void writeList(JsonWriter& writer, const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    writer.beginArray();
    std::string scratch;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
            writeSubMessage(writer, reflection.GetRepeatedMessage(message, &field, i));
        else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING)
            writer.string(reflection.GetRepeatedStringReference(message, &field, i, &scratch));
    }
    writer.endArray();
}

bool isUnknownZero(const Message& message, const FieldDescriptor& field) {
    return std::find(kZeroIsUnknown.begin(), kZeroIsUnknown.end(), field.name()) != kZeroIsUnknown.end() &&
           !field.has_presence() && !message.GetReflection()->HasField(message, &field);
}

} // namespace

void writeFields(JsonWriter& writer, const Message& message) {
    const google::protobuf::Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor& field = *type.field(i);
        if (isLeftOut(message, field) || isUnknownZero(message, field))
            continue;
        writer.key(field.name());
        if (field.is_repeated())
            writeList(writer, message, field);
        else
            writeScalar(writer, message, field);
    }
}

void writeMessage(JsonWriter& writer, const Message& message) {
    writer.beginObject();
    writeFields(writer, message);
    writer.endObject();
}

std::string toJson(const Message& message) {
    std::string json;
    JsonWriter writer(json);
    writeMessage(writer, message);
    return json;
}

std::string isoTime(const google::protobuf::Timestamp& time) {
    return toIso8601(WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::seconds(time.seconds()) +
                                                                             std::chrono::nanoseconds(time.nanos()))));
}

} // namespace mm::rest
