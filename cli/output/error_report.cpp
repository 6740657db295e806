#include "cli/output/error_report.h"

#include "cli/output/exit_code.h"
#include "cli/output/text.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mm::cli {
namespace {

std::string factText(const FactValue& fact) {
    if (const auto* flag = std::get_if<bool>(&fact))
        return *flag ? "yes" : "no";
    if (const auto* integer = std::get_if<std::int64_t>(&fact))
        return std::to_string(*integer);
    if (const auto* number = std::get_if<double>(&fact))
        return humanNumber(*number, 3);
    if (const auto* text = std::get_if<std::string>(&fact))
        return printable(*text);
    return {};
}

} // namespace

std::string hintFor(const Error& error) {
    if (error.facts.contains(kUnreachableFact))
        return "Start an engine with `modelmora serve`, or say where one is with --engine host:port or "
               "MODELMORA_ENGINE.";
    switch (error.code) {
    case ErrorCode::ModelNotFound:
        return "`modelmora list` shows the registered models; `modelmora register PATH` adds one.";
    case ErrorCode::VersionNotFound:
        return "`modelmora versions list MODEL` shows the versions.";
    case ErrorCode::ModelAlreadyExists:
        return "Give another --version, or remove the old one with `modelmora delete MODEL`.";
    case ErrorCode::VersionIsCurrent:
        return "Make another version the current one first, with `modelmora versions promote MODEL VERSION`.";
    case ErrorCode::ModelInUse:
        return "Unload it with `modelmora unload MODEL`, or use --force.";
    case ErrorCode::RevisionConflict:
        return "Look at the model again and repeat the command.";
    case ErrorCode::InsufficientMemory:
        return "`modelmora plan MODEL` shows what would have to go and `modelmora load MODEL --force` lets it; "
               "`modelmora memory` shows who holds what.";
    case ErrorCode::RequestNotFound:
        return "`modelmora queue` shows what waits and runs.";
    case ErrorCode::JobNotFound:
        return "`modelmora jobs list` shows the jobs.";
    case ErrorCode::JobNotReady:
        return "`modelmora jobs show ID` tells how far it is, or what went wrong.";
    case ErrorCode::InferenceTimeout:
        return "Allow more time with --timeout SECONDS.";
    case ErrorCode::SlowReader:
        return "Ask for fewer events (--type, --model), or go on with --since ID.";
    case ErrorCode::QueueFull:
    case ErrorCode::RateLimitExceeded:
        return "Try again later.";
    case ErrorCode::ModelLoadFailed:
    case ErrorCode::WorkerCrashed:
    case ErrorCode::UnhealthyModel:
        return "`modelmora info MODEL` shows the last failure in full.";
    default:
        return {};
    }
}

std::string describeFacts(const Facts& facts, const std::string& indent) {
    std::string text;
    for (const auto& [name, fact] : facts) {
        if (name == kUnreachableFact)
            continue;
        std::string title = name;
        std::replace(title.begin(), title.end(), '_', ' ');
        title = printable(title);
        if (const auto* lines = std::get_if<std::vector<std::string>>(&fact)) {
            text += indent + title + ":\n";
            for (const std::string& line : *lines)
                text += indent + "  | " + printable(line) + "\n";
        } else {
            text += indent + title + ": " + factText(fact) + "\n";
        }
    }
    return text;
}

std::string describeError(const Error& error, const ErrorPainter& paint) {
    const auto label = [&](const char* word) { return paint ? paint(word) : std::string(word); };
    std::string text = label("error:") + " " + printable(error.message) + "\n";
    for (const FieldError& field : error.fieldErrors)
        if (error.message.find(field.message) == std::string::npos)
            text += "  " + printable(field.field) + ": " + printable(field.message) + "\n";
    text += describeFacts(error.facts, "  ");
    if (const std::string hint = hintFor(error); !hint.empty())
        text += "hint: " + hint + "\n";
    return text;
}

nlohmann::ordered_json errorJson(const Error& error) {
    nlohmann::ordered_json body;
    body["code"] = std::string(errorName(error.code));
    body["message"] = error.message;
    if (const std::string hint = hintFor(error); !hint.empty())
        body["hint"] = hint;
    body["details"] = nlohmann::ordered_json::object();
    for (const auto& [name, fact] : error.facts)
        std::visit([&, key = name](const auto& value) { body["details"][key] = value; }, fact);
    if (!error.fieldErrors.empty())
        body["validation_errors"] = nlohmann::ordered_json::array();
    for (const FieldError& field : error.fieldErrors)
        body["validation_errors"].push_back({{"field", field.field}, {"message", field.message}});
    body["exit_code"] = static_cast<int>(exitCodeFor(error));
    return {{"error", body}};
}

} // namespace mm::cli
