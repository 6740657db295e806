#include "cli/commands/describe.h"

#include "cli/output/error_report.h"
#include "cli/output/text.h"
#include "engine/base/clock.h"
#include "engine/ipc/facts.h"
#include "engine/ipc/names.h"

namespace mm::cli {
namespace {

Table::Painter painter(const Terminal& terminal, Colour colour) {
    return [&terminal, colour](const std::string& text) { return terminal.paint(colour, text); };
}

} // namespace

std::string ageOf(const google::protobuf::Timestamp& time) {
    if (time.seconds() == 0)
        return {};
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(SystemClock().wallNow().time_since_epoch());
    return humanAge(now.count() - time.seconds());
}

std::string timeOf(const google::protobuf::Timestamp& time) {
    if (time.seconds() == 0)
        return {};
    return toIso8601(WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::seconds(time.seconds()) +
                                                                             std::chrono::nanoseconds(time.nanos()))));
}

std::string untilOf(const google::protobuf::Timestamp& time) {
    if (time.seconds() == 0)
        return {};
    const auto then = std::chrono::seconds(time.seconds()) + std::chrono::nanoseconds(time.nanos());
    const std::chrono::duration<double, std::milli> left = then - SystemClock().wallNow().time_since_epoch();
    return left.count() >= 1 ? "in " + humanMilliseconds(left.count()) : "now";
}

std::string describeFailure(const char* title, const v1::Error& failure, const Terminal& terminal) {
    const Error error = ipc::fromProto(failure);
    return terminal.paint(Colour::Red, title) + " " + printable(error.message) + "\n" +
           describeFacts(error.facts, "  ");
}

std::string megabytes(double megabytes) {
    return megabytes > 0 ? humanBytes(megabytes * 1024 * 1024) : std::string();
}

Table::Cell stateCell(v1::ModelState state, const Terminal& terminal) {
    std::string text(stateName(state));
    switch (state) {
    case v1::MODEL_STATE_LOADED:
        return {text, painter(terminal, Colour::Green)};
    case v1::MODEL_STATE_LOADING:
    case v1::MODEL_STATE_DRAINING:
        return {text, painter(terminal, Colour::Yellow)};
    case v1::MODEL_STATE_UNHEALTHY:
        return {text, painter(terminal, Colour::Red)};
    default:
        return {text, painter(terminal, Colour::Dim)};
    }
}

Table::Cell statusCell(const std::string& status, const Terminal& terminal) {
    return status == "failed" ? Table::Cell(status, painter(terminal, Colour::Red)) : Table::Cell(status);
}

Table::Style titlePainter(const Terminal& terminal) {
    return {painter(terminal, Colour::Bold), terminal.width()};
}

} // namespace mm::cli
