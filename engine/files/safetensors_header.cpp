#include "engine/files/safetensors_header.h"

#include "engine/files/strict_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

namespace mm {
namespace {

using nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
// A header holds an object of tensors, each an object with two arrays.
constexpr int kHeaderDepth = 4;

struct TypeRow {
    StoredType type;
    std::string_view name;
    unsigned bits;
};

constexpr std::array<TypeRow, 20> kTypes{{
    {StoredType::Bool, "BOOL", 8},      {StoredType::U8, "U8", 8},          {StoredType::I8, "I8", 8},
    {StoredType::I16, "I16", 16},       {StoredType::U16, "U16", 16},       {StoredType::I32, "I32", 32},
    {StoredType::U32, "U32", 32},       {StoredType::I64, "I64", 64},       {StoredType::U64, "U64", 64},
    {StoredType::F4, "F4", 4},          {StoredType::F6E2M3, "F6_E2M3", 6}, {StoredType::F6E3M2, "F6_E3M2", 6},
    {StoredType::F8E4M3, "F8_E4M3", 8}, {StoredType::F8E5M2, "F8_E5M2", 8}, {StoredType::F8E8M0, "F8_E8M0", 8},
    {StoredType::F16, "F16", 16},       {StoredType::BF16, "BF16", 16},     {StoredType::F32, "F32", 32},
    {StoredType::F64, "F64", 64},       {StoredType::C64, "C64", 64},
}};

Error refused(const std::string& file, const std::string& why, Facts facts = {}) {
    facts.emplace("file", file);
    return {ErrorCode::InvalidModelFiles, file + " is not a usable safetensors file: " + why, std::move(facts)};
}

Error refusedTensor(const std::string& file, const std::string& tensor, const std::string& why, Facts facts = {}) {
    facts.emplace("tensor", tensor);
    return refused(file, "tensor '" + tensor + "' " + why, std::move(facts));
}

Facts bytesFacts(std::uint64_t wanted, std::uint64_t found) {
    return {{"wanted_bytes", static_cast<std::int64_t>(wanted)}, {"found_bytes", static_cast<std::int64_t>(found)}};
}

Result<std::uint64_t> readHeaderLength(std::string_view bytes, std::uint64_t fileBytes, const std::string& file) {
    if (fileBytes < kLengthBytes || bytes.size() < kLengthBytes)
        return refused(file, "it has " + std::to_string(fileBytes) + " bytes, too few for the 8-byte header length",
                       bytesFacts(kLengthBytes, fileBytes));
    std::uint64_t length = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;)
        length = (length << 8U) | static_cast<unsigned char>(bytes[i]);
    if (length > kMaxSafetensorsHeaderBytes)
        return refused(file,
                       "its header claims " + std::to_string(length) + " bytes; the format allows " +
                           std::to_string(kMaxSafetensorsHeaderBytes),
                       {{"claimed", std::to_string(length)}});
    if (length > fileBytes - kLengthBytes || length > bytes.size() - kLengthBytes)
        return refused(file,
                       "its header claims " + std::to_string(length) + " bytes, but only " +
                           std::to_string(std::min<std::uint64_t>(fileBytes, bytes.size()) - kLengthBytes) +
                           " follow; the file is cut short or damaged",
                       bytesFacts(length + kLengthBytes, fileBytes));
    return length;
}

Result<const json*> member(const json& entry, const char* key, const std::string& file, const std::string& tensor) {
    const auto found = entry.find(key);
    if (found == entry.end())
        return refusedTensor(file, tensor, std::string("has no \"") + key + "\"");
    return &*found;
}

Result<TypeRow> readType(const json& entry, const std::string& file, const std::string& tensor) {
    MM_TRY(const json* const found, member(entry, "dtype", file, tensor));
    const json& value = *found;
    if (!value.is_string())
        return refusedTensor(file, tensor, "has a \"dtype\" that is not a text");
    const auto& name = value.get_ref<const std::string&>();
    const auto row = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeRow& r) { return r.name == name; });
    if (row == kTypes.end())
        return refusedTensor(file, tensor, "has the unknown dtype '" + name + "'", {{"dtype", name}});
    return *row;
}

