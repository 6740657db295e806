#include "gui/embedded/command_line.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>

namespace mm::gui {
namespace {

constexpr const char* kKeyVariable = "MODELMORA_KEY"; // as for the command line
constexpr std::size_t kLongestKey = 8192;

Error usage(std::string message) {
    return {ErrorCode::InvalidConfiguration, std::move(message)};
}

bool isFlag(const std::string& argument, std::string_view flag) {
    return argument == flag || argument.starts_with(std::string(flag) + "=");
}

std::string trimmed(const std::string& text) {
    constexpr const char* kBlanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlanks);
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

using Flags = std::map<std::string, std::string, std::less<>>;

Result<Flags> readFlags(const std::vector<std::string>& arguments) {
    Flags flags{{"--connect", ""}, {"--key-file", ""}, {"--tls-ca", ""}, {"--tls-certificate", ""}, {"--tls-key", ""}};
    for (auto at = arguments.begin(); at != arguments.end(); ++at) {
        const std::string name = at->substr(0, at->find('='));
        const auto known = flags.find(name);
        if (known == flags.end())
            return usage(
                "With --connect, " + *at +
                " means nothing: it is a setting of the console's own engine, which is not started then. Beside "
                "it there are --key-file, --tls-ca, --tls-certificate and --tls-key.");
        if (at->size() > name.size())
            known->second = at->substr(name.size() + 1);
        else if (++at == arguments.end())
            return usage(name + " wants a value.");
        else
            known->second = *at;
    }
    return flags;
}

Result<std::string> readKey(const std::string& file, const app::Environment& environment) {
    const auto inherited = environment.find(kKeyVariable);
    std::string key = inherited == environment.end() ? std::string() : trimmed(inherited->second);
    if (!file.empty()) {
        std::ifstream in(file, std::ios::binary);
        std::ostringstream text;
        if (!in || !(text << in.rdbuf()))
            return usage("The key cannot be read from " + file + "; --key-file names a file that holds nothing else.");
        key = trimmed(text.str());
    }
    // The key itself is never shown.
    if (key.size() > kLongestKey || !std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; }))
        return usage("What " + (file.empty() ? std::string(kKeyVariable) : file) +
                     " holds is no key; a key is one word of visible ASCII characters.");
    return key;
}

} // namespace

Result<ConsoleLine> readConsoleLine(const std::vector<std::string>& arguments, const app::Environment& environment) {
    ConsoleLine line;
    const bool isElsewhere = std::any_of(arguments.begin(), arguments.end(),
                                         [](const std::string& each) { return isFlag(each, "--connect"); });
    if (!isElsewhere) {
        app::CommandLine commandLine;
        auto settings = app::readSettings(arguments, environment, commandLine);
        line.help = commandLine.help;
        line.version = commandLine.version;
        if (line.help || line.version)
            return line;
        MM_TRY(line.settings, std::move(settings));
        return line;
    }
    MM_TRY(const Flags flags, readFlags(arguments));
    const auto text = [&](const char* name) { return QString::fromStdString(flags.at(name)); };
    KnownEngine engine;
    MM_TRY(engine.address, engineAddress(text("--connect")));
    engine.name = engine.address;
    engine.ca = text("--tls-ca");
    engine.certificate = text("--tls-certificate");
    engine.certificateKey = text("--tls-key");
    if (engine.certificate.isEmpty() != engine.certificateKey.isEmpty())
        return usage("--tls-certificate and --tls-key belong together, and only one of them is given.");
    if (engine.ca.isEmpty() && !engine.certificate.isEmpty())
        return usage("--tls-certificate is of no use without --tls-ca, which says whom to believe; \"system\" takes "
                     "those that the system believes.");
    MM_TRY(line.key, readKey(flags.at("--key-file"), environment));
    line.elsewhere = std::move(engine);
    return line;
}

std::string consoleHelp() {
    std::string text =
        "Usage: modelmora-console [--SETTING VALUE]...\n"
        "       modelmora-console --connect HOST:PORT [--key-file FILE] [--tls-ca FILE|system]\n"
        "                         [--tls-certificate FILE --tls-key FILE]\n\n"
        "Shows what an engine does, and does what it is told. Without --connect it runs an engine of its "
        "own, with\nthe settings of modelmora-engine, unless one runs on the same data folder already: "
        "then it offers that one.\nThe key for --connect can also be in the variable MODELMORA_KEY.\n\n";
    const std::string settings = app::settingsHelp();
    return text + settings.substr(settings.find("Settings:"));
}

} // namespace mm::gui
