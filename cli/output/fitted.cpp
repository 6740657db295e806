#include "cli/output/fitted.h"

#include "cli/output/text.h"

#include <algorithm>
#include <sstream>

namespace mm::cli {
namespace {

// Where the text of "name   text" or "   text" begins.
std::size_t beginOfText(const std::string& line) {
    const std::size_t name = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t gap = line.find("  ", name);
    return gap == std::string::npos ? name : std::min(line.find_first_not_of(' ', gap), line.size());
}

} // namespace

std::string fitted(const std::string& text, std::size_t width) {
    if (width == 0)
        return text;
    std::istringstream lines(text);
    std::string made;
    std::string line;
    while (std::getline(lines, line)) {
        if (displayWidth(line) <= width || line.find('\033') != std::string::npos) {
            made += line + "\n";
            continue;
        }
        std::size_t begin = beginOfText(line);
        if (displayWidth(line.substr(0, begin)) * 2 > width)
            begin = 0; // nothing fits beside such a name
        const std::string indent(displayWidth(line.substr(0, begin)), ' ');
        bool isFirst = true;
        for (const std::string& part : wrapped(line.substr(begin), width - indent.size())) {
            made += (isFirst ? line.substr(0, begin) : indent) + part + "\n";
            isFirst = false;
        }
    }
    return made;
}

} // namespace mm::cli
