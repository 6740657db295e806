// "Did you mean …": the candidate nearest to what was typed, for error messages. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mm {

// Nothing when no candidate is near enough to be a likely slip.
std::optional<std::string> nearMatch(std::string_view typed, const std::vector<std::string>& candidates);
std::optional<std::string> nearMatch(std::string_view typed, const std::vector<std::string_view>& candidates);
// " Did you mean 'x'?", or nothing.
std::string didYouMean(std::string_view typed, const std::vector<std::string>& candidates);

} // namespace mm
