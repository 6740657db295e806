// list and info: the registered models and what is known of one.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/output/proto_json.h"
#include "cli/output/text.h"
#include "engine/ipc/names.h"

#include <nlohmann/json.hpp>

#include <map>

namespace mm::cli {
namespace {

using Registry = v1::RegistryService::StubInterface;
using Management = v1::ManagementService::StubInterface;

std::string plainId(const std::string& id) {
    return id.substr(0, id.find('@'));
}

class List final : public Command {
public:
    List() {
        m_declaration = {
            .name = "list",
            .summary = "List the registered models, with state and memory.",
            .flags = {{"--task", "TASK", "Only models for this task.", "--task txt2embed", &m_task},
                      {"--tag", "TAG", "Only models with this tag.", "--tag production", &m_tag},
                      {"--status",
                       "STATUS",
                       "Only models with this status.",
                       "--status ready",
                       &m_status,
                       {"registered", "downloading", "ready", "failed"}},
                      {"--device", "DEVICE",
                       "Only models configured for it: auto, cpu, cuda (any GPU) or one, as cuda:0.", "--device cpu",
                       &m_device},
                      {"--search", "TEXT", "Only models with this in id or name.", "--search minilm", &m_search}},
            .examples = {"modelmora list", "modelmora list --task txt2embed --tag production",
                         "modelmora list --json"}};
    }

    Result<ExitCode> run(Context& context) override {
        v1::ListModelsRequest request;
        if (!m_task.empty()) {
            const auto task = taskFromName(m_task);
            if (!task)
                return Error{ErrorCode::InvalidTaskType,
                             "There is no task '" + m_task + "'; " + allTaskNames() + " are."};
            request.set_task_type(*task);
        }
        request.set_tag(m_tag);
        request.set_status(m_status);
        request.set_device(m_device);
        request.set_search(m_search);
        MM_TRY(const auto models, allPages(context, std::move(request)));
        MM_TRY(const auto status, context.engine().call(&Management::GetSystemStatus, v1::GetSystemStatusRequest()));
        std::map<std::string, v1::ModelStatus> states;
        for (const auto& state : status.loaded_models())
            states[plainId(state.model_id()) + "@" + state.version()] = state;
        context.terminal.print(context.options.json ? asJson(models, states) : asTable(models, states, context));
        return ExitCode::Ok;
    }

private:
    using States = std::map<std::string, v1::ModelStatus>;

    static Result<std::vector<v1::Model>> allPages(Context& context, v1::ListModelsRequest request) {
        constexpr int kPageSize = 100;
        std::vector<v1::Model> models;
        request.mutable_pagination()->set_page_size(kPageSize);
        for (int page = 1;; ++page) {
            request.mutable_pagination()->set_page(page);
            MM_TRY(const auto part, context.engine().call(&Registry::ListModels, request));
            models.insert(models.end(), part.models().begin(), part.models().end());
            if (part.models().empty() || page >= part.pagination().total_pages())
                return models;
        }
    }

    static v1::ModelStatus stateOf(const v1::Model& model, const States& states) {
        const auto found = states.find(model.model_id() + "@" + model.version());
        if (found != states.end())
            return found->second;
        v1::ModelStatus unloaded;
        unloaded.set_state(v1::MODEL_STATE_UNLOADED);
        return unloaded;
    }

    static std::string asJson(const std::vector<v1::Model>& models, const States& states) {
        auto list = nlohmann::ordered_json::array();
        for (const v1::Model& model : models) {
            auto entry = toJson(model);
            entry["runtime"] = toJson(stateOf(model, states));
            list.push_back(std::move(entry));
        }
        return jsonText({{"models", list}, {"total", models.size()}});
    }

    static std::string asTable(const std::vector<v1::Model>& models, const States& states, const Context& context) {
        if (models.empty()) {
            context.terminal.note("No models. Register one with `modelmora register PATH`.\n");
            return {};
        }
        Table table({{"MODEL"},
                     {"VERSION"},
                     {"TASK"},
                     {"STATUS"},
                     {"STATE"},
                     {"DTYPE"},
                     {"MEMORY", Table::Align::Right},
                     {"LAST USED"}});
        for (const v1::Model& model : models) {
            const v1::ModelStatus state = stateOf(model, states);
            table.add({model.model_id(), model.version(), std::string(taskName(model.task_type())),
                       statusCell(model.status(), context.terminal), stateCell(state.state(), context.terminal),
                       state.dtype(), megabytes(state.memory_usage_mb()), ageOf(state.last_used_at())});
        }
        return table.render(titlePainter(context.terminal));
    }

