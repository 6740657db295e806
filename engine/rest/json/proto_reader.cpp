#include "engine/rest/json/proto_reader.h"

#include "engine/ipc/names.h"
#include "engine/rest/json/struct_json.h"
#include "modelmora/v1/registry.pb.h"

#include <algorithm>
#include <limits>

namespace mm::rest {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

class ProtoReader {
public:
    ProtoReader(JsonReader& reader, FieldErrors& errors) : m_reader(reader), m_errors(errors) {}

    void readObject(Message& out, const FieldPath& path, const BodyShape* shape);

private:
    void readField(Message& out, const FieldDescriptor& field, const FieldPath& path);
    void readList(Message& out, const FieldDescriptor& field, const FieldPath& path);
    void readMessage(Message& out, const FieldPath& path);
    void readScalar(Message& out, const FieldDescriptor& field, const FieldPath& path, bool append);
    void readText(Message& out, const FieldDescriptor& field, const FieldPath& path, bool append);
    void readInteger(Message& out, const FieldDescriptor& field, const FieldPath& path);
    void readDouble(Message& out, const FieldDescriptor& field, const FieldPath& path);
    void readEnum(Message& out, const FieldDescriptor& field, const FieldPath& path);

    JsonReader& m_reader;
    FieldErrors& m_errors;
};

std::vector<std::string_view> namesOf(const Descriptor& type) {
    std::vector<std::string_view> names;
    names.reserve(static_cast<std::size_t>(type.field_count()));
    for (int i = 0; i < type.field_count(); ++i)
        names.emplace_back(type.field(i)->name());
    return names;
}

void ProtoReader::readObject(Message& out, const FieldPath& path, const BodyShape* shape) {
    if (m_reader.kind() != JsonKind::Object)
        return m_errors.wrongKind(m_reader, path, "an object");
    const Descriptor& type = *out.GetDescriptor();
    const std::vector<std::string_view> allowed = shape ? shape->allowed : namesOf(type);
    std::vector<std::string> seen;
    m_reader.enterObject();
    std::string key;
    while (m_reader.nextKey(key)) {
        const std::string& name = key;
        const bool isAllowed = std::find(allowed.begin(), allowed.end(), name) != allowed.end();
        const FieldDescriptor* field = isAllowed ? type.FindFieldByName(name) : nullptr;
        if (!field) {
            m_errors.unknown(m_reader, path.field(name), allowed);
        } else if (m_reader.kind() == JsonKind::Null) { // the same as not given
            m_reader.readNull();
        } else {
            seen.push_back(name);
            readField(out, *field, path.field(name));
        }
    }
    if (!shape || m_reader.isBroken())
        return;
    for (const std::string_view name : shape->required)
        if (std::find(seen.begin(), seen.end(), name) == seen.end())
            m_errors.missing(path, name);
}

void ProtoReader::readField(Message& out, const FieldDescriptor& field, const FieldPath& path) {
    if (field.is_repeated())
        readList(out, field, path);
    else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
        readMessage(*out.GetReflection()->MutableMessage(&out, &field), path);
    else
        readScalar(out, field, path, false);
}

void ProtoReader::readMessage(Message& out, const FieldPath& path) {
    if (auto* values = dynamic_cast<google::protobuf::Struct*>(&out))
        return readStruct(m_reader, *values, path, m_errors);
    if (auto* tags =
            dynamic_cast<modelmora::v1::TagList*>(&out)) // a list in JSON; a message so that absence can be told
        return readList(*tags, *tags->GetDescriptor()->FindFieldByName("tags"), path);
    readObject(out, path, nullptr);
}

void ProtoReader::readList(Message& out, const FieldDescriptor& field, const FieldPath& path) {
    if (m_reader.kind() != JsonKind::Array)
        return m_errors.wrongKind(m_reader, path, "a list");
    m_reader.enterArray();
    for (std::int64_t index = 0; m_reader.nextItem(); ++index) {
        if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
            readMessage(*out.GetReflection()->AddMessage(&out, &field), path.item(index));
        else
            readScalar(out, field, path.item(index), true);
    }
}

void ProtoReader::readScalar(Message& out, const FieldDescriptor& field, const FieldPath& path, bool append) {
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
        return readText(out, field, path, append);
    case FieldDescriptor::CPPTYPE_ENUM:
        return readEnum(out, field, path);
    case FieldDescriptor::CPPTYPE_BOOL: {
        bool flag = false;
        if (m_reader.kind() != JsonKind::Bool)
            return m_errors.wrongKind(m_reader, path, "true or false");
        m_reader.readBool(flag);
        return out.GetReflection()->SetBool(&out, &field, flag);
    }
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
        return readInteger(out, field, path);
    case FieldDescriptor::CPPTYPE_DOUBLE:
        return readDouble(out, field, path);
    default:
        m_errors.wrongKind(m_reader, path, "something this version can read");
    }
}

