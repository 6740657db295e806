// A SettingsService whose changes are written into the audit. Any thread.
#pragma once

#include "engine/service/audit/audit_trail.h"
#include "engine/service/settings/settings_service.h"

namespace mm::service {

class AuditedSettingsService final : public SettingsService {
public:
    // Both outlive it.
    AuditedSettingsService(SettingsService& settings, AuditTrail& trail) : m_settings(settings), m_trail(trail) {}

    void list(v1::ListSettingsRequest request, Reply<v1::ListSettingsResponse> reply) override;
    void change(v1::ChangeSettingsRequest request, Reply<v1::ListSettingsResponse> reply) override;
    void reset(v1::ResetSettingRequest request, Reply<v1::Setting> reply) override;

private:
    SettingsService& m_settings;
    AuditTrail& m_trail;
};

} // namespace mm::service
