// Parts that several commands show in the same words. Pure, any thread.
#pragma once

#include "cli/output/table.h"
#include "cli/output/terminal.h"
#include "modelmora/v1/management.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <google/protobuf/timestamp.pb.h>

#include <string>

namespace mm::cli {

namespace v1 = modelmora::v1;

// "5 min ago"; empty where the time was never set.
std::string ageOf(const google::protobuf::Timestamp& time);
// "2026-11-21T10:30:00.000Z"; empty where the time was never set.
std::string timeOf(const google::protobuf::Timestamp& time);
// "in 3.2 s", "now"; empty where the time was never set.
std::string untilOf(const google::protobuf::Timestamp& time);
std::string megabytes(double megabytes);

// A failure as the engine keeps it, behind a title such as "error:", with its facts.
std::string describeFailure(const char* title, const v1::Error& failure, const Terminal& terminal);

Table::Cell stateCell(v1::ModelState state, const Terminal& terminal);
Table::Cell statusCell(const std::string& status, const Terminal& terminal);
// How tables are shown there: titles in bold, and never wider than it is.
Table::Style titlePainter(const Terminal& terminal);

} // namespace mm::cli
