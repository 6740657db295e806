#include "engine/registry/definitions/definition_files.h"

#include "engine/base/near_match.h"
#include "engine/ipc/names.h"
#include "engine/registry/definitions/yaml_documents.h"
#include "engine/registry/definitions/yaml_reader.h"
#include "engine/registry/files/file_url.h"
#include "engine/registry/rules/version_rules.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

namespace mm::registry {
namespace {

namespace fs = std::filesystem;
namespace v1 = modelmora::v1;

constexpr std::uintmax_t kLargestFile = 1 << 20;
constexpr std::size_t kMostFiles = 1000;
const std::vector<std::string> kFields{
    "model_id", "version", "task_type", "display_name", "description", "source_url", "resource_requirements",
    "config",   "tags",    "checksum",  "path",         "current"};

Error unreadable(const std::string& what, const std::string& why) {
    return {ErrorCode::InvalidConfiguration, what + " cannot be read: " + why};
}

// One file on its way to definitions.
class FileReader {
public:
    FileReader(const fs::path& file, const Variables& variables, Definitions& out)
        : m_file(file), m_reader(variables), m_out(out) {}

    void read();

private:
    Result<std::string> contents();
    Result<void> readModel(const YAML::Node& node, Definition& definition);
    Result<void> readField(const std::string& key, const YAML::Node& node, Definition& definition);
    Result<void> readTask(const YAML::Node& node, v1::RegisterModelRequest& request);
    Result<void> readResources(const YAML::Node& node, v1::ResourceRequirements& resources);
    Result<void> readPath(const YAML::Node& node, v1::RegisterModelRequest& request);
    void readDocument(const YAML::Node& document);
    void report(int line, Error error) { m_out.problems.push_back(problemAt(m_file.string(), line, std::move(error))); }

