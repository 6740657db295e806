// Where the program writes: results to one stream, everything else to the other. One thread.
// A reader that has gone (a closed pipe) ends the output quietly; any other failed write is kept as an error. Colour
// and live lines only where a terminal is.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace mm::cli {

enum class Colour { Red, Green, Yellow, Dim, Bold };

class Terminal {
public:
    Terminal(std::FILE* out, std::FILE* err);

    void setColour(bool allowed) { m_colourAllowed = allowed; }
    void setQuiet(bool quiet) { m_quiet = quiet; }

    // A result, on the output stream.
    void print(std::string_view text);
    // A word beside it, on the error stream; not when quiet.
    void note(std::string_view text);
    // On the error stream, quiet or not.
    void complain(std::string_view text);
    // A line that replaces the one before it, where the error stream is a terminal; nothing elsewhere.
    // Cut to its width, so that it stays one line.
    void live(std::string_view line);
    void endLive();

    // Columns of the terminal that results go to; 0 where they go elsewhere.
    [[nodiscard]] std::size_t width() const;
    // Whether it can be a screen: keys come from it too, and it understands more than lines.
    [[nodiscard]] bool isScreen() const;
    [[nodiscard]] bool outIsTerminal() const { return m_outIsTerminal; }
    [[nodiscard]] bool errIsTerminal() const { return m_errIsTerminal; }
    [[nodiscard]] bool readerGone() const { return m_readerGone; }
    [[nodiscard]] bool quiet() const { return m_quiet; }
    // The text in colour, for the output or the error stream.
    [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;
    [[nodiscard]] std::string paintError(Colour colour, std::string_view text) const;

    // Writes out what is buffered so far, for output that goes on.
    Result<void> flush();
    // The same at the end; says whether all of the output has been written.
    Result<void> finish();

private:
    void remember(int fault);

    std::FILE* m_out;
    std::FILE* m_err;
    bool m_outIsTerminal;
    bool m_errIsTerminal;
    bool m_colourAllowed = true;
    bool m_quiet = false;
    bool m_live = false;
    bool m_readerGone = false;
    int m_fault = 0;
};

} // namespace mm::cli
