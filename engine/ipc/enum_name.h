// Any enum of the public API in the spelling of JSON and text: "JOB_STATUS_QUEUED" → "queued", a priority as in
// names.h. A number that is not known here, from a newer program, is told as number. Pure, any thread.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <string>

namespace mm {

std::string enumName(const google::protobuf::EnumDescriptor& type, int value);

template <typename Enum>
std::string enumName(Enum value) {
    return enumName(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

} // namespace mm
