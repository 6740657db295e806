// How the text of a setting becomes its value: one function or maker for each kind of value. Each returns what the text
// should have been, where it refuses it. Pure; for settings.cpp, whose table names them.
#pragma once

#include "engine/app/settings.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace mm::app {

using Applied = std::optional<std::string>;
using ApplySetting = std::function<Applied(Settings&, const std::string&)>;

ApplySetting integer(int Settings::*member, std::int64_t low, std::int64_t high);
ApplySetting seconds(std::chrono::seconds Settings::*member, std::int64_t low, std::int64_t high);
ApplySetting mebibytes(std::int64_t Settings::*member, std::int64_t low, std::int64_t high);
ApplySetting address(std::string Settings::*member);
ApplySetting path(std::filesystem::path Settings::*member);
ApplySetting flag(bool Settings::*member);
ApplySetting tlsFile(std::filesystem::path TlsFiles::*member);
ApplySetting memoryBudget(lifecycle::MemoryBudget Settings::*member);

ApplySetting text(std::string AccessSettings::*member);
ApplySetting accessFile(std::filesystem::path AccessSettings::*member);

Applied applyAccess(Settings& settings, const std::string& text);
Applied applyLogLevel(Settings& settings, const std::string& text);
Applied applyLogFormat(Settings& settings, const std::string& text);
Applied applyEvictionPolicy(Settings& settings, const std::string& text);
Applied applyCorsOrigins(Settings& settings, const std::string& text);
Applied applyCompression(Settings& settings, const std::string& text);
Applied applyOtlpEndpoint(Settings& settings, const std::string& text);
Applied applyTraceSampling(Settings& settings, const std::string& text);
Applied applyClientWeights(Settings& settings, const std::string& text);

} // namespace mm::app
