#include "engine/ipc/loss_cause.h"

#include <algorithm>
#include <array>
#include <variant>

namespace mm::ipc {
namespace {

const std::string* causeOf(const Error& error) {
    const auto fact = error.facts.find("cause");
    return fact == error.facts.end() ? nullptr : std::get_if<std::string>(&fact->second);
}

} // namespace

void setLossCause(Error& error, std::string_view cause) {
    error.facts["cause"] = std::string(cause);
}

bool mayRunAgain(const Error& error) {
    constexpr std::array kCauses{kCancelNotObeyed, kStepTimeout, kNoHeartbeat};
    const std::string* cause = causeOf(error);
    return error.code == ErrorCode::WorkerCrashed && cause != nullptr &&
           std::find(kCauses.begin(), kCauses.end(), *cause) != kCauses.end();
}

Error modelKilled(const std::string& model) {
    Error error{ErrorCode::ServiceUnavailable,
                "the model " + model +
                    " was unloaded at once, and what ran in it or waited for it was ended; send it again only where it "
                    "is still wanted, since that loads the model anew",
                {{"model", model}}};
    setLossCause(error, kKilled);
    return error;
}

bool isKilled(const Error& error) {
    const std::string* cause = causeOf(error);
    return cause != nullptr && *cause == kKilled;
}

} // namespace mm::ipc