Result<std::vector<std::int64_t>> readShape(const json& entry, const std::string& file, const std::string& tensor) {
    MM_TRY(const json* const found, member(entry, "shape", file, tensor));
    const json& value = *found;
    if (!value.is_array())
        return refusedTensor(file, tensor, "has a \"shape\" that is not a list");
    std::vector<std::int64_t> shape;
    shape.reserve(value.size());
    for (const json& size : value) {
        if (!size.is_number_unsigned() ||
            size.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return refusedTensor(file, tensor, "has the size " + size.dump() + " in its shape");
        shape.push_back(size.get<std::int64_t>());
    }
    return shape;
}

// What type and shape need, or a refusal where that does not fit in 63 bits or is no whole number of bytes.
Result<std::uint64_t> neededBytes(const TypeRow& type, const std::vector<std::int64_t>& shape, const std::string& file,
                                  const std::string& tensor) {
    std::uint64_t bits = type.bits;
    for (const std::int64_t size : shape) {
        const auto factor = static_cast<std::uint64_t>(size);
        if (factor != 0 && bits > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / factor)
            return refusedTensor(file, tensor, "has the shape " + shapeText(shape) + ", more than memory can address");
        bits *= factor;
    }
    if (bits % 8 != 0)
        return refusedTensor(file, tensor,
                             "has the shape " + shapeText(shape) + " of " + std::string(type.name) +
                                 ", which does not end on a byte");
    return bits / 8;
}

Result<void> readPlace(const json& entry, std::uint64_t dataBytes, const std::string& file, StoredTensor& tensor) {
    MM_TRY(const json* const found, member(entry, "data_offsets", file, tensor.name));
    const json& value = *found;
    if (!value.is_array() || value.size() != 2 || !value[0].is_number_unsigned() || !value[1].is_number_unsigned())
        return refusedTensor(file, tensor.name,
                             "has the data_offsets " + value.dump() + "; two sizes from 0 up are needed");
    tensor.begin = value[0].get<std::uint64_t>();
    tensor.end = value[1].get<std::uint64_t>();
    if (tensor.begin > tensor.end)
        return refusedTensor(file, tensor.name,
                             "begins at byte " + std::to_string(tensor.begin) + ", behind its end at " +
                                 std::to_string(tensor.end));
    if (tensor.end > dataBytes)
        return refusedTensor(file, tensor.name,
                             "ends at byte " + std::to_string(tensor.end) + ", but the file holds only " +
                                 std::to_string(dataBytes) + " bytes of tensors; it is cut short or damaged",
                             bytesFacts(tensor.end, dataBytes));
    return {};
}

Result<StoredTensor> readTensor(const std::string& name, const json& entry, std::uint64_t dataBytes,
                                const std::string& file) {
    StoredTensor tensor;
    tensor.name = name;
    if (!entry.is_object())
        return refusedTensor(file, name, "is described by " + std::string(entry.type_name()) + ", not by an object");
    for (const auto& [key, unused] : entry.items())
        if (key != "dtype" && key != "shape" && key != "data_offsets")
            return refusedTensor(file, name, "has the unknown member \"" + key + "\"");
    MM_TRY(const TypeRow type, readType(entry, file, name));
    tensor.type = type.type;
    MM_TRY(tensor.shape, readShape(entry, file, name));
    MM_CHECK(readPlace(entry, dataBytes, file, tensor));
    MM_TRY(const std::uint64_t needed, neededBytes(type, tensor.shape, file, name));
    if (needed != tensor.bytes())
        return refusedTensor(file, name,
                             "of shape " + shapeText(tensor.shape) + " and dtype " + std::string(type.name) +
                                 " needs " + std::to_string(needed) + " bytes, but its data_offsets span " +
                                 std::to_string(tensor.bytes()),
                             bytesFacts(needed, tensor.bytes()));
    return tensor;
}

Result<std::map<std::string, std::string>> readMetadata(const json& entry, const std::string& file) {
    if (!entry.is_object())
        return refused(file, "its __metadata__ is not an object");
    std::map<std::string, std::string> metadata;
    for (const auto& [key, value] : entry.items()) {
        if (!value.is_string())
            return refused(file, "its __metadata__ has '" + key + "', which is not a text");
        metadata.emplace(key, value.get<std::string>());
    }
    return metadata;
}

// Sorted by place, each tensor must begin exactly where the one before it ended, and the last must end with the file.
Result<void> checkPlaces(const std::vector<StoredTensor>& tensors, std::uint64_t dataBytes, const std::string& file) {
    std::uint64_t reached = 0;
    const StoredTensor* before = nullptr;
    for (const StoredTensor& tensor : tensors) {
        if (tensor.begin < reached)
            return refusedTensor(file, tensor.name,
                                 "begins at byte " + std::to_string(tensor.begin) + " and overlaps tensor '" +
                                     before->name + "', which ends at " + std::to_string(reached),
                                 {{"other_tensor", before->name}});
        if (tensor.begin > reached)
            return refusedTensor(file, tensor.name,
                                 "begins at byte " + std::to_string(tensor.begin) + ", leaving a hole from byte " +
                                     std::to_string(reached));
        reached = tensor.end;
        before = &tensor;
    }
    if (reached != dataBytes)
        return refused(file,
                       "its tensors end at byte " + std::to_string(reached) + ", but " + std::to_string(dataBytes) +
                           " bytes of data follow the header",
                       bytesFacts(reached, dataBytes));
    return {};
}

} // namespace

std::string_view storedTypeName(StoredType type) {
    return kTypes[static_cast<std::size_t>(type)].name;
}

std::int64_t StoredTensor::elements() const {
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
        count *= size;
    return count;
}

std::uint64_t SafetensorsHeader::tensorBytes() const {
    return tensors.empty() ? 0 : tensors.back().end - dataBegin;
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text = "[";
    for (const std::int64_t size : shape)
        text += (text.size() > 1 ? ", " : "") + std::to_string(size);
    return text + "]";
}

Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view bytes, std::uint64_t fileBytes,
                                                 const std::string& file) {
    MM_TRY(const std::uint64_t length, readHeaderLength(bytes, fileBytes, file));
    MM_TRY(const json document, parseStrictJson(bytes.substr(kLengthBytes, length), file, kHeaderDepth));
    if (!document.is_object())
        return refused(file, "its header is not a JSON object");

    SafetensorsHeader header;
    header.dataBegin = kLengthBytes + length;
    const std::uint64_t dataBytes = fileBytes - header.dataBegin;
    for (const auto& [name, entry] : document.items()) {
        if (name == "__metadata__") {
            MM_TRY(header.metadata, readMetadata(entry, file));
            continue;
        }
        MM_TRY(StoredTensor tensor, readTensor(name, entry, dataBytes, file));
        header.tensors.push_back(std::move(tensor));
    }
    std::sort(header.tensors.begin(), header.tensors.end(), [](const StoredTensor& a, const StoredTensor& b) {
        return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
    });
    MM_CHECK(checkPlaces(header.tensors, dataBytes, file));
    for (StoredTensor& tensor : header.tensors) {
        tensor.begin += header.dataBegin;
        tensor.end += header.dataBegin;
    }
    return header;
}

} // namespace mm
