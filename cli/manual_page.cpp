#include "cli/manual_page.h"

#include "cli/arguments.h"
#include "cli/output/exit_code.h"

#include <sstream>

namespace mm::cli {
namespace {

// Text that means nothing to the formatter.
std::string plain(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (c == '\\')
            safe += "\\e";
        else if (c == '-')
            safe += "\\-";
        else
            safe += c;
    }
    return !safe.empty() && (safe.front() == '.' || safe.front() == '\'') ? "\\&" + safe : safe;
}

std::string bold(const std::string& text) {
    return "\\fB" + plain(text) + "\\fR";
}

std::string italic(const std::string& text) {
    return "\\fI" + plain(text) + "\\fR";
}

void addFlags(std::string& page, const std::vector<Flag>& flags) {
    for (const Flag& flag : flags) {
        const std::size_t comma = flag.name.find(',');
        std::string name = bold(flag.name.substr(0, comma));
        if (comma != std::string::npos)
            name += ", " + bold(flag.name.substr(comma + 1));
        page += ".TP\n" + name + (flag.value.empty() ? "" : " " + italic(flag.value)) + "\n" + plain(flag.help);
        for (const std::string& choice : flag.choices)
            page += (choice == flag.choices.front() ? " One of " : ", ") + plain(choice);
        page += flag.choices.empty() ? "\n" : ".\n";
    }
}

void addCommand(std::string& page, const Declaration& command) {
    page += ".SS modelmora " + plain(command.name) + "\n";
    page += ".B modelmora " + plain(command.name) + "\n";
    for (const Positional& each : command.positionals) {
        const bool many = std::holds_alternative<std::vector<std::string>*>(each.target);
        const std::string name = plain(each.name + (many ? "..." : ""));
        page += ".I " + (each.required ? name : "[" + name + "]") + "\n";
    }
    if (!command.flags.empty())
        page += "[flags]\n";
    page += ".PP\n" + plain(command.summary) + "\n";
    if (!command.details.empty())
        page += ".PP\n" + plain(command.details) + "\n";
    for (const Positional& each : command.positionals)
        page += ".TP\n" + italic(each.name) + "\n" + plain(each.help) + ".\n";
    addFlags(page, command.flags);
    page += ".PP\nExamples:\n.PP\n.nf\n.RS 4\n";
    for (const std::string& example : command.examples)
        page += plain(example) + "\n";
    page += ".RE\n.fi\n";
}

void addVariables(std::string& page) {
    const auto add = [&](const char* name, const char* meaning) {
        page += std::string(".TP\n") + bold(name) + "\n" + plain(meaning) + "\n";
    };
    add("MODELMORA_ENGINE", "The engine to talk to, as host:port of gRPC.");
    add("MODELMORA_URL",
        "The same as a URL, where MODELMORA_ENGINE is not set; http:// names the host of a REST address.");
    add("MODELMORA_KEY", "The API key, where the engine asks for one and --key-file is not given.");
    add("NO_COLOR", "Where it is set, nothing is coloured.");
}

} // namespace

std::string manualPage(const CommandList& commands) {
    std::string page =
        ".\\\" Made by `modelmora manual` from the program's own commands.\n"
        ".TH MODELMORA 1 \"\" \"ModelMora " MM_VERSION "\" \"ModelMora\"\n"
        ".SH NAME\nmodelmora \\- the command line of a server for machine\\-learning models\n"
        ".SH SYNOPSIS\n.B modelmora\n.I COMMAND\n[arguments] [flags]\n"
        ".SH DESCRIPTION\nTalks to a running modelmora\\-engine, on this machine or another, over gRPC. "
        "Results go to the standard output, everything else to the error stream; colours and progress are "
        "shown on terminals only.\n"
        ".SH COMMANDS\n";
    for (const auto& command : commands)
        addCommand(page, command->declaration());
    GlobalOptions unused;
    page += ".SH FLAGS OF EVERY COMMAND\n";
    addFlags(page, globalFlags(unused));
    page += ".SH ENVIRONMENT\n";
    addVariables(page);
    page += ".SH EXIT STATUS\n.nf\n";
    std::istringstream codes(exitCodeHelp());
    std::string line;
    std::getline(codes, line); // its title
    while (std::getline(codes, line))
        page += plain(line) + "\n";
    return page + ".fi\n";
}

} // namespace mm::cli
