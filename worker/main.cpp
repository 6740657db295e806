// modelmora-worker: one loaded model, started by the engine with one end of a socket pair and ended with it.
#include "engine/base/log.h"
#include "worker/session/exit_codes.h"
#include "worker/session/session.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace {

constexpr const char* kUsage =
    "modelmora-worker is started by modelmora-engine: modelmora-worker [--turns FD] --socket FD\n";

struct Descriptors {
    int socket = -1;
    int turns = -1; // of the devices' turns; without, the worker computes whenever it has something to
};

bool read(std::string_view text, int& fd) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), fd);
    return problem == std::errc() && end == text.data() + text.size() && fd >= 0 && fcntl(fd, F_GETFD) >= 0;
}

std::optional<Descriptors> descriptorsFrom(int count, char** arguments) {
    Descriptors given;
    for (int i = 1; i < count; i += 2) {
        const std::string_view name = arguments[i];
        int* target = name == "--socket" ? &given.socket : name == "--turns" ? &given.turns : nullptr;
        if (target == nullptr || i + 1 == count || !read(arguments[i + 1], *target))
            return std::nullopt;
    }
    return given.socket >= 0 ? std::optional(given) : std::nullopt;
}

// Without turns where they cannot be had: that costs speed, not the work.
std::optional<mm::ipc::DeviceTurns> openTurns(int fd) {
    if (fd < 0)
        return std::nullopt;
    mm::Result<mm::ipc::DeviceTurns> turns = mm::ipc::DeviceTurns::open(fd);
    close(fd);
    if (turns)
        return std::move(turns).value();
    mm::log::write(mm::log::Level::Warning, "computing without turns", turns.error());
    return std::nullopt;
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
    const std::optional<Descriptors> descriptors = descriptorsFrom(count, arguments);
    if (!descriptors) {
        std::fputs(kUsage, stderr);
        return mm::worker::kExitUsage;
    }
    tuneAllocator();
    std::signal(SIGPIPE, SIG_IGN);
    mm::worker::TaskRegistry tasks;
    mm::worker::registerAllTasks(tasks);
    mm::worker::Session session(descriptors->socket, tasks, openTurns(descriptors->turns));
    // At once: waiting for a step that nobody wants the result of would keep the model's memory for seconds.
    std::_Exit(session.run());
}
