#include "cli/help.h"

#include "cli/arguments.h"
#include "cli/output/fitted.h"
#include "cli/output/text.h"

#include <algorithm>
#include <utility>

namespace mm::cli {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kUnbroken = 1'000'000;
constexpr std::size_t kIndent = 2;
constexpr std::size_t kLeastBeside = 30; // columns: with fewer beside the names, texts go below them

// Lines of text, each behind as many blanks but the first.
std::string hanging(const std::string& text, std::size_t indent, std::size_t width) {
    std::string lines;
    for (const std::string& line : wrapped(text, width == 0 ? kUnbroken : width > indent ? width - indent : 1))
        lines += (lines.empty() ? "" : std::string(indent, ' ')) + line + "\n";
    return lines;
}

std::string columns(const Pairs& pairs, std::size_t width) {
    std::size_t widest = 0;
    for (const auto& [left, right] : pairs)
        widest = std::max(widest, displayWidth(left));
    const bool isBelow = width > 0 && widest + 2 * kIndent + kLeastBeside > width;
    std::string text;
    for (const auto& [left, right] : pairs) {
        text.append(kIndent, ' ').append(left);
        if (isBelow)
            text.append("\n").append(2 * kIndent, ' ').append(hanging(right, 2 * kIndent, width));
        else
            text.append(widest - displayWidth(left) + kIndent, ' ').append(hanging(right, widest + 2 * kIndent, width));
    }
    return text;
}

std::string paragraph(const std::string& text, std::size_t width) {
    return hanging(text, 0, width);
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

std::string programHelp(const CommandList& commands, const std::string& group, std::size_t width) {
    Pairs pairs;
    for (const auto& command : commands)
        if (const Declaration& each = command->declaration(); group.empty() || each.name.starts_with(group + " "))
            pairs.emplace_back(each.name, each.summary);
    std::string text;
    if (group.empty())
        text =
            paragraph("modelmora: the command line of ModelMora, a server for machine-learning models.", width) + "\n";
    text += paragraph("Usage: modelmora " + (group.empty() ? std::string("COMMAND") : group + " COMMAND") +
                          " [ARGUMENTS] [FLAGS]",
                      width) +
            "\nCommands:\n" + columns(pairs, width);
    GlobalOptions unused;
    text += "\nFlags of every command:\n" + columns(describe(globalFlags(unused)), width) + "\n" +
            paragraph("`modelmora COMMAND --help` tells more, with examples.", width);
    if (group.empty())
        text += "\n" + fitted(exitCodeHelp(), width);
    return text;
}

std::string commandHelp(const Declaration& declaration, std::size_t width) {
    std::string usage = "Usage: modelmora " + declaration.name;
    Pairs positionals;
    for (const Positional& each : declaration.positionals) {
        const bool many = std::holds_alternative<std::vector<std::string>*>(each.target);
        const std::string shown = each.name + (many ? "..." : "");
        usage += " " + (each.required ? shown : "[" + shown + "]");
        positionals.emplace_back(each.name, each.help + ".");
    }
    if (!declaration.passThrough)
        usage += " [FLAGS]";
    std::string text = paragraph(declaration.summary, width) + "\n" + paragraph(usage, width);
    if (!declaration.details.empty())
        text += "\n" + paragraph(declaration.details, width);
    if (!positionals.empty())
        text += "\nArguments:\n" + columns(positionals, width);
    if (!declaration.flags.empty())
        text += "\nFlags:\n" + columns(describe(declaration.flags), width);
    if (!declaration.passThrough)
        text += "\n" + paragraph("Flags of every command, such as --json and --engine: `modelmora help`.", width);
    text += "\nExamples:\n";
    for (const std::string& example : declaration.examples)
        text += "  " + example + "\n";
    return text;
}

} // namespace mm::cli
