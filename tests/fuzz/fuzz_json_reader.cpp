// The REST face's JSON readers against any bytes: what is read is written as JSON that reads the same again.
#include "engine/rest/json/input_json.h"
#include "engine/rest/json/struct_json.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace mm::rest;

// The text that a value is written as, or nothing where it cannot be read.
std::string readAndWrite(std::string_view text) {
    JsonReader reader(text);
    FieldErrors errors;
    google::protobuf::Value value;
    readValue(reader, value, {}, errors);
    std::string out;
    if (reader.end() && errors.empty()) {
        JsonWriter writer(out);
        writeValue(writer, value);
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const std::string once = readAndWrite(text); !once.empty() && readAndWrite(once) != once)
        std::abort();

    JsonReader reader(text);
    FieldErrors errors;
    modelmora::v1::InputData input;
    readTextsOrTokens(reader, input, {}, errors);
    if (!errors.empty() && errors.toError().message.empty())
        std::abort();
    return 0;
}
