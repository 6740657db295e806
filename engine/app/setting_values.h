// How the text of a setting becomes its value: one function or maker for each kind of value. Each returns what the text
// should have been, where it refuses it. Pure; for settings.cpp, whose table names them.
#pragma once

#include "engine/app/settings.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mm::app {

using Applied = std::optional<std::string>;
using ApplySetting = std::function<Applied(Settings&, const std::string&)>;

// What a setting takes: how its text is applied, and what an editor of it needs to know.
enum class ValueType { Text, Number, Seconds, Mebibytes, Share, Size, Switch, Choice, Path, Address };
struct ValueKind {
    ApplySetting apply;
    ValueType type = ValueType::Text;
    std::int64_t low = 0; // of numbers
    std::int64_t high = 0;
    std::vector<std::string> choices = {}; // of choices and switches
};

ValueKind integer(int Settings::*member, std::int64_t low, std::int64_t high);
ValueKind seconds(std::chrono::seconds Settings::*member, std::int64_t low, std::int64_t high);
ValueKind mebibytes(std::int64_t Settings::*member, std::int64_t low, std::int64_t high);
ValueKind address(std::string Settings::*member);
ValueKind path(std::filesystem::path Settings::*member);
ValueKind flag(bool Settings::*member);
ValueKind tlsFile(std::filesystem::path TlsFiles::*member);
ValueKind memoryBudget(lifecycle::MemoryBudget Settings::*member);

ValueKind text(std::string AccessSettings::*member);
ValueKind accessFile(std::filesystem::path AccessSettings::*member);

ValueKind accessSwitch();
ValueKind logLevel();
ValueKind logFormat();
ValueKind evictionPolicy();
ValueKind corsOrigins();
ValueKind compression();
ValueKind otlpEndpoint();
ValueKind traceSampling();
ValueKind clientWeights();

} // namespace mm::app
