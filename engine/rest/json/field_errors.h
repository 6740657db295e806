// What is wrong with the fields of one body, all of it, by path ("input_data.text[3]"). One owner, one thread.
#pragma once

#include "engine/base/error.h"
#include "engine/rest/json/json_reader.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mm::rest {

// A path that costs nothing until it is needed: links live on the reader's stack.
struct FieldPath {
    const FieldPath* parent = nullptr;
    std::string_view name;
    std::int64_t index = -1; // of an item, instead of a name

    [[nodiscard]] std::string text() const;
    [[nodiscard]] FieldPath field(std::string_view fieldName) const { return {this, fieldName, -1}; }
    [[nodiscard]] FieldPath item(std::int64_t itemIndex) const { return {this, {}, itemIndex}; }
};

class FieldErrors {
public:
    static constexpr std::size_t kMostTold = 50;

    void add(const FieldPath& path, std::string message);
    // "expected a string, found a number"; reads over the value.
    void wrongKind(JsonReader& reader, const FieldPath& path, std::string_view expected);
    // "unknown field; did you mean …?"; reads over the value.
    void unknown(JsonReader& reader, const FieldPath& path, const std::vector<std::string_view>& known);
    // Asks for fields that are missing.
    void missing(const FieldPath& path, std::string_view name);

    [[nodiscard]] bool empty() const { return m_count == 0; }
    [[nodiscard]] Error toError() const;

private:
    std::vector<FieldError> m_errors;
    std::size_t m_count = 0;
};

// "\"x\" is not one of a, b, c", and the quoted text by itself; cut where it is long.
std::string notOneOf(std::string_view found, std::string_view allowed);
std::string quoted(std::string_view text);

} // namespace mm::rest
