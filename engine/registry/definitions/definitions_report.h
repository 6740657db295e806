// What loading a folder of definitions has brought. Plain values.
#pragma once

#include "engine/base/error.h"

#include <string>
#include <vector>

namespace mm::registry {

struct DefinitionProblem {
    std::string file;
    int line = 0; // 0 where no single line is to blame
    Error error;  // its message names file and line
};

struct DefinitionsReport {
    using Problem = DefinitionProblem;

    int registered = 0;
    int updated = 0;
    int unchanged = 0;
    std::vector<Problem> problems = {};
};

} // namespace mm::registry
