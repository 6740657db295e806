// A load's plan in words and lengths: what it needs, what is free, who would have to go, how long it takes. Pure.
#pragma once

#include "modelmora/v1/management.pb.h"

#include <QString>

#include <string>
#include <vector>

namespace mm::gui::models {

namespace v1 = modelmora::v1;

struct PlanLine {
    QString label;
    QString value;
    QString note;
    bool isStrong = false;
    bool operator==(const PlanLine&) const = default;
};

struct PlanText {
    QString headline;
    std::vector<PlanLine> lines;
    QString todo;   // where it is not possible
    QString button; // "Load", "Evict and load"
    bool canLoad = false;
    bool needsForce = false;
    bool operator==(const PlanText&) const = default;
};

PlanText describe(const v1::LoadPlan& plan);

// The memory of one device from left to right, in bytes.
struct PlanBar {
    std::int64_t staying = 0; // what models hold and keep
    std::int64_t leaving = 0; // what would be evicted
    std::int64_t other = 0;   // other programs, where they take from the budget
    std::int64_t needed = 0;
    std::int64_t limit = 0; // as far as models and other programs may reach
    std::int64_t total = 0; // what the whole length stands for
};

// Of the device that lacks most; nothing but zeros where the ledger does not know it.
PlanBar barOf(const v1::LoadPlan& plan, const v1::MemoryLedger& ledger);

// "modelmora load org/repo --force"
QString commandOf(const std::string& modelId, bool force, int instances, bool pin);

// "reading weights, 210 MB of 400 MB"
QString stageText(const v1::LoadStage& stage);

} // namespace mm::gui::models
