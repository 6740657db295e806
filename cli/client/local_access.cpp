#include "cli/client/local_access.h"

#include "engine/ipc/facts.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

namespace mm::cli {
namespace {

constexpr const char* kEngine = "modelmora-engine";

bool isProgram(const std::filesystem::path& path) {
    std::error_code fault;
    return std::filesystem::is_regular_file(path, fault) && ::access(path.c_str(), X_OK) == 0;
}

Error notStarted(const std::string& why) {
    return {ErrorCode::ProcessSpawnFailed, std::string(kEngine) + " could not be asked: " + why + "."};
}

// One end of a pipe; closed at the end.
struct Pipe {
    std::array<int, 2> ends{-1, -1};
    bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
    void close(std::size_t end) {
        if (ends.at(end) >= 0)
            ::close(std::exchange(ends.at(end), -1));
    }
    ~Pipe() {
        close(0);
        close(1);
    }
};

[[noreturn]] void becomeEngine(std::vector<std::string>& arguments, const Pipe& in, const Pipe& out) {
    ::dup2(in.ends[0], STDIN_FILENO);
    ::dup2(out.ends[1], STDOUT_FILENO);
    std::vector<char*> words;
    for (std::string& argument : arguments)
        words.push_back(argument.data());
    words.push_back(nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    ::execv(words.front(), words.data());
    ::_exit(127);
}

bool writeAll(int end, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(end, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::string readAll(int end) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = ::read(end, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return text;
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

Result<std::string> answerOf(const std::string& text, int status) {
    if (text.starts_with('V'))
        return text.substr(1);
    modelmora::v1::Error error;
    if (text.starts_with('E') && error.ParseFromString(text.substr(1))) {
        Error made{errorCodeFromName(error.code()), error.message(), ipc::fromStruct(error.facts())};
        for (const auto& field : error.validation_errors())
            made.fieldErrors.push_back({field.field(), field.message()});
        return made;
    }
    return notStarted("it ended with status " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -1) +
                      "; what it wrote above says why");
}

} // namespace

Result<std::string> findEngine() {
    std::error_code fault;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", fault);
    if (!fault && isProgram(self.parent_path() / kEngine))
        return (self.parent_path() / kEngine).string();
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');)
        if (!folder.empty() && isProgram(std::filesystem::path(folder) / kEngine))
            return (std::filesystem::path(folder) / kEngine).string();
    return Error{ErrorCode::ProcessSpawnFailed,
                 std::string(kEngine) + " is neither beside this program nor in PATH. Build or install it first.",
                 {{"looked_in", self.parent_path().string()}}};
}

Result<std::string> askLocally(const std::string& method, const std::string& request, const std::string& dataDir) {
    MM_TRY(std::string engine, findEngine());
    std::vector<std::string> arguments{std::move(engine), "--local-access", method};
    if (!dataDir.empty())
        arguments.insert(arguments.end(), {"--data-dir", dataDir});
    Pipe in;
    Pipe out;
    if (!in.open() || !out.open())
        return notStarted(std::generic_category().message(errno));
    const pid_t child = ::fork();
    if (child < 0)
        return notStarted(std::generic_category().message(errno));
    if (child == 0)
        becomeEngine(arguments, in, out);
    in.close(0);
    out.close(1);
    (void)writeAll(in.ends[1], request); // where it does not read, its answer says why
    in.close(1);
    const std::string text = readAll(out.ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return answerOf(text, status);
}

} // namespace mm::cli
