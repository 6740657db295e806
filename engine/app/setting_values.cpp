#include "engine/app/setting_values.h"

#include "engine/inference/queue/fair_share.h"
#include "engine/lifecycle/policy/eviction_policy.h"

#include <QUrl>

#include <charconv>

namespace mm::app {
namespace {

Applied applyInteger(const std::string& text, std::int64_t low, std::int64_t high, const auto& store) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || value < low || value > high)
        return "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
    store(value);
    return {};
}

Applied applyPath(const std::string& text, std::filesystem::path& path) {
    std::error_code failure;
    path = text.empty() ? std::filesystem::path() : std::filesystem::absolute(text, failure);
    if (failure)
        return "a path: " + failure.message();
    return {};
}

std::vector<std::string> policyNames() {
    lifecycle::EvictionPolicies policies;
    lifecycle::registerAllPolicies(policies);
    return policies.names();
}

Applied applyAccess(Settings& settings, const std::string& text) {
    if (text != "on" && text != "off")
        return "on or off";
    settings.access = text == "on";
    return {};
}

Applied applyLogLevel(Settings& settings, const std::string& text) {
    const auto level = log::levelFromString(text, log::Level::Off);
    if (level == log::Level::Off && text != "off")
        return "trace, debug, info, warning, error or off";
    settings.logLevel = level;
    return {};
}

Applied applyLogFormat(Settings& settings, const std::string& text) {
    if (text != "human" && text != "json")
        return "human or json";
    settings.logFormat = text == "json" ? log::Format::Json : log::Format::Human;
    return {};
}

Applied applyEvictionPolicy(Settings& settings, const std::string& text) {
    std::string known;
    for (const std::string& name : policyNames()) {
        if (name == text) {
            settings.evictionPolicy = text;
            return {};
        }
        known.append(known.empty() ? "" : ", ").append(name);
    }
    return "one of " + known;
}

Applied applyCorsOrigins(Settings& settings, const std::string& text) {
    auto policy = rest::semantics::CorsPolicy::parse(text);
    if (!policy.ok())
        return "* or ORIGIN,ORIGIN: " + policy.error().fieldErrors.front().message;
    settings.cors = std::move(policy).value();
    return {};
}

Applied applyCompression(Settings& settings, const std::string& text) {
    const auto compression = rest::semantics::compressionNamed(text);
    if (!compression)
        return "auto, always or never";
    settings.compression = *compression;
    return {};
}

// A path of its own is used as it is; without one, spans go where the protocol has them.
Applied applyOtlpEndpoint(Settings& settings, const std::string& text) {
    settings.otlpEndpoint.clear();
    if (text.empty())
        return {};
    QUrl url(QString::fromStdString(text), QUrl::StrictMode);
    if (!url.isValid() || (url.scheme() != QStringLiteral("http") && url.scheme() != QStringLiteral("https")) ||
        url.host().isEmpty() || url.hasFragment() || !url.userInfo().isEmpty())
        return "http://HOST:PORT or https://HOST:PORT, without user and fragment";
    if (url.path().isEmpty() || url.path() == QStringLiteral("/"))
        url.setPath(QStringLiteral("/v1/traces"));
    settings.otlpEndpoint = url.toString().toStdString();
    return {};
}

Applied applyTraceSampling(Settings& settings, const std::string& text) {
    double share = -1;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), share);
    if (failure != std::errc{} || end != text.data() + text.size() || !(share >= 0 && share <= 1))
        return "a number from 0 to 1";
    settings.traceSampling = share;
    return {};
}

Applied applyClientWeights(Settings& settings, const std::string& text) {
    auto weights = inference::parseClientWeights(text);
    if (!weights.ok())
        return "NAME=WEIGHT,NAME=WEIGHT: " + weights.error().fieldErrors.front().message;
    settings.clientWeights = std::move(weights).value();
    return {};
}

} // namespace

