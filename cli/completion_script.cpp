#include "cli/completion_script.h"

#include "cli/arguments.h"

#include <algorithm>
#include <set>

namespace mm::cli {
namespace {

std::string longName(const Flag& flag) {
    return flag.name.substr(0, flag.name.find(','));
}

// Within single quotes of a shell.
std::string quoted(const std::string& text) {
    std::string safe;
    for (const char c : text)
        safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return "'" + safe + "'";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

std::vector<std::string> flagNames(const Declaration& declaration) {
    GlobalOptions unused;
    std::vector<std::string> names;
    for (const Flag& flag : declaration.flags)
        names.push_back(longName(flag));
    for (const Flag& flag : globalFlags(unused))
        names.push_back(longName(flag));
    names.emplace_back("--help");
    return names;
}

// The first word of every command, each once and in order, with its summary.
std::vector<std::pair<std::string, std::string>> firstWords(const CommandList& commands) {
    std::vector<std::pair<std::string, std::string>> words;
    std::set<std::string> seen;
    for (const auto& command : commands) {
        const Declaration& each = command->declaration();
        const std::size_t blank = each.name.find(' ');
        const std::string word = each.name.substr(0, blank);
        if (seen.insert(word).second)
            words.emplace_back(word, blank == std::string::npos ? each.summary : "More about " + word + ".");
    }
    return words;
}

std::vector<std::string> secondWords(const CommandList& commands, const std::string& group) {
    std::vector<std::string> words;
    for (const auto& command : commands)
        if (const std::string& name = command->declaration().name; name.starts_with(group + " "))
            words.push_back(name.substr(group.size() + 1));
    return words;
}

// bash, and zsh by way of its bashcompinit: which command it is, then its flags, the choices of a flag, or files.
std::string bashFunction(const CommandList& commands) {
    std::vector<std::string> firsts;
    std::string seconds;
    for (const auto& [word, summary] : firstWords(commands)) {
        firsts.push_back(word);
        if (const auto words = secondWords(commands, word); !words.empty())
            seconds += "        " + word + ") second=" + quoted(joined(words)) + " ;;\n";
    }
    std::string flags;
    std::string choices;
    for (const auto& command : commands) {
        const Declaration& each = command->declaration();
        flags += "        " + quoted(each.name) + ") flags=" + quoted(joined(flagNames(each))) + " ;;\n";
        for (const Flag& flag : each.flags)
            if (!flag.choices.empty())
                choices += "        " + quoted(each.name + " " + longName(flag)) + ") COMPREPLY=($(compgen -W " +
                           quoted(joined(flag.choices)) + " -- \"$current\")); return ;;\n";
    }
    choices += "        'completion '*) [[ $current == -* ]] || { COMPREPLY=($(compgen -W 'bash zsh fish' -- "
               "\"$current\")); return; } ;;\n";
    return "_modelmora() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local first='' command='' second='' flags='' word\n"
           "    COMPREPLY=()\n"
           "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
           "        [[ $word == -* ]] && continue\n"
           "        if [[ -z $first ]]; then first=$word; else command=\"$first $word\"; break; fi\n"
           "    done\n"
           "    case $first in\n" +
           seconds +
           "    esac\n"
           "    if [[ -z $first ]]; then\n"
           "        COMPREPLY=($(compgen -W " +
           quoted(joined(firsts)) +
           " -- \"$current\"))\n"
           "        return\n"
           "    fi\n"
           "    if [[ -n $second && -z $command ]]; then\n"
           "        COMPREPLY=($(compgen -W \"$second\" -- \"$current\"))\n"
           "        return\n"
           "    fi\n"
           "    [[ -n $second ]] || command=$first\n"
           "    case \"$command $previous\" in\n" +
           choices +
           "    esac\n"
           "    case $command in\n" +
           flags +
           "    esac\n"
           "    if [[ $current == -* ]]; then\n"
           "        COMPREPLY=($(compgen -W \"$flags\" -- \"$current\"))\n"
           "    else\n"
           "        COMPREPLY=($(compgen -f -- \"$current\"))\n"
           "    fi\n"
           "}\n";
}

std::string fishFlag(const std::string& condition, const Flag& flag) {
    std::string line = "complete -c modelmora " + condition + "-l " + longName(flag).substr(2);
    if (const std::size_t comma = flag.name.find(",-"); comma != std::string::npos)
        line += " -s " + flag.name.substr(comma + 2);
    if (!flag.value.empty())
        line += flag.choices.empty() ? " -r" : " -x -a " + quoted(joined(flag.choices));
    return line + " -d " + quoted(flag.help) + "\n";
}

std::string fishScript(const CommandList& commands) {
    GlobalOptions unused;
    std::string text = "# Completion of modelmora for fish.\n";
    for (const auto& [word, summary] : firstWords(commands))
        text.append("complete -c modelmora -n __fish_use_subcommand -f -a ")
            .append(word)
            .append(" -d ")
            .append(quoted(summary))
            .append("\n");
    for (const Flag& flag : globalFlags(unused))
        text += fishFlag("", flag);
    for (const auto& command : commands) {
        const Declaration& each = command->declaration();
        const std::size_t blank = each.name.find(' ');
        const std::string first = each.name.substr(0, blank);
        std::string seen = "__fish_seen_subcommand_from " + first;
        if (blank != std::string::npos) {
            const std::string second = each.name.substr(blank + 1);
            text.append("complete -c modelmora -n '" + seen + "; and not __fish_seen_subcommand_from ")
                .append(joined(secondWords(commands, first)))
                .append("' -f -a ")
                .append(second)
                .append(" -d ")
                .append(quoted(each.summary))
                .append("\n");
            seen.append("; and __fish_seen_subcommand_from ").append(second);
        }
        const std::string condition = "-n '" + seen + "' ";
        for (const Flag& flag : each.flags)
            text += fishFlag(condition, flag);
    }
    return text + "complete -c modelmora -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n";
}

} // namespace

std::optional<std::string> completionScript(const std::string& shell, const CommandList& commands) {
    if (shell == "bash")
        return "# Completion of modelmora for bash.\n" + bashFunction(commands) +
               "complete -o filenames -F _modelmora modelmora\n";
    if (shell == "zsh")
        return "#compdef modelmora\n# Completion of modelmora for zsh, over its support of bash's.\n"
               "autoload -U +X bashcompinit && bashcompinit\n" +
               bashFunction(commands) + "complete -o filenames -F _modelmora modelmora\n";
    if (shell == "fish")
        return fishScript(commands);
    return std::nullopt;
}

} // namespace mm::cli
