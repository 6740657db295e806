#include "cli/program.h"

#include "cli/all_commands.h"
#include "cli/arguments.h"
#include "cli/client/engine_address.h"
#include "cli/help.h"
#include "cli/output/error_report.h"
#include "cli/output/fitted.h"
#include "cli/output/proto_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

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

// The command line over what the environment says.
Result<Parsed> understand(const std::vector<std::string>& words, const CommandList& commands, GlobalOptions& options) {
    if (const std::string engine = environment("MODELMORA_ENGINE"); !engine.empty())
        options.engine = engine;
    else
        options.url = environment("MODELMORA_URL");
    MM_TRY(Parsed parsed, parseArguments(words, commands, options));
    if (!parsed.help) {
        MM_TRY(options.key, readKey(options.keyFile, environment("MODELMORA_KEY")));
    }
    return parsed;
}

ExitCode runCommand(const Parsed& parsed, Context& context) {
    if (parsed.help) {
        const std::size_t width = context.terminal.width();
        context.terminal.print(parsed.command != nullptr ? commandHelp(parsed.command->declaration(), width)
                                                         : programHelp(context.commands, parsed.group, width));
        return ExitCode::Ok;
    }
    const auto result = parsed.command->run(context);
    return result.ok() ? *result
                       : report(context.terminal, context.options, result.error(), exitCodeFor(result.error()));
}

} // namespace

EngineClient::Options Context::engineOptions() const {
    return {options.engine, options.timeoutSeconds, options.tls, options.tlsTexts, options.key};
}

EngineClient& Context::engine() {
    if (!client)
        client = std::make_unique<EngineClient>(engineOptions());
    return *client;
}

void Context::show(const google::protobuf::Message& message, const std::function<std::string()>& describe) const {
    terminal.print(options.json ? jsonText(toJson(message)) : fitted(describe(), terminal.width()));
}

int runProgram(const std::vector<std::string>& words, std::FILE* in, std::FILE* out, std::FILE* err) {
    Terminal terminal(out, err);
    GlobalOptions options;
    options.tls = {environment("MODELMORA_TLS_CA"), environment("MODELMORA_TLS_CERTIFICATE"),
                   environment("MODELMORA_TLS_KEY")};
    const CommandList commands = allCommands();
    const auto parsed = understand(words, commands, options);
    terminal.setQuiet(options.quiet);
    terminal.setColour(!options.noColour && environment("NO_COLOR").empty() && environment("TERM") != "dumb");
    if (!parsed.ok()) {
        // Where the line was not understood, the switch may not have been either.
        options.json = options.json || std::find(words.begin(), words.end(), "--json") != words.end();
        const ExitCode code = report(terminal, options, parsed.error(), ExitCode::Usage);
        if (!options.json)
            terminal.complain("`modelmora help` shows the commands, `modelmora COMMAND --help` their flags.\n");
        return code;
    }
    Context context{options, terminal, commands, in};
    const ExitCode code = runCommand(*parsed, context);
    if (const auto written = terminal.finish(); !written.ok())
        return report(terminal, options, written.error(), ExitCode::Failed);
    return code;
}

} // namespace mm::cli
