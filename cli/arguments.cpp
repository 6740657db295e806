#include "cli/arguments.h"

#include "cli/client/engine_address.h"
#include "engine/base/near_match.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <map>

namespace mm::cli {
namespace {

Error usage(std::string message) {
    return {ErrorCode::ValidationError, std::move(message)};
}

// "versions promote" → "versions"
std::string groupOf(const std::string& name) {
    const std::size_t blank = name.find(' ');
    return blank == std::string::npos ? std::string() : name.substr(0, blank);
}

void bind(CLI::App& app, const Flag& flag) {
    const bool isSwitch = flag.value.empty();
    CLI::Option* option = std::visit(
        [&](auto* target) -> CLI::Option* {
            if constexpr (std::is_same_v<decltype(target), bool*>)
                return app.add_flag(flag.name, *target, flag.help);
            else
                return app.add_option(flag.name, *target, flag.help);
        },
        flag.target);
    if (isSwitch)
        return;
    if (std::holds_alternative<std::vector<std::string>*>(flag.target))
        option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
    if (!flag.choices.empty())
        option->check([&flag](const std::string& value) {
            if (std::find(flag.choices.begin(), flag.choices.end(), value) != flag.choices.end())
                return std::string();
            std::string all;
            for (const std::string& choice : flag.choices)
                all += (all.empty() ? "" : ", ") + choice;
            return "'" + value + "' is none of " + all + "." + didYouMean(value, flag.choices);
        });
}

void bind(CLI::App& app, const Positional& positional) {
    std::visit([&](auto* target) { app.add_option(positional.name, *target, positional.help); }, positional.target);
}

bool isEmpty(const Target& target) {
    if (auto* const* text = std::get_if<std::string*>(&target))
        return (*text)->empty();
    if (auto* const* list = std::get_if<std::vector<std::string>*>(&target))
        return (*list)->empty();
    return false;
}

class Parser {
public:
    Parser(const CommandList& commands, GlobalOptions& options) : m_globals(globalFlags(options)) {
        m_app.set_help_flag();
        m_app.allow_extras();
        m_app.require_subcommand(0, 1); // after it, a word such as "list" is an argument
        for (const Flag& flag : m_globals)
            bind(m_app, flag);
        m_app.add_flag("--help,-h", m_help);
        m_app.add_flag("--version", m_version);
        for (const auto& command : commands)
            add(*command);
    }

    Result<Parsed> parse(std::vector<std::string> words) {
        // What follows "--" is arguments, whatever it looks like; the library would take it for flags after a first
        // one.
        std::vector<std::string> plain;
        const auto mark = std::find(words.begin(), words.end(), "--");
        if (mark != words.end())
            plain.assign(mark + 1, words.end());
        words.erase(mark, words.end());
        MM_CHECK(checkFirstWord(words));
        std::reverse(words.begin(), words.end()); // as the library wants them
        Error fault{ErrorCode::InternalError, {}};
        bool failed = false;
        try {
            m_app.parse(std::move(words));
        } catch (const CLI::ConversionError& error) {
            failed = true;
            fault = usage(std::string(error.what()) + ". It has to be a number.");
        } catch (const CLI::Error& error) {
            failed = true;
            fault = usage(error.what());
        }
        Parsed parsed = chosen();
        if (!plain.empty())
            MM_CHECK(takePlain(parsed, std::move(plain)));
        // A mistyped flag explains more than what it led to, such as a missing argument.
        if (parsed.command == nullptr || !parsed.command->declaration().passThrough)
            if (auto known = checkExtras(parsed); !known.ok())
                return known.error();
        if (parsed.help)
            return parsed;
        if (failed)
            return fault;
        if (parsed.command != nullptr)
            MM_CHECK(checkPositionals(parsed));
        return parsed;
    }

private:
    void add(Command& command) {
        const Declaration& declaration = command.declaration();
        const std::string group = groupOf(declaration.name);
        CLI::App* parent = &m_app;
        if (!group.empty()) {
            auto& made = m_groups[group];
            if (made == nullptr) {
                made = m_app.add_subcommand(group);
                made->set_help_flag();
                made->fallthrough();
                made->allow_extras();
                made->require_subcommand(0, 1);
            }
            parent = made;
        }
        const std::string word = group.empty() ? declaration.name : declaration.name.substr(group.size() + 1);
        CLI::App* sub = parent->add_subcommand(word, declaration.summary);
        sub->set_help_flag();
        sub->allow_extras();
        m_commands[sub] = &command;
        if (declaration.passThrough) {
            sub->prefix_command();
            return;
        }
        sub->fallthrough();
        for (const Flag& flag : declaration.flags)
            bind(*sub, flag);
        for (const Positional& positional : declaration.positionals)
            bind(*sub, positional);
    }

