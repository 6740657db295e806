#include "gui/shell/commands/command.h"

#include <QStringList>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr int kNotAtStart = 10;
constexpr int kInWord = 20;
constexpr int kInHint = 40;

int fitOfWord(const Command& command, const QString& word) {
    const auto at = command.title.indexOf(word, 0, Qt::CaseInsensitive);
    if (at == 0)
        return 0;
    if (at > 0)
        return command.title.at(at - 1).isLetterOrNumber() ? kInWord : kNotAtStart;
    return command.hint.contains(word, Qt::CaseInsensitive) ? kInHint : -1;
}

} // namespace

int fit(const Command& command, const QString& search) {
    int sum = 0;
    for (const QString& word : search.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const int one = fitOfWord(command, word);
        if (one < 0)
            return -1;
        sum += one;
    }
    return sum;
}

std::vector<Command> matching(const std::vector<Command>& commands, const QString& search, std::size_t limit) {
    std::vector<std::pair<int, const Command*>> found;
    for (const Command& command : commands)
        if (const int how = fit(command, search); how >= 0)
            found.emplace_back(how, &command);
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    found.resize(std::min(found.size(), limit));
    std::vector<Command> commandsFound;
    for (const auto& each : found)
        commandsFound.push_back(*each.second);
    return commandsFound;
}

} // namespace mm::gui
