#include "cli/commands/operate/queue_text.h"

#include "cli/commands/describe.h"
#include "cli/commands/inference_text.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "engine/ipc/enum_name.h"

namespace mm::cli {
namespace {

std::string modelOf(const v1::QueueEntry& entry) {
    return entry.version().empty() ? entry.model_id() : entry.model_id() + "@" + entry.version();
}

std::string count(int number, const char* what) {
    return std::to_string(number) + " " + what;
}

std::string describeDepth(const v1::QueueReport& report) {
    const v1::QueueStatus& depth = report.depth();
    return count(report.running(), "running; waiting: ") + count(depth.critical_priority(), "critical, ") +
           count(depth.high_priority(), "high, ") + count(depth.medium_priority(), "normal, ") +
           count(depth.low_priority(), "low\n");
}

std::string inputsOf(const v1::QueueEntry& entry) {
    const std::string all = std::to_string(entry.inputs());
    return entry.inputs_done() > 0 ? std::to_string(entry.inputs_done()) + " of " + all + " done" : all;
}

} // namespace

std::string describeQueue(const v1::QueueReport& report, const Terminal& terminal) {
    Table table({{"PLACE", Table::Align::Right},
                 {"STATE"},
                 {"REQUEST"},
                 {"MODEL"},
                 {"CLIENT"},
                 {"PRIORITY"},
                 {"INPUTS", Table::Align::Right},
                 {"WAITED", Table::Align::Right},
                 {"STARTS"},
                 {"REASON"}});
    for (const auto& entry : report.entries())
        table.add({entry.position() > 0 ? std::to_string(entry.position()) : std::string(), enumName(entry.state()),
                   entry.request_id(), modelOf(entry), entry.client(), enumName(entry.priority()),
                   std::to_string(entry.inputs()), humanMilliseconds(entry.waited_ms()),
                   untilOf(entry.estimated_start_at()), entry.reason()});
    std::string text = describeDepth(report);
    if (!table.empty())
        text += "\n" + table.render(titlePainter(terminal));
    if (report.total() > report.entries_size())
        text += "and " + count(report.total() - report.entries_size(), "more; --limit shows more of them\n");
    return text;
}

std::string describeEntry(const v1::QueueEntry& entry, const Terminal& terminal) {
    std::string text = renderFields({{"request", entry.request_id()},
                                     {"model", modelOf(entry)},
                                     {"client", entry.client()},
                                     {"priority", enumName(entry.priority())},
                                     {"state", enumName(entry.state())},
                                     {"place", entry.position() > 0 ? std::to_string(entry.position()) : std::string()},
                                     {"waits because", entry.reason()},
                                     {"inputs", inputsOf(entry)},
                                     {"received", timeOf(entry.received_at())},
                                     {"waited", humanMilliseconds(entry.waited_ms())},
                                     {"starts", untilOf(entry.estimated_start_at())},
                                     {"deadline", timeOf(entry.deadline())},
                                     {"finished", timeOf(entry.finished_at())}});
    if (entry.has_metadata())
        text += "\n" + describeTimes(entry.metadata());
    return entry.has_error() ? text + "\n" + describeFailure("error:", entry.error(), terminal) : text;
}

} // namespace mm::cli
