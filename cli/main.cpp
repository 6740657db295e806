// modelmora: the command line.
#include "cli/program.h"

#include <csignal>

int main(int argc, char** argv) {
    // A reader that leaves (`modelmora list | head -1`) shows as a failed write, which ends the output quietly.
    (void)std::signal(SIGPIPE, SIG_IGN);
    const int first = argc > 0 ? 1 : 0;
    return mm::cli::runProgram({argv + first, argv + argc}, stdin, stdout, stderr);
}
