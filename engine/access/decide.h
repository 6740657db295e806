// May this caller do that? Pure functions over the table of operations, the same for REST and gRPC.
#pragma once

#include "engine/access/identity.h"
#include "engine/access/operation.h"
#include "engine/base/result.h"

#include <string_view>

namespace mm::access {

// "*" and "?" as in file names, but "*" also covers '/'. A pattern without '@' covers every version.
[[nodiscard]] bool coversModel(std::string_view pattern, std::string_view model);
[[nodiscard]] bool coversModel(const Identity& identity, std::string_view model);

// `identity` may be null: nobody that is known. An empty `model`: none in particular, or not known yet. Fails with
// Unauthenticated or PermissionDenied, whose facts say which role or which models it would have taken.
Result<void> decide(const Identity* identity, Operation operation, std::string_view model = {});

// What below operator may only be done with what the caller has sent itself.
[[nodiscard]] bool mayTouch(const Identity& identity, Operation operation, std::string_view owner);

// The priority that a request gets: the one it asks for (0: none in particular), which must not be above the caller's
// own, or what is usual, as far as that is allowed.
Result<int> allowedPriority(const Identity& identity, int asked, int usual);

} // namespace mm::access
