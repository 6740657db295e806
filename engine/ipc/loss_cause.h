// Why the engine itself ended a worker that still had work, as the fact "cause" of the Error that its requests receive:
// the lifecycle writes it, inference reads it to tell the guilty from bystanders. Pure, any thread.
#pragma once

#include "engine/base/error.h"

#include <string>
#include <string_view>

namespace mm::ipc {

inline constexpr std::string_view kCancelNotObeyed = "cancel_not_obeyed"; // a cancelled run went on
inline constexpr std::string_view kStepTimeout = "step_timeout"; // one step of the compute thread took too long
inline constexpr std::string_view kNoHeartbeat = "no_heartbeat"; // pings were not answered
inline constexpr std::string_view kKilled = "killed";            // an operator wanted it so

void setLossCause(Error& error, std::string_view cause);

// The worker was ended for the sake of somebody else's request: whoever was with it may run again, once.
[[nodiscard]] bool mayRunAgain(const Error& error);

// What whoever ran in a model or waited for it is told where an operator ends it at once. It comes without a time to
// try again: nobody who repeats by himself shall load it anew.
[[nodiscard]] Error modelKilled(const std::string& model);
[[nodiscard]] bool isKilled(const Error& error);

} // namespace mm::ipc
