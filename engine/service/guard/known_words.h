// Sentences of the engine as a caller is shown them whose key names models: every other model in them is "another
// model". The engine names models in its sentences as "org/repo@version". Pure.
#pragma once

#include "engine/access/identity.h"
#include "engine/base/error.h"
#include "engine/base/reply.h"
#include "modelmora/v1/common.pb.h"

#include <string>
#include <string_view>
#include <utility>

namespace mm::service {

[[nodiscard]] std::string withoutUnknown(const access::Identity& identity, std::string_view sentence);

// Its message, and facts that are texts; of lists of models what is left, and "others" says how many are not.
void leaveOut(const access::Identity& identity, Error& error);
void leaveOut(const access::Identity& identity, modelmora::v1::Error& error);

// The reply that is told errors so.
template <typename T>
Reply<T> errorsSeenBy(const access::IdentityPtr& identity, Reply<T> reply) {
    if (!identity || identity->models.empty())
        return reply;
    return [identity, reply = std::move(reply)](Result<T> result) {
        if (result.ok())
            return reply(std::move(result));
        Error error = std::move(result).error();
        leaveOut(*identity, error);
        reply(std::move(error));
    };
}

} // namespace mm::service
