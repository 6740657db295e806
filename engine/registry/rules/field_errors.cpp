#include "engine/registry/rules/field_errors.h"

#include <QByteArrayView>
#include <QString>
#include <QStringDecoder>

#include <algorithm>

namespace mm::registry {
namespace {

bool isBlank(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
}

bool hasControlCharacter(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f;
    });
}

bool isUtf8(const std::string& text) {
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString decoded = decoder.decode(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())));
    return !decoder.hasError() && decoded.size() <= static_cast<qsizetype>(text.size());
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

} // namespace

void FieldErrors::add(std::string field, std::string message, ErrorCode code) {
    m_code = code;
    m_message = field + ": " + message;
    m_fields.push_back({std::move(field), std::move(message)});
}

void FieldErrors::add(const Error& error) {
    for (const FieldError& field : error.fieldErrors)
        m_fields.push_back(field);
    if (error.fieldErrors.empty())
        m_fields.push_back({"", error.message});
    m_code = error.code;
    m_message = error.message;
}

void FieldErrors::checkText(const std::string& field, const std::string& text, std::size_t longest, Empty empty) {
    if (text.empty() && empty == Empty::Fine)
        return;
    if (isBlank(text))
        add(field, text.empty() ? "is empty" : "is nothing but spaces");
    else if (!isUtf8(text))
        add(field, "is not valid UTF-8");
    else if (hasControlCharacter(text))
        add(field, "has a control character");
    else if (const std::size_t length = characters(text); length > longest)
        add(field,
            "is " + std::to_string(length) + " characters long, at most " + std::to_string(longest) + " are allowed");
}

Result<void> FieldErrors::result() const {
    if (m_fields.empty())
        return {};
    if (m_fields.size() == 1)
        return Error{m_code, m_message, {}, m_fields};
    std::string message = std::to_string(m_fields.size()) + " fields are not acceptable";
    for (std::size_t i = 0; i < m_fields.size(); ++i)
        message += (i == 0 ? ": " : "; ") + m_fields[i].field + ": " + m_fields[i].message;
    return Error{ErrorCode::ValidationError, std::move(message), {}, m_fields};
}

} // namespace mm::registry