    fs::path m_file;
    YamlReader m_reader;
    Definitions& m_out;
};

Result<std::string> FileReader::contents() {
    std::error_code failed;
    if (!fs::is_regular_file(m_file, failed))
        return unreadable("it", failed ? failed.message() : "it is not a file");
    if (const auto bytes = fs::file_size(m_file, failed); failed || bytes > kLargestFile)
        return unreadable("it", "it is larger than 1 MiB");
    std::ifstream stream(m_file, std::ios::binary);
    if (!stream)
        return unreadable("it", "permission denied?");
    return std::string((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
}

void FileReader::read() {
    auto text = contents();
    if (!text.ok())
        return report(0, std::move(text).error());
    try {
        for (const YAML::Node& document : readDocuments(*text))
            readDocument(document);
    } catch (const YAML::Exception& error) {
        report(error.mark.line >= 0 ? error.mark.line + 1 : 0,
               {ErrorCode::InvalidConfiguration, "not valid YAML: " + error.msg});
    }
}

void FileReader::readDocument(const YAML::Node& document) {
    if (!document.IsDefined() || document.IsNull())
        return;
    const bool listed = document.IsMap() && document["models"].IsDefined();
    if (listed && (document.size() != 1 || !document["models"].IsSequence()))
        return report(document.Mark().line + 1,
                      invalidField("models", "must be a list, and the only key beside which there is no other"));
    const YAML::Node models = listed ? document["models"] : document;
    const std::size_t count = models.IsSequence() ? models.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
        const YAML::Node node = models.IsSequence() ? models[i] : models;
        Definition definition{m_file.string(), node.Mark().line + 1, {}, false};
        if (auto done = readModel(node, definition); done.ok())
            m_out.models.push_back(std::move(definition));
        else
            report(m_reader.lastLine(), std::move(done).error());
    }
}

Result<void> FileReader::readModel(const YAML::Node& node, Definition& definition) {
    MM_TRY(const auto fields, m_reader.mapping(node, "model"));
    if (!fields.contains("model_id"))
        return invalidField("model_id", "is missing");
    if (fields.contains("path") && fields.contains("source_url"))
        return invalidField("path", "and source_url are both given; give one");
    for (const auto& [key, value] : fields) {
        m_reader.moveTo(value);
        MM_CHECK(readField(key, value, definition));
    }
    return {};
}

Result<void> FileReader::readField(const std::string& key, const YAML::Node& node, Definition& definition) {
    v1::RegisterModelRequest& request = definition.request;
    const std::map<std::string, std::string* (v1::RegisterModelRequest::*)()> texts{
        {"model_id", &v1::RegisterModelRequest::mutable_model_id},
        {"version", &v1::RegisterModelRequest::mutable_version},
        {"display_name", &v1::RegisterModelRequest::mutable_display_name},
        {"description", &v1::RegisterModelRequest::mutable_description},
        {"source_url", &v1::RegisterModelRequest::mutable_source_url},
        {"checksum", &v1::RegisterModelRequest::mutable_checksum},
    };
    if (const auto text = texts.find(key); text != texts.end()) {
        MM_TRY(*(request.*(text->second))(), m_reader.text(node, key));
    } else if (key == "task_type") {
        return readTask(node, request);
    } else if (key == "resource_requirements") {
        return readResources(node, *request.mutable_resource_requirements());
    } else if (key == "config") {
        MM_TRY(*request.mutable_config(), m_reader.structure(node, key));
    } else if (key == "tags") {
        MM_TRY(const auto tags, m_reader.texts(node, key));
        request.mutable_tags()->Assign(tags.begin(), tags.end());
    } else if (key == "path") {
        return readPath(node, request);
    } else if (key == "current") {
        MM_TRY(definition.current, m_reader.boolean(node, key));
    } else {
        return invalidField(key, "is not a field of a definition." + didYouMean(key, kFields));
    }
    return {};
}

Result<void> FileReader::readTask(const YAML::Node& node, v1::RegisterModelRequest& request) {
    MM_TRY(const std::string name, m_reader.text(node, "task_type"));
    const auto task = taskFromName(name);
    if (!task)
        return invalidField("task_type", "'" + name.substr(0, 40) + "' is not a task; one of " + allTaskNames());
    request.set_task_type(*task);
    return {};
}

Result<void> FileReader::readResources(const YAML::Node& node, v1::ResourceRequirements& resources) {
    const std::string prefix = "resource_requirements";
    MM_TRY(const auto members, m_reader.mapping(node, prefix));
    for (const auto& [key, value] : members) {
        std::string field = prefix;
        field.append(".").append(key);
        if (key != "memory_mb" && key != "gpu_vram_mb" && key != "cpu_threads")
            return invalidField(field, "is not one of memory_mb, gpu_vram_mb, cpu_threads");
        MM_TRY(const std::int32_t number, m_reader.positive(value, field, key == "gpu_vram_mb" ? 0 : 1));
        if (key == "memory_mb")
            resources.set_memory_mb(number);
        else if (key == "gpu_vram_mb")
            resources.set_gpu_vram_mb(number);
        else
            resources.set_cpu_threads(number);
    }
    return {};
}

Result<void> FileReader::readPath(const YAML::Node& node, v1::RegisterModelRequest& request) {
    MM_TRY(const std::string path, m_reader.text(node, "path"));
    if (path.empty() || path.find('\0') != std::string::npos)
        return invalidField("path", "must name a folder");
    fs::path folder = (m_file.parent_path() / path).lexically_normal();
    if (!folder.has_filename())
        folder = folder.parent_path();
    request.set_source_url(urlOfFolder(folder));
    return {};
}

// One model defined twice is a mistake in one of the two places: neither is guessed to be right but the first.
void dropRepeats(Definitions& definitions) {
    std::map<std::string, const Definition*> seen;
    std::vector<Definition> kept;
    kept.reserve(definitions.models.size());
    for (Definition& definition : definitions.models) {
        const std::string key =
            definition.request.model_id() + "@" +
            (definition.request.version().empty() ? std::string(kDefaultVersion) : definition.request.version());
        if (const auto first = seen.find(key); first != seen.end()) {
            definitions.problems.push_back(problemAt(
                definition.file, definition.line,
                invalidField("model_id", definition.request.model_id() + " is already defined in " +
                                             first->second->file + " line " + std::to_string(first->second->line))));
            continue;
        }
        kept.push_back(std::move(definition));
        seen.emplace(key, &kept.back());
    }
    definitions.models = std::move(kept);
}

} // namespace

DefinitionProblem problemAt(const std::string& file, int line, Error error) {
    error.message = file + (line > 0 ? " line " + std::to_string(line) : std::string()) + ": " + error.message;
    error.facts["file"] = file;
    if (line > 0)
        error.facts["line"] = std::int64_t{line};
    return {file, line, std::move(error)};
}

Result<Definitions> readDefinitions(const fs::path& given, const Variables& variables) {
    std::error_code failed;
    const fs::path folder = fs::absolute(given, failed);
    std::vector<fs::path> files;
    auto walk = fs::directory_iterator(folder, failed);
    for (; !failed && walk != fs::directory_iterator(); walk.increment(failed)) {
        const fs::path& path = walk->path();
        const bool yaml = path.extension() == ".yaml" || path.extension() == ".yml";
        if (yaml && !path.filename().string().starts_with('.'))
            files.push_back(path);
    }
    if (failed)
        return unreadable("The folder of definitions " + given.string(), failed.message());
    if (files.size() > kMostFiles)
        return unreadable("The folder of definitions " + given.string(),
                          "it holds more than " + std::to_string(kMostFiles) + " files");
    std::sort(files.begin(), files.end());
    Definitions definitions;
    for (const fs::path& file : files)
        FileReader(file, variables, definitions).read();
    dropRepeats(definitions);
    return definitions;
}

} // namespace mm::registry