    Parsed chosen() {
        Parsed parsed;
        for (const auto& [app, command] : m_commands)
            if (app->parsed() && !parsed.command) {
                parsed.command = command;
                m_chosen = app;
                if (command->declaration().passThrough)
                    *std::get<std::vector<std::string>*>(command->declaration().positionals.front().target) =
                        app->remaining();
            }
        for (const auto& [name, app] : m_groups)
            if (app->parsed())
                parsed.group = name;
        parsed.help = m_help || (parsed.command == nullptr && !m_version);
        if (m_version && parsed.command == nullptr)
            for (const auto& [app, command] : m_commands)
                if (command->declaration().name == "version")
                    parsed.command = command;
        return parsed;
    }

    // The library would pass over a word that is no command and look for one behind it.
    [[nodiscard]] Result<void> checkFirstWord(const std::vector<std::string>& words) const {
        for (std::size_t i = 0; i < words.size(); ++i) {
            const std::string& word = words[i];
            if (!word.starts_with("-")) {
                const auto names = namesBehind({});
                if (std::find(names.begin(), names.end(), word) != names.end())
                    return {};
                return usage("There is no command '" + word + "'." + didYouMean(word, names));
            }
            for (const Flag& flag : m_globals)
                i += flag.name == word && !flag.value.empty() ? 1 : 0; // its value
        }
        return {};
    }

    // The words that may follow: the commands of a group, or the first words of all.
    [[nodiscard]] std::vector<std::string> namesBehind(const std::string& group) const {
        const std::string prefix = group.empty() ? "" : group + " ";
        std::vector<std::string> names;
        for (const auto& [app, command] : m_commands) {
            const std::string& name = command->declaration().name;
            if (name.starts_with(prefix) && (!prefix.empty() || groupOf(name).empty()))
                names.push_back(name.substr(prefix.size()));
        }
        if (group.empty())
            for (const auto& [name, app] : m_groups)
                names.push_back(name);
        return names;
    }

    // Fills the positionals that are still empty, the last one with all the rest.
    Result<void> takePlain(const Parsed& parsed, std::vector<std::string> plain) {
        if (parsed.command == nullptr)
            return usage("There is no command before '--'.");
        if (parsed.command->declaration().passThrough)
            plain.insert(plain.begin(), "--");
        auto next = plain.begin();
        for (const Positional& positional : parsed.command->declaration().positionals) {
            if (auto* const* all = std::get_if<std::vector<std::string>*>(&positional.target)) {
                (*all)->insert((*all)->end(), next, plain.end());
                next = plain.end();
            } else if (auto* const* one = std::get_if<std::string*>(&positional.target);
                       one != nullptr && (*one)->empty() && next != plain.end()) {
                **one = *next++;
            }
        }
        if (next != plain.end())
            return usage("'" + *next + "' is one argument too many for `modelmora " +
                         parsed.command->declaration().name + "`.");
        return {};
    }

    [[nodiscard]] Result<void> checkExtras(const Parsed& parsed) const {
        std::vector<std::string> extras = m_app.remaining(true);
        if (extras.empty())
            return {};
        const auto flag = std::find_if(extras.begin(), extras.end(),
                                       [](const std::string& word) { return word.size() > 1 && word[0] == '-'; });
        if (flag != extras.end()) {
            const std::string typed = flag->substr(0, flag->find('='));
            return usage("There is no flag " + typed + "." + didYouMean(typed, flagNames(parsed)));
        }
        if (parsed.command != nullptr)
            return usage("'" + extras.front() + "' is one argument too many for `modelmora " +
                         parsed.command->declaration().name + "`.");
        return usage("There is no command '" + (parsed.group.empty() ? "" : parsed.group + " ") + extras.front() +
                     "'." + didYouMean(extras.front(), namesBehind(parsed.group)));
    }

