#include "engine/rest/routes/native/models/replayed.h"

#include "engine/rest/exchange.h"
#include "engine/rest/semantics/replayed_answers.h"

#include <QCryptographicHash>

#include <memory>

namespace mm::rest::native {
namespace {

using semantics::ReplayedAnswers;

constexpr std::size_t kLongestKey = 255;

std::string fingerprintOf(const guard::HttpRequest& request) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const std::string* part : {&request.method, &request.path, &request.query, &request.body}) {
        hash.addData(QByteArrayView(part->data(), static_cast<qsizetype>(part->size())));
        hash.addData(QByteArrayView("\n"));
    }
    return hash.result().toStdString();
}

Error badKey() {
    return {ErrorCode::MalformedRequest,
            "Idempotency-Key must have at most " + std::to_string(kLongestKey) + " characters."};
}

Error usedBefore() {
    return invalidField("Idempotency-Key", "was used for another request; take a new key for a new request");
}

} // namespace

Handler replayed(Handler handler) {
    auto answers = std::make_shared<ReplayedAnswers>();
    return [handler = std::move(handler), answers](const ExchangePtr& exchange) {
        const std::string_view given = exchange->request().header("idempotency-key");
        if (given.empty())
            return handler(exchange);
        if (given.size() > kLongestKey)
            return exchange->fail(badKey());
        const Result<std::string>& client = exchange->client();
        if (!client)
            return exchange->fail(client.error());
        const std::string key = *client + '\n' + std::string(given);
        switch (answers->begin(key, fingerprintOf(exchange->request()),
                               [exchange](const Answer& answer) { exchange->answer(answer); })) {
        case ReplayedAnswers::Turn::Differs:
            return exchange->fail(usedBefore());
        case ReplayedAnswers::Turn::Repeats:
            return;
        case ReplayedAnswers::Turn::First:
            break;
        }
        exchange->watchAnswer([answers, key](const Answer& answer) { answers->end(key, answer); });
        handler(exchange);
    };
}

} // namespace mm::rest::native