void ProtoReader::readDouble(Message& out, const FieldDescriptor& field, const FieldPath& path) {
    JsonNumber number;
    if (m_reader.kind() != JsonKind::Number)
        return m_errors.wrongKind(m_reader, path, "a number");
    if (!m_reader.readNumber(number))
        return;
    const std::optional<double> value = number.asDouble();
    if (!value)
        return m_errors.add(path, "is out of range: " + std::string(number.text.substr(0, 40)));
    out.GetReflection()->SetDouble(&out, &field, *value);
}

void ProtoReader::readText(Message& out, const FieldDescriptor& field, const FieldPath& path, bool append) {
    std::string text;
    if (m_reader.kind() != JsonKind::String)
        return m_errors.wrongKind(m_reader, path, "a string");
    if (!m_reader.readString(text))
        return;
    if (text.find('\0') != std::string::npos)
        return m_errors.add(path, "it holds a NUL character");
    const Reflection* reflection = out.GetReflection();
    if (append)
        reflection->AddString(&out, &field, std::move(text));
    else
        reflection->SetString(&out, &field, std::move(text));
}

void ProtoReader::readInteger(Message& out, const FieldDescriptor& field, const FieldPath& path) {
    JsonNumber number;
    if (m_reader.kind() != JsonKind::Number)
        return m_errors.wrongKind(m_reader, path, "an integer");
    if (!m_reader.readNumber(number))
        return;
    const bool isSmall = field.cpp_type() == FieldDescriptor::CPPTYPE_INT32;
    const std::int64_t least =
        isSmall ? std::numeric_limits<std::int32_t>::min() : std::numeric_limits<std::int64_t>::min();
    const std::int64_t most =
        isSmall ? std::numeric_limits<std::int32_t>::max() : std::numeric_limits<std::int64_t>::max();
    const std::optional<std::int64_t> value = number.asInteger();
    if (!value || *value < least || *value > most)
        return m_errors.add(path, "expected an integer from " + std::to_string(least) + " to " + std::to_string(most) +
                                      ", found " + std::string(number.text.substr(0, 40)));
    if (isSmall)
        out.GetReflection()->SetInt32(&out, &field, static_cast<std::int32_t>(*value));
    else
        out.GetReflection()->SetInt64(&out, &field, *value);
}

void ProtoReader::readEnum(Message& out, const FieldDescriptor& field, const FieldPath& path) {
    std::string text;
    if (m_reader.kind() != JsonKind::String)
        return m_errors.wrongKind(m_reader, path, "a string");
    if (!m_reader.readString(text))
        return;
    if (field.enum_type() == modelmora::v1::Priority_descriptor()) {
        const auto priority = priorityFromName(text);
        if (!priority)
            return m_errors.add(path, notOneOf(text, "critical, high, normal, low"));
        return out.GetReflection()->SetEnumValue(&out, &field, *priority);
    }
    // Of the others the task type is the only one that a body holds.
    const auto task = taskFromName(text);
    if (field.enum_type() != modelmora::v1::TaskType_descriptor() || !task)
        return m_errors.add(path, notOneOf(text, allTaskNames()));
    out.GetReflection()->SetEnumValue(&out, &field, *task);
}

} // namespace

Result<void> readBody(std::string_view json, const BodyShape& shape, Message& out) {
    JsonReader reader(json);
    FieldErrors errors;
    ProtoReader(reader, errors).readObject(out, {}, &shape);
    reader.end();
    if (reader.isBroken())
        return reader.error();
    if (!errors.empty())
        return errors.toError();
    return {};
}

} // namespace mm::rest
