// The header of a safetensors file: an 8-byte little-endian length, then JSON that names every tensor with its type,
// shape and place. Nothing in it is believed: length, types, shape products, places, overlaps and holes are checked
// against the file's true size. No tensor library is needed, so that plans, tests and fuzzers can read it too.
// Pure, any thread. Fails with InvalidModelFiles naming file, tensor and both numbers.
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mm {

enum class StoredType : std::uint8_t {
    Bool,
    U8,
    I8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F4,
    F6E2M3,
    F6E3M2,
    F8E4M3,
    F8E5M2,
    F8E8M0,
    F16,
    BF16,
    F32,
    F64,
    C64,
};

// The spelling in the file, such as "BF16".
std::string_view storedTypeName(StoredType type);

struct StoredTensor {
    std::string name;
    StoredType type = StoredType::F32;
    std::vector<std::int64_t> shape;
    // Bytes in the file, counted from its start.
    std::uint64_t begin = 0;
    std::uint64_t end = 0;

    [[nodiscard]] std::uint64_t bytes() const { return end - begin; }
    [[nodiscard]] std::int64_t elements() const;
};

struct SafetensorsHeader {
    std::vector<StoredTensor> tensors; // in the order of their places
    std::map<std::string, std::string> metadata;
    std::uint64_t dataBegin = 0;

    // Weights alone, without the header.
    [[nodiscard]] std::uint64_t tensorBytes() const;
};

inline constexpr std::uint64_t kMaxSafetensorsHeaderBytes = 100'000'000;

// `bytes` holds the file from its start, at least to the end of its header; `fileBytes` is its whole size.
Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view bytes, std::uint64_t fileBytes,
                                                 const std::string& file);

// "[30522, 384]"
std::string shapeText(const std::vector<std::int64_t>& shape);

} // namespace mm
