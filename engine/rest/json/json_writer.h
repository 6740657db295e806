// Appends JSON to one buffer, once: no tree in between. Numbers in their shortest form that reads back the same.
// The caller keeps begin/end in pairs; commas come by themselves. One owner, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mm::rest {

class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : m_out(out) {}

    JsonWriter& beginObject() { return open('{'); }
    JsonWriter& endObject() { return close('}'); }
    JsonWriter& beginArray() { return open('['); }
    JsonWriter& endArray() { return close(']'); }
    JsonWriter& key(std::string_view name);
    JsonWriter& string(std::string_view text);
    JsonWriter& integer(std::int64_t value);
    JsonWriter& number(double value); // null when it is not finite: JSON knows no other way
    JsonWriter& number(float value);  // in its own shortest form, not that of the double it would become
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    // The whole list; the hot path of embeddings.
    JsonWriter& floats(const float* values, std::size_t count);
    // Little-endian float32, base64, as a string.
    JsonWriter& floatsAsBase64(const float* values, std::size_t count);
    JsonWriter& bytesAsBase64(std::string_view bytes);

    JsonWriter& field(std::string_view name, std::string_view text) { return key(name).string(text); }
    JsonWriter& field(std::string_view name, std::int64_t value) { return key(name).integer(value); }

private:
    JsonWriter& open(char c);
    JsonWriter& close(char c);
    void separate();

    std::string& m_out;
    bool m_needsComma = false;
};

} // namespace mm::rest
