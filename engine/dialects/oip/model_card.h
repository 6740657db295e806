// What clients are told of one model: gathered from the engine's services. Any thread; replies come on the engine
// thread.
#pragma once

#include "engine/dialects/oip/signature.h"
#include "engine/service/services.h"

#include <string>
#include <vector>

namespace mm::dialects::oip {

inline constexpr std::string_view kPlatform = "libtorch_safetensors";

struct ModelCard {
    modelmora::v1::Model model;
    modelmora::v1::ModelStatus status;
    std::vector<std::string> versions;
    Signature signature;
};

// `id` is "org/repo" or "org/repo@version". Fails as the registry does for an unknown one.
void modelCard(const service::Services& services, const std::string& id, Reply<ModelCard> reply);

// Ready is what is loaded. A model that is not is loaded by its first request; clients that ask want to know whether
// that one will wait.
void modelReady(const service::Services& services, const std::string& id, Reply<bool> reply);

void serverReady(const service::Services& services, Reply<bool> reply);

// Of this protocol's published ones, those that are served.
const std::vector<std::string_view>& serverExtensions();

} // namespace mm::dialects::oip
