// Settings and definitions of models, the same bytes as a file of each: whatever they hold is taken, or refused with a
// reason, and what is wrong with a definition is tied to its file.
#include "engine/app/settings.h"
#include "engine/registry/definitions/definition_files.h"

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

// A folder of this process's own with the one file in it.
const std::filesystem::path& folder() {
    static const std::filesystem::path made = [] {
        const auto path =
            std::filesystem::temp_directory_path() / ("mm_fuzz_configuration_" + std::to_string(getpid()));
        std::filesystem::create_directories(path);
        std::atexit([] { std::filesystem::remove_all(folder()); });
        return path;
    }();
    return made;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::filesystem::path file = folder() / "model.yaml";
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    mm::app::CommandLine commandLine;
    const auto settings = mm::app::readSettings({"--config", file.string()}, {}, commandLine);
    if (!settings.ok() && settings.error().message.empty())
        std::abort();
    const mm::registry::Variables variables = [](const std::string&) { return std::string("value"); };
    const auto definitions = mm::registry::readDefinitions(folder(), variables);
    if (!definitions.ok())
        std::abort(); // the folder is there
    for (const auto& problem : definitions->problems)
        if (problem.file.empty() || problem.error.message.empty())
            std::abort();
    return 0;
}
