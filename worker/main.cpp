// modelmora-worker: one loaded model, started by the engine with one end of a socket pair and ended with it.
#include "engine/base/log.h"
#include "worker/session/exit_codes.h"
#include "worker/session/session.h"

#include <fcntl.h>
#include <malloc.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace {

constexpr const char* kUsage = "modelmora-worker is started by modelmora-engine: modelmora-worker --socket FD\n";

std::optional<int> socketFrom(int count, char** arguments) {
    if (count != 3 || std::string_view(arguments[1]) != "--socket")
        return std::nullopt;
    const std::string_view text = arguments[2];
    int fd = -1;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), fd);
    const bool open = problem == std::errc() && end == text.data() + text.size() && fd >= 0 && fcntl(fd, F_GETFD) >= 0;
    return open ? std::optional(fd) : std::nullopt;
}

// Tensors come and go by the megabyte. By default glibc maps and unmaps each of them, and the page faults cost more
// than a small model's arithmetic; one arena that keeps its pages does not. The session gives them back when it is
// idle.
void tuneAllocator() {
    constexpr int kNever = 1 << 30;
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, kNever);
    mallopt(M_TRIM_THRESHOLD, kNever);
    mallopt(M_TOP_PAD, 16 << 20);
}

} // namespace

int main(int count, char** arguments) {
    const std::optional<int> socket = socketFrom(count, arguments);
    if (!socket) {
        std::fputs(kUsage, stderr);
        return mm::worker::kExitUsage;
    }
    tuneAllocator();
    std::signal(SIGPIPE, SIG_IGN);
    mm::worker::TaskRegistry tasks;
    mm::worker::registerAllTasks(tasks);
    mm::worker::Session session(*socket, tasks);
    // At once: waiting for a step that nobody wants the result of would keep the model's memory for seconds.
    std::_Exit(session.run());
}
