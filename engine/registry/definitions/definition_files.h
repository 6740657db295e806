// A folder of model definitions: every *.yaml and *.yml in it, in the order of their names, each with one model or a
// list under "models:". The fields are those of RegisterModelRequest, plus "path" (a local folder, relative to the
// file) and "current: true". What is wrong is reported with file and line and stops nothing else. Blocks on the disk;
// any thread.
#pragma once

#include "engine/registry/definitions/definitions_report.h"
#include "engine/registry/definitions/variables.h"
#include "modelmora/v1/registry.pb.h"

#include <filesystem>
#include <string>
#include <vector>

namespace mm::registry {

struct Definition {
    std::string file;
    int line = 0;
    modelmora::v1::RegisterModelRequest request;
    bool current = false;
};

// Ties an error to its place.
DefinitionProblem problemAt(const std::string& file, int line, Error error);

struct Definitions {
    std::vector<Definition> models;
    std::vector<DefinitionProblem> problems;
};
// Fails with InvalidConfiguration where the folder cannot be read.
Result<Definitions> readDefinitions(const std::filesystem::path& folder, const Variables& variables);

} // namespace mm::registry
