// register and delete: models into the registry and out of it.
#include "cli/commands/commands.h"
#include "cli/input/key_values.h"
#include "cli/input/model_folder.h"
#include "cli/output/text.h"
#include "engine/ipc/names.h"

#include <algorithm>
#include <system_error>

namespace mm::cli {
namespace {

using Registry = v1::RegistryService::StubInterface;
namespace fs = std::filesystem;

// A path is what exists, or what cannot be an id.
bool isPath(const std::string& text) {
    std::error_code fault;
    return fs::exists(text, fault) || text.starts_with("/") || text.starts_with(".") || text.starts_with("~") ||
           std::count(text.begin(), text.end(), '/') != 1;
}

class Register final : public Command {
public:
    Register() {
        m_declaration = {
            .name = "register",
            .summary = "Register a model, from a folder with its files.",
            .positionals = {{"SOURCE", "a folder with the model's files, or the id of a model", &m_source}},
            .flags = {{"--id", "ORG/REPO", "The model's id; made from the folder's name where it is not given.",
                       "--id org/repo", &m_id},
                      {"--task", "TASK", "What the model does; found out from its files where they say it.",
                       "--task txt2embed", &m_task},
                      {"--version", "VERSION", "The version to register it as.", "--version 1.0.0", &m_version},
                      {"--tag", "TAG", "A tag; may be given more than once.", "--tag production", &m_tags},
                      {"--config", "KEY=VALUE", "A setting of the model; may be given more than once.",
                       "--config threads=2", &m_config},
                      {"--dtype",
                       "DTYPE",
                       "The precision to compute with.",
                       "--dtype bf16",
                       &m_dtype,
                       {"auto", "fp32", "bf16"}},
                      {"--name", "NAME", "A name for people.", "--name 'MiniLM'", &m_name},
                      {"--description", "TEXT", "What it is good for.", "--description 'short texts'", &m_description}},
            .examples = {"modelmora register ./all-MiniLM-L6-v2",
                         "modelmora register ./models/minilm --id org/minilm --task txt2embed --dtype bf16 --tag demo"},
            .details = "The engine reads and hashes the files in the folder, so it must be able to see them."};
    }

    Result<ExitCode> run(Context& context) override {
        v1::RegisterModelRequest request;
        request.set_model_id(m_id);
        MM_CHECK(isPath(m_source) ? fromFolder(request, context) : fromId(request));
        MM_CHECK(setTask(request));
        request.set_version(m_version);
        request.set_display_name(m_name);
        request.set_description(m_description);
        for (const std::string& tag : m_tags)
            request.add_tags(tag);
        MM_TRY(*request.mutable_config(), toSettings("--config", m_config));
        if (!m_dtype.empty()) {
            if (request.config().fields().contains("dtype"))
                return invalidField("--dtype", "it is given as --config dtype=... too");
            (*request.mutable_config()->mutable_fields())["dtype"].set_string_value(m_dtype);
        }
        MM_TRY(const auto model, context.engine().call(&Registry::RegisterModel, request, EngineClient::kLongSeconds));
        context.show(model, [&] {
            return printable(model.model_id() + "@" + model.version()) +
                   " is registered: " + std::string(taskName(model.task_type())) + ", " +
                   std::to_string(model.files_size()) + " files, " +
                   humanBytes(static_cast<double>(model.total_bytes())) + ", status " + printable(model.status()) +
                   "\n";
        });
        return ExitCode::Ok;
    }

private:
    Result<void> fromFolder(v1::RegisterModelRequest& request, Context& context) {
        std::error_code fault;
        m_folder = fs::weakly_canonical(fs::absolute(m_source, fault), fault);
        if (fault || !fs::is_directory(m_folder, fault))
            return Error{ErrorCode::SourceNotFound,
                         "There is no folder '" + m_source + "'. Give the folder that holds the model's config.json."};
        request.set_source_url(fileUrl(m_folder));
        if (m_id.empty()) {
            request.set_model_id(guessModelId(m_folder));
            context.terminal.note("The id is " + request.model_id() + ", from the folder's name; --id sets another.\n");
        }
        return {};
    }

    Result<void> fromId(v1::RegisterModelRequest& request) const {
        if (!m_id.empty() && m_id != m_source)
            return invalidField("--id",
                                "there is no folder '" + m_source + "', and as an id it differs from '" + m_id + "'");
        request.set_model_id(m_source);
        return {};
    }

    Result<void> setTask(v1::RegisterModelRequest& request) {
        if (!m_task.empty()) {
            const auto task = taskFromName(m_task);
            if (!task)
                return Error{ErrorCode::InvalidTaskType,
                             "There is no task '" + m_task + "'; " + allTaskNames() + " are."};
            request.set_task_type(*task);
        } else if (const auto guessed = m_folder.empty() ? std::nullopt : guessTask(m_folder)) {
            request.set_task_type(*guessed);
        } else {
            return Error{ErrorCode::ValidationError,
                         "The model's files do not say what it does. Give --task, one of " + allTaskNames() + "."};
        }
        return {};
    }