ValueKind integer(int Settings::*member, std::int64_t low, std::int64_t high) {
    return {[=](Settings& settings, const std::string& text) {
                return applyInteger(text, low, high,
                                    [&](std::int64_t value) { settings.*member = static_cast<int>(value); });
            },
            ValueType::Number, low, high};
}

ValueKind seconds(std::chrono::seconds Settings::*member, std::int64_t low, std::int64_t high) {
    return {[=](Settings& settings, const std::string& text) {
                return applyInteger(text, low, high,
                                    [&](std::int64_t value) { settings.*member = std::chrono::seconds(value); });
            },
            ValueType::Seconds, low, high};
}

ValueKind mebibytes(std::int64_t Settings::*member, std::int64_t low, std::int64_t high) {
    return {[=](Settings& settings, const std::string& text) {
                return applyInteger(text, low, high, [&](std::int64_t value) { settings.*member = value << 20; });
            },
            ValueType::Mebibytes, low, high};
}

ValueKind address(std::string Settings::*member) {
    return {[=](Settings& settings, const std::string& text) -> Applied {
                const auto colon = text.rfind(':');
                std::int64_t port = 0;
                if (colon == std::string::npos || colon == 0 ||
                    applyInteger(text.substr(colon + 1), 0, 65535, [&](std::int64_t value) { port = value; }))
                    return "HOST:PORT, such as 127.0.0.1:8000 (port 0 takes a free one)";
                settings.*member = text;
                return {};
            },
            ValueType::Address};
}

ValueKind path(std::filesystem::path Settings::*member) {
    return {[=](Settings& settings, const std::string& text) { return applyPath(text, settings.*member); },
            ValueType::Path};
}

ValueKind flag(bool Settings::*member) {
    return {[=](Settings& settings, const std::string& text) -> Applied {
                if (text != "true" && text != "false")
                    return "true or false";
                settings.*member = text == "true";
                return {};
            },
            ValueType::Switch,
            0,
            0,
            {"true", "false"}};
}

ValueKind tlsFile(std::filesystem::path TlsFiles::*member) {
    return {[=](Settings& settings, const std::string& text) { return applyPath(text, settings.tls.*member); },
            ValueType::Path};
}

ValueKind text(std::string AccessSettings::*member) {
    return {[=](Settings& settings, const std::string& text) -> Applied {
                settings.tokens.*member = text;
                return {};
            },
            ValueType::Text};
}

ValueKind accessFile(std::filesystem::path AccessSettings::*member) {
    return {[=](Settings& settings, const std::string& text) { return applyPath(text, settings.tokens.*member); },
            ValueType::Path};
}

ValueKind memoryBudget(lifecycle::MemoryBudget Settings::*member) {
    return {[=](Settings& settings, const std::string& text) -> Applied {
                auto budget = lifecycle::parseMemoryBudget(text);
                if (!budget.ok())
                    return budget.error().message;
                settings.*member = *budget;
                return {};
            },
            ValueType::Size};
}

ValueKind accessSwitch() {
    return {applyAccess, ValueType::Switch, 0, 0, {"on", "off"}};
}
ValueKind logLevel() {
    return {applyLogLevel, ValueType::Choice, 0, 0, {"trace", "debug", "info", "warning", "error", "off"}};
}
ValueKind logFormat() {
    return {applyLogFormat, ValueType::Choice, 0, 0, {"human", "json"}};
}
ValueKind evictionPolicy() {
    return {applyEvictionPolicy, ValueType::Choice, 0, 0, policyNames()};
}
ValueKind corsOrigins() {
    return {applyCorsOrigins};
}
ValueKind compression() {
    return {applyCompression, ValueType::Choice, 0, 0, {"auto", "always", "never"}};
}
ValueKind otlpEndpoint() {
    return {applyOtlpEndpoint};
}
ValueKind traceSampling() {
    return {applyTraceSampling, ValueType::Share};
}
ValueKind clientWeights() {
    return {applyClientWeights};
}

} // namespace mm::app
