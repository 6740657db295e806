// completion, version, help: about the program itself.
#include "cli/commands/commands.h"
#include "cli/completion_script.h"
#include "cli/help.h"
#include "cli/manual_page.h"
#include "cli/output/proto_json.h"
#include "engine/base/near_match.h"

#include <nlohmann/json.hpp>

namespace mm::cli {
namespace {

class Completion final : public Command {
public:
    Completion() {
        m_declaration = {
            .name = "completion",
            .summary = "Print the script that lets a shell complete commands and flags.",
            .positionals = {{"SHELL", "bash, zsh or fish", &m_shell}},
            .examples = {"modelmora completion bash > ~/.local/share/bash-completion/completions/modelmora",
                         "modelmora completion zsh > ~/.zfunc/_modelmora",
                         "modelmora completion fish > ~/.config/fish/completions/modelmora.fish"}};
    }
    Result<ExitCode> run(Context& context) override {
        const auto script = completionScript(m_shell, context.commands);
        if (!script)
            return Error{ErrorCode::ValidationError, "There is no completion for the shell '" + m_shell +
                                                         "', only for bash, zsh and fish." +
                                                         didYouMean(m_shell, {"bash", "zsh", "fish"})};
        context.terminal.print(*script);
        return ExitCode::Ok;
    }

private:
    std::string m_shell;
};

class Manual final : public Command {
public:
    Manual() {
        m_declaration = {.name = "manual",
                         .summary = "Print the manual page.",
                         .examples = {"modelmora manual | man -l -", "modelmora manual > modelmora.1"}};
    }
    Result<ExitCode> run(Context& context) override {
        context.terminal.print(manualPage(context.commands));
        return ExitCode::Ok;
    }
};

class Version final : public Command {
public:
    Version() {
        m_declaration = {.name = "version",
                         .summary = "Print the version of this program.",
                         .examples = {"modelmora version", "modelmora version --json"}};
    }
    Result<ExitCode> run(Context& context) override {
        context.terminal.print(context.options.json ? jsonText({{"version", MM_VERSION}})
                                                    : std::string("modelmora " MM_VERSION "\n"));
        return ExitCode::Ok;
    }
};

class Help final : public Command {
public:
    Help() {
        m_declaration = {.name = "help",
                         .summary = "Show the commands, or all about one.",
                         .positionals = {{"COMMAND", "a command", &m_words, false}},
                         .examples = {"modelmora help", "modelmora help infer", "modelmora help versions promote"}};
    }
    Result<ExitCode> run(Context& context) override {
        std::string name;
        for (const std::string& word : m_words)
            name += (name.empty() ? "" : " ") + word;
        std::vector<std::string> names;
        for (const auto& command : context.commands) {
            const Declaration& each = command->declaration();
            names.push_back(each.name);
            if (each.name == name) {
                context.terminal.print(commandHelp(each, context.terminal.width()));
                return ExitCode::Ok;
            }
            if (!name.empty() && each.name.starts_with(name + " ")) {
                context.terminal.print(programHelp(context.commands, name, context.terminal.width()));
                return ExitCode::Ok;
            }
        }
        if (!name.empty())
            return Error{ErrorCode::ValidationError, "There is no command '" + name + "'." + didYouMean(name, names)};
        context.terminal.print(programHelp(context.commands, {}, context.terminal.width()));
        return ExitCode::Ok;
    }

private:
    std::vector<std::string> m_words;
};

} // namespace

std::unique_ptr<Command> makeCompletion() {
    return std::make_unique<Completion>();
}
std::unique_ptr<Command> makeManual() {
    return std::make_unique<Manual>();
}
std::unique_ptr<Command> makeVersion() {
    return std::make_unique<Version>();
}
std::unique_ptr<Command> makeHelp() {
    return std::make_unique<Help>();
}

} // namespace mm::cli
