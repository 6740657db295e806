#include "engine/grpc/settings/settings_rpc.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;
using access::Operation;

SettingsRpc::SettingsRpc(Face face) : Rpc(std::move(face)) {
    service::SettingsService& settings = services().settings;
    unary<v1::ListSettingsRequest, v1::ListSettingsResponse>(
        "ListSettings", Operation::ReadSettings,
        [&settings](auto request, auto reply) { settings.list(std::move(request), std::move(reply)); });
    unary<v1::ChangeSettingsRequest, v1::ListSettingsResponse>(
        "ChangeSettings", Operation::ChangeSettings,
        [&settings](auto request, auto reply) { settings.change(std::move(request), std::move(reply)); });
    unary<v1::ResetSettingRequest, v1::Setting>(
        "ResetSetting", Operation::ChangeSettings,
        [&settings](auto request, auto reply) { settings.reset(std::move(request), std::move(reply)); });
}

} // namespace mm::grpc_face
