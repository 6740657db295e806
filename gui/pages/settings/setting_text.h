// What the settings page says about a setting, and what it asks for together. Pure.
#pragma once

#include "modelmora/v1/events.pb.h"
#include "modelmora/v1/settings.pb.h"

#include <QString>

#include <map>
#include <string>

namespace mm::gui {

// "Faces and ports" of "faces".
QString groupTitle(const std::string& group);
// "600 s", "32 MiB", "0.9", or the sign of nothing.
QString settingValue(const modelmora::v1::Setting& setting, const std::string& value);
// "flag: --threads", "configuration file engine.yaml, line 3"
QString settingSource(const modelmora::v1::Setting& setting);
// "now", "at restart"
QString settingApplies(const modelmora::v1::Setting& setting);
// What it is set to, in force or at the next start.
std::string setTo(const modelmora::v1::Setting& setting);
// "after the restart: 3"; empty where nothing waits.
QString settingWaits(const modelmora::v1::Setting& setting);
// "2 changes wait for a restart of the engine."
QString waitingSentence(int count);
// Somebody else has changed it while it was edited, or after an entry was refused.
QString meanwhileSentence(const modelmora::v1::Setting& setting);
// Whether settings may be others after this event, whoever changed them.
bool concernsSettings(const modelmora::v1::Event& event);
// " s" for an editor; empty where the number has no unit.
QString unitOf(const modelmora::v1::Setting& setting);
// As people read it: with a capital letter and a full stop.
QString helpSentence(const modelmora::v1::Setting& setting);

// What somebody has entered and the engine has not taken.
struct Draft {
    std::string text;
    QString refusal;      // why it was not taken
    bool isHalf = false;  // right by itself, and refused since it needs another
    bool isAsked = false; // the engine has not answered yet
};
using Drafts = std::map<std::string, Draft>; // by setting name

// One setting is entered: what to ask for. Those of its group that only lack another go along.
modelmora::v1::ChangeSettingsRequest requestFor(const modelmora::v1::Setting& entered, const std::string& text,
                                                const Drafts& drafts,
                                                const std::map<std::string, std::string>& groupOf);

} // namespace mm::gui
