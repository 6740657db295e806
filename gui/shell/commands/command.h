// What the palette can do: a line of text and what happens when it is chosen; and which lines a search finds. Pure.
#pragma once

#include <QString>

#include <functional>
#include <vector>

namespace mm::gui {

struct Command {
    QString title;
    QString hint = {}; // what kind it is, or its keys
    QString icon = {}; // of resources/icons
    std::function<void()> run = {};
};

// How well it fits, the less the better; negative: not at all. Every word of the search must be in the title or the
// hint; what begins with it comes first.
[[nodiscard]] int fit(const Command& command, const QString& search);

// Those that fit, the best first, at most `limit`.
[[nodiscard]] std::vector<Command> matching(const std::vector<Command>& commands, const QString& search,
                                            std::size_t limit);

} // namespace mm::gui
