#include "engine/ipc/enum_name.h"

#include "engine/ipc/names.h"

#include <cctype>
#include <string_view>

namespace mm {

std::string enumName(const google::protobuf::EnumDescriptor& type, int value) {
    // Two names for one number: this says which.
    if (&type == modelmora::v1::Priority_descriptor())
        return std::string(priorityName(static_cast<modelmora::v1::Priority>(value)));
    const auto* found = type.FindValueByNumber(value);
    std::string name = found == nullptr ? std::to_string(value) : found->name();
    // What the names of all values begin with says the type once more.
    const std::string_view zero = type.value(0)->name();
    constexpr std::string_view kZero = "UNSPECIFIED";
    if (zero.ends_with(kZero) && name.starts_with(zero.substr(0, zero.size() - kZero.size())))
        name.erase(0, zero.size() - kZero.size());
    for (char& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
}

} // namespace mm