    std::string m_task;
    std::string m_tag;
    std::string m_status;
    std::string m_device;
    std::string m_search;
};

class Info final : public Command {
public:
    Info() {
        m_declaration = {.name = "info",
                         .summary = "Show all about one model: files, configuration, state, last failure.",
                         .positionals = {{"MODEL", "a model, as org/repo or org/repo@version", &m_model}},
                         .examples = {"modelmora info org/repo", "modelmora info org/repo@1.0.0 --json"}};
    }

    Result<ExitCode> run(Context& context) override {
        v1::GetModelRequest which;
        which.set_model_id(m_model);
        MM_TRY(const auto model, context.engine().call(&Registry::GetModel, which));
        v1::GetModelStatusRequest whichStatus;
        whichStatus.set_model_id(m_model);
        MM_TRY(const auto status, context.engine().call(&Management::GetModelStatus, whichStatus));
        if (context.options.json) {
            auto both = toJson(model);
            both["runtime"] = toJson(status);
            context.terminal.print(jsonText(both));
        } else {
            context.terminal.print(describeModel(model) + describeState(status, context.terminal));
        }
        return ExitCode::Ok;
    }

private:
    static std::string describeModel(const v1::Model& model) {
        std::string tags;
        for (const std::string& tag : model.tags())
            tags += (tags.empty() ? "" : ", ") + tag;
        const std::string version = model.version() + (model.current() ? " (current)" : "") +
                                    (model.deprecated() ? " (deprecated: " + model.deprecation_reason() + ")" : "");
        std::string text = renderFields(
            {{"model", model.model_id()},
             {"version", version},
             {"name", model.display_name()},
             {"description", model.description()},
             {"task", std::string(taskName(model.task_type()))},
             {"architecture", model.architecture()},
             {"status", model.status() + (model.status_message().empty() ? "" : ": " + model.status_message())},
             {"source", model.source_url()},
             {"checksum", model.checksum()},
             {"tags", tags},
             {"configuration", model.config().fields().empty() ? std::string() : toJson(model.config()).dump()},
             {"registered", timeOf(model.created_at())},
             {"updated", timeOf(model.updated_at())},
             {"size", humanBytes(static_cast<double>(model.total_bytes()))}});
        Table files({{"FILE"}, {"SIZE", Table::Align::Right}, {"SHA-256"}});
        for (const auto& file : model.files())
            files.add({file.path(), humanBytes(static_cast<double>(file.bytes())), file.sha256().substr(0, 16)});
        return files.empty() ? text : text + "\n" + files.render();
    }

    // As the ledger counts it, and with the pages of files that the system drops when it needs room.
    static std::string memoryOf(const v1::ModelStatus& status) {
        std::string text = megabytes(status.memory_usage_mb());
        if (!text.empty() && status.resident_bytes() > 0)
            text += " (" + humanBytes(static_cast<double>(status.resident_bytes())) + " resident)";
        return text;
    }

    static std::string describeState(const v1::ModelStatus& status, const Terminal& terminal) {
        const auto number = [](auto value) { return value == 0 ? std::string() : std::to_string(value); };
        std::string text =
            "\n" + renderFields({{"state", std::string(stateName(status.state()))},
                                 {"memory", memoryOf(status)},
                                 {"device", status.device()},
                                 {"dtype", status.dtype()},
                                 {"chosen because", status.device_reason()},
                                 {"dimension", number(status.embedding_dimension())},
                                 {"longest input", number(status.max_sequence_length())},
                                 {"threads", number(status.threads())},
                                 {"worker", number(status.pid())},
                                 {"loaded", ageOf(status.loaded_at())},
                                 {"loaded in",
                                  status.load_time_ms() > 0 ? humanMilliseconds(status.load_time_ms()) : std::string()},
                                 {"last used", ageOf(status.last_used_at())},
                                 {"requests", number(status.requests_total())},
                                 {"in flight", number(status.in_flight())},
                                 {"crashes", number(status.crashes())}});
        if (status.has_last_failure())
            text += "\n" + describeFailure("last failure:", status.last_failure(), terminal);
        return text;
    }

    std::string m_model;
};

} // namespace

std::unique_ptr<Command> makeList() {
    return std::make_unique<List>();
}
std::unique_ptr<Command> makeInfo() {
    return std::make_unique<Info>();
}

} // namespace mm::cli
