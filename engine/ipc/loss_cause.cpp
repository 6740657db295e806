#include "engine/ipc/loss_cause.h"

#include <algorithm>
#include <array>

namespace mm::ipc {

void setLossCause(Error& error, std::string_view cause) {
    error.facts["cause"] = std::string(cause);
}

bool mayRunAgain(const Error& error) {
    constexpr std::array kCauses{kCancelNotObeyed, kStepTimeout, kNoHeartbeat};
    const auto fact = error.facts.find("cause");
    if (error.code != ErrorCode::WorkerCrashed || fact == error.facts.end())
        return false;
    const auto* cause = std::get_if<std::string>(&fact->second);
    return cause != nullptr && std::find(kCauses.begin(), kCauses.end(), *cause) != kCauses.end();
}

} // namespace mm::ipc