    [[nodiscard]] std::vector<std::string> flagNames(const Parsed& parsed) const {
        std::vector<std::string> names{"--help", "--version"};
        const auto take = [&](const std::vector<Flag>& flags) {
            for (const Flag& flag : flags)
                names.push_back(flag.name.substr(0, flag.name.find(',')));
        };
        take(m_globals);
        if (parsed.command != nullptr)
            take(parsed.command->declaration().flags);
        return names;
    }

    [[nodiscard]] Result<void> checkPositionals(const Parsed& parsed) const {
        const Declaration& declaration = parsed.command->declaration();
        if (declaration.passThrough || m_chosen == nullptr)
            return {};
        for (const Positional& positional : declaration.positionals)
            if (positional.required && isEmpty(positional.target))
                return usage(positional.name + " is missing: `modelmora " + declaration.name + "` needs " +
                             positional.help + ".");
        return {};
    }

    CLI::App m_app;
    std::vector<Flag> m_globals;
    std::map<std::string, CLI::App*> m_groups;
    std::map<CLI::App*, Command*> m_commands;
    CLI::App* m_chosen = nullptr;
    bool m_help = false;
    bool m_version = false;
};

} // namespace

std::vector<Flag> globalFlags(GlobalOptions& options) {
    return {
        {"--engine", "HOST:PORT", "The engine to talk to; MODELMORA_ENGINE says it for all commands.",
         "--engine 127.0.0.1:50051", &options.engine},
        {"--url", "URL",
         "The same as a URL, http:// for the host of a REST address, https:// where it speaks TLS; MODELMORA_URL for "
         "all commands.",
         "--url https://box:8000", &options.url},
        {"--tls-ca", "FILE",
         "Speak TLS, and believe certificates of this authority (PEM, or \"system\"); MODELMORA_TLS_CA says it for "
         "all.",
         "--tls-ca ca.pem", &options.tls.ca},
        {"--tls-certificate", "FILE",
         "Who this client is, for engines that ask for it (PEM); MODELMORA_TLS_CERTIFICATE says it for all.",
         "--tls-certificate me.pem", &options.tls.certificate},
        {"--tls-key", "FILE", "The key of that certificate (PEM); MODELMORA_TLS_KEY says it for all.",
         "--tls-key me.key", &options.tls.key},
        {"--key-file", "FILE",
         "The file that holds the API key or token; MODELMORA_KEY can hold it instead, an argument never.",
         "--key-file ~/.config/modelmora.key", &options.keyFile},
        {"--timeout", "SECONDS", "How long to wait for an answer.", "--timeout 5", &options.timeoutSeconds},
        {"--json", "", "Print the whole answer as JSON; errors too, on the error stream.", "--json", &options.json},
        {"--quiet,-q", "", "Print the result only: no progress, no remarks.", "--quiet", &options.quiet},
        {"--no-color", "", "No colours on a terminal; NO_COLOR does the same.", "--no-color", &options.noColour},
    };
}

Result<Parsed> parseArguments(const std::vector<std::string>& words, const CommandList& commands,
                              GlobalOptions& options) {
    // What is inherited counts only where the command line does not say it, be it right or wrong.
    const std::string engine = std::exchange(options.engine, {});
    const std::string url = std::exchange(options.url, {});
    Parser parser(commands, options);
    auto parsed = parser.parse(words);
    if (options.engine.empty() && options.url.empty()) {
        options.engine = engine;
        options.url = url;
    }
    if (!parsed.ok() || parsed->help)
        return parsed;
    if (options.timeoutSeconds < 0 || options.timeoutSeconds > 86400)
        return usage("--timeout is a number of seconds from 1 to 86400.");
    if (!options.url.empty()) {
        MM_TRY(const EngineUrl named, engineAddress(options.url));
        options.engine = named.address;
        if (named.isTls && options.tls.ca.empty())
            options.tls.ca = kSystemCa;
    }
    if (!isEngineAddress(options.engine))
        return usage(
            "'" + options.engine +
            "' is no address of an engine; --engine and MODELMORA_ENGINE want host:port, such as 127.0.0.1:50051.");
    MM_TRY(options.tlsTexts, readTls(options.tls));
    return parsed;
}

} // namespace mm::cli
