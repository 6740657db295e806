// Settings as the faces show them: in force, to come, and why. Pure.
#pragma once

#include "engine/app/settings.h"
#include "engine/app/settings_keeper/setting_table.h"
#include "modelmora/v1/settings.pb.h"

#include <string>
#include <string_view>

namespace mm::app {

// A value that may hold a secret, by the setting's name, is not shown.
[[nodiscard]] std::string shownText(std::string_view name, const std::string& text);
[[nodiscard]] std::string_view originName(Origin origin);

// Why it cannot be changed while the engine runs; empty where it can.
[[nodiscard]] std::string whyFixed(const Definition& definition, const Settings& settings);

// `next` is what the next start would find; `appliesNow`: a change would be in force at once.
[[nodiscard]] modelmora::v1::Setting describeSetting(const Definition& definition, const Settings& inForce,
                                                     const Settings& next, bool appliesNow);

} // namespace mm::app
