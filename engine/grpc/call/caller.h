// Who calls: the metadata x-modelmora-client, or the address that the call comes from. Pure, any thread.
#pragma once

#include "engine/service/client_name.h"

#include <grpcpp/server_context.h>

#include <string>
#include <string_view>

namespace mm::grpc_face {

// "ipv4:127.0.0.1:4711" → "127.0.0.1", "ipv6:%5B::1%5D:4711" → "::1"; anything else as it is.
inline std::string peerAddress(std::string_view peer) {
    const bool isV4 = peer.starts_with("ipv4:");
    if (!isV4 && !peer.starts_with("ipv6:"))
        return std::string(peer);
    std::string_view host = peer.substr(5);
    host = host.substr(0, host.rfind(':'));
    for (const std::string_view open : {"[", "%5B"})
        if (host.starts_with(open))
            host.remove_prefix(open.size());
    for (const std::string_view close : {"]", "%5D"})
        if (host.ends_with(close))
            host.remove_suffix(close.size());
    return std::string(host);
}

inline Result<std::string> callerOf(const grpc::CallbackServerContext& context) {
    const auto& metadata = context.client_metadata();
    const auto given = metadata.find("x-modelmora-client");
    const std::string_view name =
        given == metadata.end() ? std::string_view() : std::string_view(given->second.data(), given->second.size());
    return service::clientName(name, peerAddress(context.peer()), "The metadata x-modelmora-client");
}

} // namespace mm::grpc_face
