// The way to an engine elsewhere.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

namespace mm::gui {

// Connects when it is first used, and again after the connection was lost.
std::shared_ptr<grpc::Channel> channelTo(const std::string& address);

} // namespace mm::gui
