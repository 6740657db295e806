// Numbers and lists as the policies' reasons spell them. Pure, any thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace mm::lifecycle {

// "0.4 s", "34 s"
std::string inSeconds(std::chrono::steady_clock::duration duration);
// "420 ms"
std::string inMilliseconds(double milliseconds);
// "0.3 times"
std::string inTimes(double uses);
// "1 request", "3 requests"
std::string counted(int count, const std::string& noun);
// "a", "a and b", "a, b and 4 more"
std::string enumerated(const std::vector<std::string>& names);

} // namespace mm::lifecycle
