#include "engine/service/settings/audited_settings_service.h"

#include <string>
#include <utility>

namespace mm::service {

void AuditedSettingsService::list(v1::ListSettingsRequest request, Reply<v1::ListSettingsResponse> reply) {
    m_settings.list(std::move(request), std::move(reply));
}

void AuditedSettingsService::change(v1::ChangeSettingsRequest request, Reply<v1::ListSettingsResponse> reply) {
    std::string what;
    for (const v1::SettingChange& change : request.changes())
        what.append(what.empty() ? "" : ", ").append(change.name()).append(" = ").append(change.value());
    m_trail.change("settings.change", {.value = std::move(what)}, std::move(reply),
                   [&](auto noted) { m_settings.change(std::move(request), std::move(noted)); });
}

void AuditedSettingsService::reset(v1::ResetSettingRequest request, Reply<v1::Setting> reply) {
    m_trail.change("settings.reset", {.value = request.name()}, std::move(reply),
                   [&](auto noted) { m_settings.reset(std::move(request), std::move(noted)); });
}

} // namespace mm::service
