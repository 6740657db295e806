// How the engine is, in one sentence, and what only a person can decide. Pure: from what is known to what is shown.
#pragma once

#include "engine/base/error.h"
#include "gui/client/engine_link.h"
#include "gui/shell/header/failure_list.h"
#include "modelmora/v1/management.pb.h"

#include <QString>

#include <optional>
#include <vector>

namespace mm::gui {

enum class HealthLevel { Unknown, Good, Attention, Bad };

// What a button of a decision does.
struct DecisionAction {
    enum class What { OpenPage, StartOwnEngine, UseOfferedEngine, ChooseEngine, EnterKey };
    What what = What::OpenPage;
    QString text = {};
    QString page = {}; // to open, and about what
    QString subject = {};
};

struct Decision {
    // What it is about. One that was dismissed stays away until it is about something else.
    QString id;
    HealthLevel level = HealthLevel::Attention;
    QString title;
    QString detail; // in the engine's own words
    std::vector<DecisionAction> actions = {};
    bool canBeDismissed = true;
};

struct HealthReport {
    HealthLevel level = HealthLevel::Unknown;
    QString sentence;
    QString emphasis = {}; // its end, which asks for something; empty where nothing does
    std::vector<Decision> decisions = {};
};

struct HealthFacts {
    EngineLink::State link = EngineLink::State::Closed;
    QString fault = {};      // why it is Closed or Lost
    bool isChanging = false; // the own engine starts or stops, which is why it is Closed
    bool isOwn = false;
    bool hasOwn = false;
    QString offered = {}; // address of an engine that runs here already
    QString engine = {};  // its name
    std::optional<Error> refusal = {};
    const modelmora::v1::SystemStatus* status = nullptr;
    const FailureList* failures = nullptr;
    QString auditFault = {}; // where its chain is broken
};

HealthReport healthOf(const HealthFacts& facts);

} // namespace mm::gui
