#include "engine/access/certificates/client_identities.h"

#include "engine/access/keys/key_rules.h"
#include "engine/access/sha256.h"
#include "engine/ipc/names.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace mm::access {
namespace {

constexpr auto kKinds = std::to_array<std::string_view>({"subject", "dns", "email", "uri"});
constexpr std::size_t kMostKnown = 1024;
constexpr std::size_t kLongestName = 64;

bool isName(const std::string& text) {
    return !text.empty() && text.size() <= kLongestName &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

} // namespace

// One entry after the other; yaml-cpp throws, and nothing of that leaves read().
class IdentityReader {
public:
    IdentityReader(std::string file, ClientIdentities& into) : m_file(std::move(file)), m_into(into) {}

    Result<void> readAll() {
        const YAML::Node root = YAML::LoadFile(m_file);
        if (!root.IsMap() || !root["identities"] || !root["identities"].IsSequence())
            return wrong(root, "there is no list 'identities'.");
        for (const YAML::Node& node : root["identities"])
            MM_CHECK(readEntry(node));
        return {};
    }

private:
    [[nodiscard]] Error wrong(const YAML::Node& node, const std::string& what) const {
        const std::string place = m_file + ":" + std::to_string(node.Mark().line + 1);
        return {ErrorCode::InvalidConfiguration, place + ": " + what, {{"file", m_file}}};
    }

    Result<void> readEntry(const YAML::Node& node) {
        static const std::set<std::string> kKnown{"subject", "dns",  "email",  "uri",
                                                  "name",    "role", "models", "max_priority"};
        if (!node.IsMap())
            return wrong(node, "an identity is a map such as {subject: trainer, role: operator}.");
        for (const auto& field : node)
            if (!kKnown.contains(field.first.as<std::string>()))
                return wrong(node, "'" + field.first.as<std::string>() + "' is not known here.");
        ClientIdentities::Entry entry;
        for (const std::string_view kind : kKinds) {
            if (!node[std::string(kind)])
                continue;
            if (!entry.kind.empty())
                return wrong(node, "an identity has one of subject, dns, email and uri, not several.");
            entry.kind = kind;
            entry.value = node[entry.kind].as<std::string>();
        }
        if (entry.kind.empty() || entry.value.empty())
            return wrong(node, "an identity needs one of subject, dns, email and uri.");
        MM_TRY(entry.identity, identityOf(node, entry.value));
        m_into.m_entries.push_back(std::move(entry));
        return {};
    }

    Result<IdentityPtr> identityOf(const YAML::Node& node, const std::string& value) {
        auto identity = std::make_shared<Identity>();
        const std::string name = node["name"] ? node["name"].as<std::string>() : value;
        const std::string role = node["role"] ? node["role"].as<std::string>() : std::string();
        if (!isName(name))
            return wrong(node, "its name must be 1 to 64 visible ASCII characters; give one with 'name'.");
        if (!roleFromName(role))
            return wrong(node, "its role must be one of " + std::string(kRoleNames) + ".");
        identity->name = "certificate:" + name;
        identity->kind = Kind::Certificate;
        identity->role = *roleFromName(role);
        if (node["models"])
            for (const YAML::Node& pattern : node["models"]) {
                identity->models.push_back(pattern.as<std::string>());
                if (!isModelPattern(identity->models.back()))
                    return wrong(node, "'models' holds something that is no pattern of models.");
            }
        if (node["models"] && identity->models.empty())
            return wrong(node, "'models' is empty; leave it out for every model.");
        if (node["max_priority"]) {
            const auto priority = priorityFromName(node["max_priority"].as<std::string>());
            if (!priority)
                return wrong(node, "max_priority must be critical, high, normal or low.");
            identity->maxPriority = *priority;
        }
        return IdentityPtr(std::move(identity));
    }

    std::string m_file;
    ClientIdentities& m_into;
};

Result<std::unique_ptr<ClientIdentities>> ClientIdentities::read(const std::filesystem::path& file) {
    auto identities = std::make_unique<ClientIdentities>();
    try {
        MM_CHECK(IdentityReader(file.string(), *identities).readAll());
    } catch (const YAML::Exception& fault) {
        return Error{ErrorCode::InvalidConfiguration,
                     file.string() + " cannot be read: " + fault.what() + ".",
                     {{"file", file.string()}}};
    }
    return identities;
}

IdentityPtr ClientIdentities::match(const CertificateNames& names) const {
    const auto holds = [](const std::vector<std::string>& list, const std::string& value) {
        return std::find(list.begin(), list.end(), value) != list.end();
    };
    for (const Entry& entry : m_entries)
        if ((entry.kind == "subject" && names.subject == entry.value) ||
            (entry.kind == "dns" && holds(names.dns, entry.value)) ||
            (entry.kind == "email" && holds(names.email, entry.value)) ||
            (entry.kind == "uri" && holds(names.uri, entry.value)))
            return entry.identity;
    return nullptr;
}

Result<IdentityPtr> ClientIdentities::find(std::string_view pem) {
    const std::string hash = sha256(pem);
    {
        const std::lock_guard lock(m_mutex);
        if (const auto known = m_known.find(hash); known != m_known.end())
            return known->second;
    }
    MM_TRY(const CertificateNames names, namesOf(pem));
    IdentityPtr identity = match(names);
    if (!identity)
        return Error{ErrorCode::Unauthenticated,
                     "The client's certificate holds, but stands for nobody here: client-identities names none of its "
                     "names. Send an API key or a token, or ask an administrator to add it.",
                     {{"subject", names.subject}}};
    const std::lock_guard lock(m_mutex);
    if (m_known.size() >= kMostKnown)
        m_known.clear();
    m_known[hash] = identity;
    return identity;
}

} // namespace mm::access