    std::string m_source;
    fs::path m_folder;
    std::string m_id;
    std::string m_task;
    std::string m_version;
    std::vector<std::string> m_tags;
    std::vector<std::string> m_config;
    std::string m_dtype;
    std::string m_name;
    std::string m_description;
};

class Update final : public Command {
public:
    Update() {
        m_declaration = {
            .name = "update",
            .summary = "Change a model's name, description, tags or configuration.",
            .positionals = {{"MODEL", "a model, as org/repo or org/repo@version", &m_model}},
            .flags = {{"--name", "TEXT", "A name for people.", "--name 'My model'", &m_name},
                      {"--description", "TEXT", "What it is for.", "--description 'German, short texts'",
                       &m_description},
                      {"--tag", "TAG", "A tag; may be given again. Those given replace all.", "--tag german", &m_tags},
                      {"--config", "KEY=VALUE", "A setting of the model; may be given again. The others stay.",
                       "--config threads=4", &m_config},
                      {"--unset", "KEY", "A setting that goes back to its default; may be given again.",
                       "--unset threads", &m_unset}},
            .examples = {"modelmora update org/repo --config dtype=bf16 --unset threads",
                         "modelmora update org/repo --tag german --tag small"},
            .details =
                "A configuration counts from the next load. Where somebody else has changed the model in between, "
                "nothing is done."};
    }

    Result<ExitCode> run(Context& context) override {
        if (m_name.empty() && m_description.empty() && m_tags.empty() && m_config.empty() && m_unset.empty())
            return Error{ErrorCode::ValidationError,
                         "There is nothing to change; `modelmora update --help` says what can "
                         "be."};
        v1::GetModelRequest asked;
        asked.set_model_id(m_model);
        MM_TRY(const auto model, context.engine().call(&Registry::GetModel, asked));
        v1::UpdateModelRequest request;
        request.set_model_id(m_model);
        request.set_expected_revision(model.revision());
        if (!m_name.empty())
            request.set_display_name(m_name);
        if (!m_description.empty())
            request.set_description(m_description);
        for (const std::string& tag : m_tags)
            request.mutable_tags()->add_tags(tag);
        MM_CHECK(setConfig(model, request));
        MM_TRY(const auto updated, context.engine().call(&Registry::UpdateModel, request));
        context.show(updated, [&] { return printable(m_model) + " is updated\n"; });
        return ExitCode::Ok;
    }

private:
    Result<void> setConfig(const v1::Model& model, v1::UpdateModelRequest& request) const {
        if (m_config.empty() && m_unset.empty())
            return {};
        MM_TRY(const auto settings, toSettings("--config", m_config));
        auto& config = *request.mutable_config();
        config = model.config();
        for (const auto& [key, value] : settings.fields())
            (*config.mutable_fields())[key] = value;
        for (const std::string& key : m_unset)
            if (config.mutable_fields()->erase(key) == 0)
                return Error{ErrorCode::ValidationError,
                             "--unset: " + printable(m_model) + " has no setting '" + key + "'."};
        return {};
    }

    std::string m_model;
    std::string m_name;
    std::string m_description;
    std::vector<std::string> m_tags;
    std::vector<std::string> m_config;
    std::vector<std::string> m_unset;
};

class Delete final : public Command {
public:
    Delete() {
        m_declaration = {.name = "delete",
                         .summary = "Delete a model with all its versions from the registry.",
                         .positionals = {{"MODEL", "a model, as org/repo", &m_model}},
                         .flags = {{"--force", "", "Unload it first where it is loaded.", "--force", &m_force}},
                         .examples = {"modelmora delete org/repo", "modelmora delete org/repo --force"},
                         .details = "The folder that a model was registered from is left alone."};
    }

    Result<ExitCode> run(Context& context) override {
        v1::DeleteModelRequest request;
        request.set_model_id(m_model);
        request.set_force(m_force);
        MM_TRY(const auto response, context.engine().call(&Registry::DeleteModel, request, EngineClient::kLongSeconds));
        context.show(response, [&] { return printable(m_model) + " is deleted\n"; });
        return ExitCode::Ok;
    }

private:
    std::string m_model;
    bool m_force = false;
};

} // namespace

std::unique_ptr<Command> makeRegister() {
    return std::make_unique<Register>();
}
std::unique_ptr<Command> makeUpdate() {
    return std::make_unique<Update>();
}
std::unique_ptr<Command> makeDelete() {
    return std::make_unique<Delete>();
}

} // namespace mm::cli
