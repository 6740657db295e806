#include "cli/help.h"

#include "cli/arguments.h"
#include "cli/output/text.h"

#include <algorithm>
#include <utility>

namespace mm::cli {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string columns(const Pairs& pairs) {
    std::size_t width = 0;
    for (const auto& [left, right] : pairs)
        width = std::max(width, displayWidth(left));
    std::string text;
    for (const auto& [left, right] : pairs)
        text.append("  ").append(left).append(width - displayWidth(left) + 2, ' ').append(right).append("\n");
    return text;
}

Pairs describe(const std::vector<Flag>& flags) {
    Pairs pairs;
    for (const Flag& flag : flags) {
        std::string name = flag.name;
        if (const std::size_t comma = name.find(','); comma != std::string::npos)
            name.replace(comma, 1, ", ");
        if (!flag.value.empty())
            name += " " + flag.value;
        std::string help = flag.help;
        if (!flag.choices.empty()) {
            help += " One of";
            for (const std::string& choice : flag.choices)
                help += (choice == flag.choices.front() ? " " : ", ") + choice;
            help += ".";
        }
        pairs.emplace_back(name, help + " Example: " + flag.example);
    }
    return pairs;
}

} // namespace

std::string programHelp(const CommandList& commands, const std::string& group) {
    Pairs pairs;
    for (const auto& command : commands)
        if (const Declaration& each = command->declaration(); group.empty() || each.name.starts_with(group + " "))
            pairs.emplace_back(each.name, each.summary);
    std::string text;
    if (group.empty())
        text = "modelmora: the command line of ModelMora, a server for machine-learning models.\n\n";
    text += "Usage: modelmora " + (group.empty() ? std::string("COMMAND") : group + " COMMAND") +
            " [ARGUMENTS] [FLAGS]\n\nCommands:\n" + columns(pairs);
    GlobalOptions unused;
    text += "\nFlags of every command:\n" + columns(describe(globalFlags(unused))) +
            "\n`modelmora COMMAND --help` tells more, with examples.\n";
    if (group.empty())
        text += std::string("\n") + exitCodeHelp();
    return text;
}

std::string commandHelp(const Declaration& declaration) {
    std::string text = declaration.summary + "\n\nUsage: modelmora " + declaration.name;
    Pairs positionals;
    for (const Positional& each : declaration.positionals) {
        const bool many = std::holds_alternative<std::vector<std::string>*>(each.target);
        const std::string shown = each.name + (many ? "..." : "");
        text += " " + (each.required ? shown : "[" + shown + "]");
        positionals.emplace_back(each.name, each.help + ".");
    }
    text += declaration.passThrough ? "\n" : " [FLAGS]\n";
    if (!declaration.details.empty())
        text += "\n" + declaration.details + "\n";
    if (!positionals.empty())
        text += "\nArguments:\n" + columns(positionals);
    if (!declaration.flags.empty())
        text += "\nFlags:\n" + columns(describe(declaration.flags));
    if (!declaration.passThrough)
        text += "\nFlags of every command, such as --json and --engine: `modelmora help`.\n";
    text += "\nExamples:\n";
    for (const std::string& example : declaration.examples)
        text += "  " + example + "\n";
    return text;
}

} // namespace mm::cli
