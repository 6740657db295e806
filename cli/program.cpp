#include "cli/program.h"

#include "cli/all_commands.h"
#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/output/error_report.h"
#include "cli/output/proto_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>

namespace mm::cli {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

ExitCode report(Terminal& terminal, const GlobalOptions& options, const Error& error, ExitCode code) {
    if (options.json) {
        auto body = errorJson(error);
        body["error"]["exit_code"] = static_cast<int>(code);
        terminal.complain(jsonText(body));
    } else {
        terminal.complain(
            describeError(error, [&](std::string_view word) { return terminal.paintError(Colour::Red, word); }));
    }
    return code;
}

// A file wins over the variable, since it was asked for here and now.
Result<std::string> keyOf(const GlobalOptions& options) {
    std::string key = options.key;
    if (!options.keyFile.empty()) {
        std::ifstream file(options.keyFile);
        key.clear();
        std::getline(file, key);
        if (!file && key.empty())
            return Error{ErrorCode::ValidationError,
                         "The key file " + options.keyFile + " cannot be read, or there is no key in its first line."};
    }
    while (!key.empty() && std::isspace(static_cast<unsigned char>(key.back())) != 0)
        key.pop_back();
    if (!std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 127; }))
        return Error{ErrorCode::ValidationError,
                     (options.keyFile.empty() ? std::string("MODELMORA_KEY") : "The key file " + options.keyFile) +
                         " holds no key: one is visible ASCII characters without blanks."};
    return key;
}

ExitCode runCommand(const Parsed& parsed, Context& context) {
    if (parsed.help) {
        context.terminal.print(parsed.command != nullptr ? commandHelp(parsed.command->declaration())
                                                         : programHelp(context.commands, parsed.group));
        return ExitCode::Ok;
    }
    const auto result = parsed.command->run(context);
    return result.ok() ? *result
                       : report(context.terminal, context.options, result.error(), exitCodeFor(result.error()));
}

} // namespace

EngineClient& Context::engine() {
    if (!client)
        client = std::make_unique<EngineClient>(EngineClient::Options{options.engine, options.timeoutSeconds,
                                                                      options.tls, options.credentials, options.key});
    return *client;
}

void Context::show(const google::protobuf::Message& message, const std::function<std::string()>& describe) const {
    terminal.print(options.json ? jsonText(toJson(message)) : describe());
}

int runProgram(const std::vector<std::string>& words, std::FILE* in, std::FILE* out, std::FILE* err) {
    Terminal terminal(out, err);
    GlobalOptions options;
    if (const std::string engine = environment("MODELMORA_ENGINE"); !engine.empty())
        options.engine = engine;
    options.tls = {environment("MODELMORA_TLS_CA"), environment("MODELMORA_TLS_CERTIFICATE"),
                   environment("MODELMORA_TLS_KEY")};
    options.key = environment("MODELMORA_KEY");
    const CommandList commands = allCommands();
    const auto parsed = parseArguments(words, commands, options);
    terminal.setQuiet(options.quiet);
    terminal.setColour(!options.noColour && environment("NO_COLOR").empty());
    if (!parsed.ok()) {
        // Where the line was not understood, the switch may not have been either.
        options.json = options.json || std::find(words.begin(), words.end(), "--json") != words.end();
        const ExitCode code = report(terminal, options, parsed.error(), ExitCode::Usage);
        if (!options.json)
            terminal.complain("`modelmora help` shows the commands, `modelmora COMMAND --help` their flags.\n");
        return code;
    }
    if (auto key = keyOf(options); key.ok())
        options.key = std::move(key).value();
    else
        return report(terminal, options, key.error(), ExitCode::Usage);
    Context context{options, terminal, commands, in};
    const ExitCode code = runCommand(*parsed, context);
    if (const auto written = terminal.finish(); !written.ok())
        return report(terminal, options, written.error(), ExitCode::Failed);
    return code;
}

} // namespace mm::cli
