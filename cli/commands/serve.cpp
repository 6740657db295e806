// serve: becomes the engine, which stands beside this program or in PATH.
#include "cli/client/local_access.h"
#include "cli/commands/commands.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace mm::cli {
namespace {

class Serve final : public Command {
public:
    Serve() {
        m_declaration = {
            .name = "serve",
            .summary = "Run an engine here, until it is stopped.",
            .positionals = {{"ARGUMENT",
                             "passed to modelmora-engine as it is; `modelmora serve --help` shows its flags",
                             &m_arguments, false}},
            .examples = {"modelmora serve", "modelmora serve --rest 127.0.0.1:8000 --grpc 127.0.0.1:50051"},
            .passThrough = true,
        };
    }

    Result<ExitCode> run(Context&) override {
        MM_TRY(std::string engine, findEngine());
        std::vector<char*> arguments{engine.data()};
        for (std::string& argument : m_arguments)
            arguments.push_back(argument.data());
        arguments.push_back(nullptr);
        ::signal(SIGPIPE, SIG_DFL); // the engine decides for itself
        ::execv(engine.c_str(), arguments.data());
        const int fault = errno;
        return Error{ErrorCode::ProcessSpawnFailed,
                     engine + " could not be started: " + std::generic_category().message(fault) + "."};
    }

private:
    std::vector<std::string> m_arguments;
};

} // namespace

std::unique_ptr<Command> makeServe() {
    return std::make_unique<Serve>();
}

} // namespace mm::cli
