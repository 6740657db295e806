// What the workers of a model wrote, found in lines of the engine's log. Pure.
#pragma once

#include <QStringList>

#include <string>
#include <vector>

namespace mm::gui::models {

// "10:51:03.120  4711  the worker's own words", oldest first; both forms of the log are read.
QStringList workerLines(const std::vector<std::string>& log, const std::string& modelId);
// What stands in `now` behind the last line of `before` that it still holds; all of it where it holds none.
QStringList newOf(const QStringList& before, const QStringList& now);

} // namespace mm::gui::models
