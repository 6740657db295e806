#include "engine/rest/routes/oip/tensor_json.h"

#include "engine/dialects/oip/byte_strings.h"
#include "engine/rest/json/body_fields.h"
#include "engine/rest/json/struct_json.h"

#include <string>

namespace mm::rest::oip {
namespace {

namespace core = dialects::oip;

constexpr std::size_t kMostTensors = 64; // the tasks here know four

void readInteger(JsonReader& reader, std::vector<std::int64_t>& out, const FieldPath& path, FieldErrors& errors) {
    JsonNumber number;
    if (reader.kind() != JsonKind::Number)
        return errors.wrongKind(reader, path, "an integer");
    if (!reader.readNumber(number))
        return;
    if (const auto value = number.asInteger())
        out.push_back(*value);
    else
        errors.add(path, "expected an integer, found " + std::string(number.text.substr(0, 40)));
}

void readShape(JsonReader& reader, core::Shape& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list of integers");
    reader.enterArray();
    for (std::int64_t index = 0; reader.nextItem(); ++index)
        readInteger(reader, out, path.item(index), errors);
}

// One element of the data, of the kind of the first.
void readElement(JsonReader& reader, core::TensorData& out, const FieldPath& path, FieldErrors& errors) {
    if (std::holds_alternative<std::monostate>(out)) {
        if (reader.kind() == JsonKind::Number)
            out = std::vector<std::int64_t>();
        else
            out = std::vector<std::string>();
    }
    if (auto* integers = std::get_if<std::vector<std::int64_t>>(&out))
        return readInteger(reader, *integers, path, errors);
    auto& texts = std::get<std::vector<std::string>>(out);
    if (reader.kind() != JsonKind::String)
        return errors.wrongKind(reader, path, texts.empty() ? "a string or an integer" : "a string");
    reader.readString(texts.emplace_back());
}

// A list, or lists in lists: what counts is the order.
void readData(JsonReader& reader, core::TensorData& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list");
    std::int64_t index = 0;
    std::size_t depth = 0;
    do {
        if (reader.kind() == JsonKind::Array) {
            reader.enterArray();
            ++depth;
        } else {
            readElement(reader, out, path.item(index++), errors);
        }
        while (depth > 0 && !reader.nextItem())
            --depth;
    } while (depth > 0);
    if (std::holds_alternative<std::monostate>(out))
        out = std::vector<std::string>(); // an empty list is data too
}

// An object whose keys `readOne` reads; false from it is an unknown one.
template <typename ReadOne>
void readObject(JsonReader& reader, const FieldPath& path, const std::vector<std::string_view>& known,
                FieldErrors& errors, ReadOne readOne) {
    if (reader.kind() != JsonKind::Object)
        return errors.wrongKind(reader, path, "an object");
    reader.enterObject();
    std::string key;
    while (reader.nextKey(key)) {
        const FieldPath field = path.field(key);
        if (reader.kind() == JsonKind::Null)
            reader.readNull();
        else if (!readOne(key, field))
            errors.unknown(reader, field, known);
    }
}

bool hasRoom(JsonReader& reader, std::size_t count, const FieldPath& path, FieldErrors& errors) {
    if (count < kMostTensors)
        return true;
    if (count == kMostTensors)
        errors.add(path, "holds more than " + std::to_string(kMostTensors) + " tensors");
    reader.skip();
    return false;
}

void readInput(JsonReader& reader, core::InputTensor& out, const FieldPath& path, FieldErrors& errors) {
    static const std::vector<std::string_view> known{"name", "datatype", "shape", "parameters", "data"};
    bool hasShape = false;
    readObject(reader, path, known, errors, [&](const std::string& key, const FieldPath& field) {
        if (key == "name")
            readText(reader, out.name, field, errors);
        else if (key == "datatype")
            readText(reader, out.datatype, field, errors);
        else if (key == "shape" && (hasShape = true))
            readShape(reader, out.shape, field, errors);
        else if (key == "parameters")
            readStruct(reader, out.parameters, field, errors);
        else if (key == "data")
            readData(reader, out.data, field, errors);
        else
            return false;
        return true;
    });
    if (reader.isBroken() || !errors.empty())
        return;
    if (out.name.empty())
        errors.missing(path, "name");
    if (out.datatype.empty())
        errors.missing(path, "datatype");
    if (!hasShape)
        errors.missing(path, "shape");
}

void readOutput(JsonReader& reader, core::RequestedOutput& out, const FieldPath& path, FieldErrors& errors) {
    static const std::vector<std::string_view> known{"name", "parameters"};
    readObject(reader, path, known, errors, [&](const std::string& key, const FieldPath& field) {
        if (key == "name")
            readText(reader, out.name, field, errors);
        else if (key == "parameters")
            readStruct(reader, out.parameters, field, errors);
        else
            return false;
        return true;
    });
    if (!reader.isBroken() && errors.empty() && out.name.empty())
        errors.missing(path, "name");
}

template <typename T, typename ReadOne>
void readList(JsonReader& reader, std::vector<T>& out, const FieldPath& path, FieldErrors& errors, ReadOne readOne) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list of tensors");
    reader.enterArray();
    for (std::size_t index = 0; reader.nextItem(); ++index)
        if (hasRoom(reader, index, path, errors))
            readOne(reader, out.emplace_back(), path.item(static_cast<std::int64_t>(index)), errors);
}

} // namespace

void readInputs(JsonReader& reader, std::vector<core::InputTensor>& out, const FieldPath& path, FieldErrors& errors) {
    readList(reader, out, path, errors, readInput);
}

void readRequestedOutputs(JsonReader& reader, std::vector<core::RequestedOutput>& out, const FieldPath& path,
                          FieldErrors& errors) {
    readList(reader, out, path, errors, readOutput);
}

void writeShape(JsonWriter& writer, const core::Shape& shape) {
    writer.beginArray();
    for (const std::int64_t dimension : shape)
        writer.integer(dimension);
    writer.endArray();
}

void writeOutput(JsonWriter& writer, const core::OutputTensor& tensor) {
    const std::string& bytes = tensor.bytes();
    writer.beginObject().field("name", tensor.name).field("datatype", tensor.datatype).key("shape");
    writeShape(writer, tensor.shape);
    if (tensor.binary) {
        writer.key("parameters").beginObject();
        writer.field("binary_data_size", static_cast<std::int64_t>(bytes.size())).endObject().endObject();
        return;
    }
    writer.key("data");
    if (tensor.datatype == core::kFp32) {
        writer.floats(reinterpret_cast<const float*>(bytes.data()), bytes.size() / sizeof(float));
    } else {
        core::ByteStrings elements(bytes);
        writer.beginArray();
        while (const auto element = elements.next())
            writer.string(*element);
        writer.endArray();
    }
    writer.endObject();
}

} // namespace mm::rest::oip
