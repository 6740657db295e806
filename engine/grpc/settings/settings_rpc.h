// modelmora.v1.SettingsService over gRPC: each method is one call of the engine's services. Handlers run on gRPC's
// threads.
#pragma once

#include "engine/grpc/call/rpc.h"
#include "modelmora/v1/settings.grpc.pb.h"

namespace mm::grpc_face {

class SettingsRpc final : public Rpc<modelmora::v1::SettingsService> {
public:
    explicit SettingsRpc(Face face);
};

} // namespace mm::grpc_face
