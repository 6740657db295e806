#include "cli/output/terminal.h"

#include "cli/output/text.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace mm::cli {
namespace {

const char* sequence(Colour colour) {
    switch (colour) {
    case Colour::Red:
        return "\033[31m";
    case Colour::Green:
        return "\033[32m";
    case Colour::Yellow:
        return "\033[33m";
    case Colour::Dim:
        return "\033[2m";
    case Colour::Bold:
        return "\033[1m";
    }
    return "";
}

std::string painted(bool allowed, Colour colour, std::string_view text) {
    return allowed ? sequence(colour) + std::string(text) + "\033[0m" : std::string(text);
}

std::size_t columnsOf(std::FILE* file) {
    winsize size{};
    if (::ioctl(::fileno(file), TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

bool isTerminal(std::FILE* file) {
    const int descriptor = ::fileno(file);
    return descriptor >= 0 && ::isatty(descriptor) == 1;
}

} // namespace

Terminal::Terminal(std::FILE* out, std::FILE* err)
    : m_out(out), m_err(err), m_outIsTerminal(isTerminal(out)), m_errIsTerminal(isTerminal(err)) {}

std::size_t Terminal::width() const {
    return m_outIsTerminal ? columnsOf(m_out) : 0;
}

bool Terminal::isScreen() const {
    const char* kind = std::getenv("TERM");
    const bool isCapable = kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
    return m_outIsTerminal && isCapable && ::fileno(m_out) == STDOUT_FILENO && ::isatty(STDIN_FILENO) == 1;
}

void Terminal::remember(int fault) {
    if (fault == EPIPE)
        m_readerGone = true;
    else if (m_fault == 0)
        m_fault = fault == 0 ? EIO : fault;
}

void Terminal::print(std::string_view text) {
    if (m_readerGone || m_fault != 0)
        return;
    endLive();
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), m_out) != text.size())
        remember(errno);
}

void Terminal::note(std::string_view text) {
    if (!m_quiet)
        complain(text);
}

void Terminal::complain(std::string_view text) {
    endLive();
    // Nobody is left to tell when this stream fails.
    (void)std::fwrite(text.data(), 1, text.size(), m_err);
    (void)std::fflush(m_err);
}

void Terminal::live(std::string_view line) {
    if (!m_errIsTerminal || m_quiet)
        return;
    m_live = true;
    const std::size_t columns = columnsOf(m_err);
    const std::string text = "\r\033[K" + (columns > 1 ? clipped(line, columns - 1) : std::string(line));
    (void)std::fwrite(text.data(), 1, text.size(), m_err);
    (void)std::fflush(m_err);
}

void Terminal::endLive() {
    if (!std::exchange(m_live, false))
        return;
    (void)std::fputs("\r\033[K", m_err);
    (void)std::fflush(m_err);
}

std::string Terminal::paint(Colour colour, std::string_view text) const {
    return painted(m_colourAllowed && m_outIsTerminal, colour, text);
}

std::string Terminal::paintError(Colour colour, std::string_view text) const {
    return painted(m_colourAllowed && m_errIsTerminal, colour, text);
}

Result<void> Terminal::finish() {
    endLive();
    return flush();
}

Result<void> Terminal::flush() {
    errno = 0;
    if (!m_readerGone && m_fault == 0 && std::fflush(m_out) != 0)
        remember(errno);
    if (m_fault == 0)
        return {};
    return Error{ErrorCode::StorageFailed,
                 "The output could not be written: " + std::generic_category().message(m_fault) + "."};
}

} // namespace mm::cli
