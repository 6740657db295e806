// The protocol's model repository: what there is, and the parameters of load and unload. Any thread; replies come on
// the engine thread.
#pragma once

#include "engine/service/services.h"

#include <google/protobuf/struct.pb.h>

#include <string>
#include <vector>

namespace mm::dialects::oip {

struct IndexEntry {
    std::string name;
    std::string version;
    std::string_view state; // READY, LOADING, UNLOADING, UNAVAILABLE
    std::string reason;     // why it is not ready
};

// The current version of every model, and every other that is loaded, sorted; or only what is ready.
void repositoryIndex(const service::Services& services, bool onlyReady, Reply<std::vector<IndexEntry>> reply);

// force (bool), pin (bool) and instances (a number) are ours. A configuration or files that come with a load are not
// supported: InvalidInput, with what to do instead.
Result<modelmora::v1::LoadModelRequest> loadRequest(const std::string& model,
                                                    const google::protobuf::Struct& parameters);
// unload_dependents says nothing here: no model depends on another.
Result<modelmora::v1::UnloadModelRequest> unloadRequest(const std::string& model,
                                                        const google::protobuf::Struct& parameters);
// There is one repository, and it has no name.
Result<void> checkRepositoryName(const std::string& name);

} // namespace mm::dialects::oip
