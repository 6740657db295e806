#include "engine/lifecycle/model_state.h"

#include "engine/ipc/names.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace mm::lifecycle {
namespace {

using namespace modelmora::v1;

constexpr std::array<std::pair<ModelState, ModelState>, 8> kTransitions{{
    {MODEL_STATE_UNLOADED, MODEL_STATE_LOADING},
    {MODEL_STATE_LOADING, MODEL_STATE_LOADED},
    {MODEL_STATE_LOADING, MODEL_STATE_UNHEALTHY},
    {MODEL_STATE_LOADED, MODEL_STATE_DRAINING},
    {MODEL_STATE_LOADED, MODEL_STATE_UNHEALTHY},
    {MODEL_STATE_DRAINING, MODEL_STATE_UNLOADED},
    {MODEL_STATE_UNHEALTHY, MODEL_STATE_LOADING},
    {MODEL_STATE_UNHEALTHY, MODEL_STATE_UNLOADED},
}};

} // namespace

bool isLegal(ModelState from, ModelState to) {
    return std::find(kTransitions.begin(), kTransitions.end(), std::pair(from, to)) != kTransitions.end();
}

Result<void> checkTransition(ModelState from, ModelState to) {
    if (isLegal(from, to))
        return {};
    const std::string fromName(stateName(from));
    const std::string toName(stateName(to));
    return Error{ErrorCode::IllegalTransition,
                 "a model that is " + fromName + " cannot become " + toName,
                 {{"from", fromName}, {"to", toName}}};
}

} // namespace mm::lifecycle
