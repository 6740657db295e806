// Collects what is wrong with a request, field by field, into one error, so that a caller mends everything at once.
// Plain value, any thread.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mm::registry {

class FieldErrors {
public:
    void add(std::string field, std::string message, ErrorCode code = ErrorCode::ValidationError);
    // Takes over the fields of a failed Result.
    void add(const Error& error);

    // The length rules of texts, in characters; also refuses control characters, broken UTF-8 and, unless empty texts
    // are fine, text of nothing but spaces.
    enum class Empty { Refused, Fine };
    void checkText(const std::string& field, const std::string& text, std::size_t longest, Empty empty);

    [[nodiscard]] std::size_t count() const { return m_fields.size(); }
    // A lone error keeps its own code (InvalidModelId, InvalidTaskType); several become one ValidationError.
    [[nodiscard]] Result<void> result() const;

private:
    std::vector<FieldError> m_fields;
    ErrorCode m_code = ErrorCode::ValidationError;
    std::string m_message;
};

inline constexpr std::size_t kLongestName = 255;
inline constexpr std::size_t kLongestDescription = 1000;

} // namespace mm::registry
