#include "cli/output/screen.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

namespace mm::cli {
namespace {

constexpr const char* kEnter = "\033[?1049h\033[?25l\033[H\033[2J";
constexpr const char* kLeave = "\033[?25h\033[?1049l";
constexpr char kSuspendKey = 0x1a;
constexpr char kInterruptKey = 0x03;

void write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return; // the terminal has gone; the next wait() sees that
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

sigset_t watchedSignals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH})
        ::sigaddset(&set, signal);
    return set;
}

} // namespace

struct Screen::Parts {
    termios before{};
    bool isOpen = true;
    int signals = -1;
    int wakeUps = -1;

    void enter() const {
        termios raw = before;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
        write(kEnter);
    }
    void leave() const {
        write(kLeave);
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
    }
};

void Screen::claimSignals() {
    const sigset_t watched = watchedSignals();
    (void)::pthread_sigmask(SIG_BLOCK, &watched, nullptr);
}

Result<std::unique_ptr<Screen>> Screen::open() {
    auto parts = std::make_unique<Parts>();
    const sigset_t watched = watchedSignals();
    if (::tcgetattr(STDIN_FILENO, &parts->before) != 0 ||
        (parts->signals = ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK)) < 0 ||
        (parts->wakeUps = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
        return Error{ErrorCode::InternalError,
                     "The terminal cannot be used as a screen: " + std::generic_category().message(errno) + "."};
    parts->enter();
    return std::unique_ptr<Screen>(new Screen(std::move(parts)));
}

Screen::Screen(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}

Screen::~Screen() {
    close();
    ::close(m_parts->signals);
    ::close(m_parts->wakeUps);
}

void Screen::close() {
    if (std::exchange(m_parts->isOpen, false))
        m_parts->leave();
}

Screen::Size Screen::size() {
    winsize told{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &told) != 0 || told.ws_col == 0 || told.ws_row == 0)
        return {};
    return {told.ws_col, told.ws_row};
}

void Screen::show(const std::vector<std::string>& lines) {
    std::string page = "\033[H";
    for (std::size_t i = 0; i < lines.size(); ++i)
        page += lines[i] + "\033[K" + (i + 1 < lines.size() ? "\r\n" : "");
    write(page + "\033[J");
}

void Screen::wake() {
    const std::uint64_t one = 1;
    (void)!::write(m_parts->wakeUps, &one, sizeof one);
}

void Screen::suspend() {
    m_parts->leave();
    ::kill(::getpid(), SIGSTOP); // goes on here
    m_parts->enter();
}

Screen::Happening Screen::wait(int milliseconds) {
    std::array<pollfd, 3> watched{
        {{STDIN_FILENO, POLLIN, 0}, {m_parts->signals, POLLIN, 0}, {m_parts->wakeUps, POLLIN, 0}}};
    const int ready = ::poll(watched.data(), watched.size(), milliseconds);
    if (ready == 0 || (ready < 0 && errno == EINTR))
        return {};
    if (watched[1].revents != 0) {
        signalfd_siginfo told{};
        if (::read(m_parts->signals, &told, sizeof told) != sizeof told)
            return {};
        const int signal = static_cast<int>(told.ssi_signo);
        if (signal == SIGTSTP)
            suspend();
        if (signal == SIGTSTP || signal == SIGCONT || signal == SIGWINCH)
            return {Event::Resized};
        return {Event::End, 0, signal};
    }
    if (watched[0].revents != 0) {
        char key = 0;
        if (::read(STDIN_FILENO, &key, 1) != 1)
            return {Event::End};
        if (key == kInterruptKey)
            return {Event::End, 0, SIGINT};
        if (key == kSuspendKey) {
            suspend();
            return {Event::Resized};
        }
        return {Event::Key, key};
    }
    std::uint64_t count = 0;
    (void)!::read(m_parts->wakeUps, &count, sizeof count);
    return {Event::Woken};
}

} // namespace mm::cli
