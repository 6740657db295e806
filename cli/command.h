// What a command is: a declaration (name, arguments, flags, examples), from which parsing, help and shell completion
// are made, and a function that runs it. One object per command, made for one run of the program; one thread.
#pragma once

#include "cli/client/engine_client.h"
#include "cli/output/exit_code.h"
#include "cli/output/terminal.h"
#include "engine/base/result.h"

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace mm::cli {

// Where a value goes; the target lives in the command.
using Target = std::variant<bool*, int*, std::string*, std::vector<std::string>*>;

struct Flag {
    std::string name;    // "--task", or "--quiet,-q"
    std::string value;   // what the value is called in the help; empty for a switch
    std::string help;    // a sentence
    std::string example; // such as "--task txt2embed"
    Target target;       // a vector makes the flag repeatable
    std::vector<std::string> choices = {};
};

struct Positional {
    std::string name; // "MODEL"
    std::string help;
    Target target; // a vector takes all that is left
    bool required = true;
};

struct Declaration {
    std::string name; // "load", or "versions promote"
    std::string summary;
    std::vector<Positional> positionals = {};
    std::vector<Flag> flags = {};
    std::vector<std::string> examples = {}; // whole command lines
    std::string details = {};
    bool passThrough = false; // takes every argument as it is, into its only positional
};

struct GlobalOptions {
    std::string engine = "127.0.0.1:50051";
    std::string url; // another way to say it
    std::string keyFile;
    std::string key; // of that file or MODELMORA_KEY; never shown
    int timeoutSeconds = 0;
    TlsOptions tls = {};
    TlsTexts tlsTexts = {}; // what those files hold
    bool json = false;
    bool quiet = false;
    bool noColour = false;
};

class Command;
using CommandList = std::vector<std::unique_ptr<Command>>;

// What a command works with. The client connects when it is first used.
struct Context {
    const GlobalOptions& options;
    Terminal& terminal;
    const CommandList& commands;
    std::FILE* input;

    EngineClient& engine();
    [[nodiscard]] EngineClient::Options engineOptions() const;
    // The message as JSON where --json asks for it; otherwise what `describe` makes of it.
    void show(const google::protobuf::Message& message, const std::function<std::string()>& describe) const;

    std::unique_ptr<EngineClient> client = {};
};

class Command {
public:
    Command() = default;
    virtual ~Command() = default;
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    [[nodiscard]] const Declaration& declaration() const { return m_declaration; }
    virtual Result<ExitCode> run(Context& context) = 0;

protected:
    Declaration m_declaration;
};

} // namespace mm::cli
