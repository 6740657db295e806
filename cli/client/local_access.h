// Keys and audit of a data folder on this machine, whether an engine runs on it or not: modelmora-engine is asked, by
// pipes, so that nothing secret is an argument. Blocking; one thread.
#pragma once

#include "engine/base/result.h"
#include "modelmora/v1/access.pb.h"

#include <string>

namespace mm::cli {

// One method of AccessService: its serialized request in, its serialized answer out. An empty `dataDir` is the engine's
// own default. Fails as the method does.
Result<std::string> askLocally(const std::string& method, const std::string& request, const std::string& dataDir);

// modelmora-engine, beside this program or in PATH.
Result<std::string> findEngine();

template <typename Response, typename Request>
Result<Response> callLocally(const std::string& method, const Request& request, const std::string& dataDir) {
    MM_TRY(const std::string bytes, askLocally(method, request.SerializeAsString(), dataDir));
    Response response;
    if (!response.ParseFromString(bytes))
        return Error{ErrorCode::InternalError, "modelmora-engine has answered what cannot be read."};
    return response;
}

} // namespace mm::cli
