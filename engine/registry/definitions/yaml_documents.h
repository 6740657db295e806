// The documents of a YAML text. Throws YAML::Exception where it is none; any thread.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string>
#include <vector>

namespace mm::registry {

// As YAML::LoadAll, which for ever finds one empty document more in front of a stray "," or "]": here that is an error.
std::vector<YAML::Node> readDocuments(const std::string& text);

} // namespace mm::registry
