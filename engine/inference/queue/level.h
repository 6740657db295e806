// Level: the four priorities as an index, the least urgent first. Plain values.
#pragma once

#include "modelmora/v1/common.pb.h"

namespace mm::inference {

inline constexpr int kLevels = 4;
inline constexpr int kNormalLevel = 1;

// What is unspecified is normal.
[[nodiscard]] constexpr int levelOf(modelmora::v1::Priority priority) {
    return priority >= modelmora::v1::PRIORITY_LOW && priority <= modelmora::v1::PRIORITY_CRITICAL ? priority - 1
                                                                                                   : kNormalLevel;
}
[[nodiscard]] constexpr modelmora::v1::Priority priorityOf(int level) {
    return static_cast<modelmora::v1::Priority>(level + 1);
}

} // namespace mm::inference
