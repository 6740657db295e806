// If-Match of a change to a model, beside `expected_revision`: both guard against a change that somebody else has made
// meanwhile, and both end in the check that the change itself makes, so that nothing comes between.
#pragma once

#include "engine/rest/exchange.h"
#include "engine/service/model_service.h"

#include <functional>
#include <string>
#include <vector>

namespace mm::rest::native {

// Calls next(revision) with the revision to expect: `expected` where there is no If-Match, else the one that it names.
// `shownAs`: the ids whose ETag the client may have seen, such as the model and its version. Fails the exchange with
// PreconditionFailed where none of them is in the state that If-Match names, and with ValidationError where `expected`
// (0: nothing) names another.
void withExpectedRevision(service::ModelService& models, const ExchangePtr& exchange, std::vector<std::string> shownAs,
                          std::int64_t expected, std::function<void(std::int64_t)> next);

// The error of the change as its client asked for it: RevisionConflict is PreconditionFailed to one that sent If-Match.
[[nodiscard]] Error asAsked(const ExchangePtr& exchange, Error error);

// exchange->replyWith(), with errors as asked.
template <typename T, typename Encode>
Reply<T> replyToChange(const ExchangePtr& exchange, Encode encode) {
    return [exchange, reply = exchange->replyWith<T>(encode)](Result<T> result) {
        if (result)
            reply(std::move(result));
        else
            reply(asAsked(exchange, std::move(result).error()));
    };
}

} // namespace mm::rest::native
