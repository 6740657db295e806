// The way to an engine elsewhere.
#pragma once

#include "engine/tls/tls_files.h"

#include <grpcpp/channel.h>

#include <memory>
#include <optional>
#include <string>

namespace mm::gui {

// Connects when it is first used, and again after the connection was lost; by TLS where that is given.
std::shared_ptr<grpc::Channel> channelTo(const std::string& address,
                                         const std::optional<ClientTlsTexts>& tls = std::nullopt);

} // namespace mm::gui
