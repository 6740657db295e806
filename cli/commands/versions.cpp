// versions list, promote, deprecate, delete: the versions of one model.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/output/text.h"

namespace mm::cli {
namespace {

using Registry = v1::RegistryService::StubInterface;

class VersionsList final : public Command {
public:
    VersionsList() {
        m_declaration = {.name = "versions list",
                         .summary = "List the versions of a model.",
                         .positionals = {{"MODEL", "a model, as org/repo", &m_model}},
                         .examples = {"modelmora versions list org/repo"}};
    }

    Result<ExitCode> run(Context& context) override {
        v1::ListVersionsRequest request;
        request.set_model_id(m_model);
        MM_TRY(const auto response, context.engine().call(&Registry::ListVersions, request));
        context.show(response, [&] {
            Table table(
                {{"VERSION"}, {"CURRENT"}, {"STATUS"}, {"SIZE", Table::Align::Right}, {"REGISTERED"}, {"NOTE"}});
            for (const auto& version : response.versions())
                table.add(
                    {version.version(), version.current() ? "yes" : "", statusCell(version.status(), context.terminal),
                     humanBytes(static_cast<double>(version.total_bytes())), timeOf(version.created_at()),
                     version.deprecated() ? "deprecated: " + version.deprecation_reason() : version.status_message()});
            return table.render(titlePainter(context.terminal));
        });
        return ExitCode::Ok;
    }

private:
    std::string m_model;
};

// What promote, deprecate and delete have in common: a model and one of its versions.
class VersionCommand : public Command {
protected:
    [[nodiscard]] std::vector<Positional> modelAndVersion() {
        return {{"MODEL", "a model, as org/repo", &m_model}, {"VERSION", "one of its versions", &m_version}};
    }
    template <typename Request>
    [[nodiscard]] Request request() const {
        Request request;
        request.set_model_id(m_model);
        request.set_version(m_version);
        return request;
    }
    [[nodiscard]] std::string subject() const { return printable(m_model + "@" + m_version); }

private:
    std::string m_model;
    std::string m_version;
};

class VersionsPromote final : public VersionCommand {
public:
    VersionsPromote() {
        m_declaration = {.name = "versions promote",
                         .summary = "Make a version the current one.",
                         .positionals = modelAndVersion(),
                         .examples = {"modelmora versions promote org/repo 2.0.0"}};
    }
    Result<ExitCode> run(Context& context) override {
        MM_TRY(const auto model,
               context.engine().call(&Registry::PromoteVersion, request<v1::PromoteVersionRequest>()));
        context.show(model, [&] { return subject() + " is the current version\n"; });
        return ExitCode::Ok;
    }
};

class VersionsDeprecate final : public VersionCommand {
public:
    VersionsDeprecate() {
        m_declaration = {.name = "versions deprecate",
                         .summary = "Mark a version as not to be used any more.",
                         .positionals = modelAndVersion(),
                         .flags = {{"--reason", "TEXT", "Why, for those who still use it.",
                                    "--reason 'replaced by 2.0.0'", &m_reason}},
                         .examples = {"modelmora versions deprecate org/repo 1.0.0 --reason 'replaced by 2.0.0'"}};
    }
    Result<ExitCode> run(Context& context) override {
        auto asked = request<v1::DeprecateVersionRequest>();
        asked.set_reason(m_reason);
        MM_TRY(const auto model, context.engine().call(&Registry::DeprecateVersion, asked));
        context.show(model, [&] { return subject() + " is deprecated\n"; });
        return ExitCode::Ok;
    }

private:
    std::string m_reason;
};

class VersionsDelete final : public VersionCommand {
public:
    VersionsDelete() {
        m_declaration = {.name = "versions delete",
                         .summary = "Delete a version that is not the current one.",
                         .positionals = modelAndVersion(),
                         .examples = {"modelmora versions delete org/repo 1.0.0"}};
    }
    Result<ExitCode> run(Context& context) override {
        MM_TRY(const auto response, context.engine().call(&Registry::DeleteVersion, request<v1::DeleteVersionRequest>(),
                                                          EngineClient::kLongSeconds));
        context.show(response, [&] { return subject() + " is deleted\n"; });
        return ExitCode::Ok;
    }
};

} // namespace

std::unique_ptr<Command> makeVersionsList() {
    return std::make_unique<VersionsList>();
}
std::unique_ptr<Command> makeVersionsPromote() {
    return std::make_unique<VersionsPromote>();
}
std::unique_ptr<Command> makeVersionsDeprecate() {
    return std::make_unique<VersionsDeprecate>();
}
std::unique_ptr<Command> makeVersionsDelete() {
    return std::make_unique<VersionsDelete>();
}

} // namespace mm::cli
