#include "engine/rest/routes/native/models/model_condition.h"

#include "engine/rest/routes/native/models/model_json.h"
#include "engine/rest/semantics/entity_tag.h"
#include "engine/rest/semantics/header_list.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using semantics::EntityTag;
using semantics::TagCondition;

Error badCondition(const std::string& text) {
    return {ErrorCode::MalformedRequest,
            "If-Match: " + text.substr(0, 200) +
                " is no list of entity tags. Send the ETag of the model as it was answered, quotes included, or *."};
}

Error changedMeanwhile(const v1::Model& model) {
    const std::string etag = semantics::toText(modelTag(model));
    return {ErrorCode::PreconditionFailed,
            "Model '" + model.model_id() + "' is not in the state that If-Match names: it is at revision " +
                std::to_string(model.revision()) + " now, with the ETag " + etag + ". Read it again and repeat.",
            {{"model", model.model_id()}, {"revision", model.revision()}, {"etag", etag}}};
}

// Looks at one id after another until one is as it was seen.
struct Check : std::enable_shared_from_this<Check> {
    service::ModelService& models;
    ExchangePtr exchange;
    std::vector<std::string> ids;
    TagCondition condition;
    std::function<void(std::int64_t)> next;

    Check(service::ModelService& service, ExchangePtr of, std::vector<std::string> shownAs, TagCondition wanted,
          std::function<void(std::int64_t)> then)
        : models(service)
        , exchange(std::move(of))
        , ids(std::move(shownAs))
        , condition(std::move(wanted))
        , next(std::move(then)) {}

    void look(std::size_t at) {
        v1::GetModelRequest request;
        request.set_model_id(ids[at]);
        models.getModel(std::move(request), [self = shared_from_this(), at](Result<v1::Model> found) {
            auto model = std::make_shared<Result<v1::Model>>(std::move(found));
            self->exchange->work(0, [self, at, model] { self->decide(at, *model); });
        });
    }

    void decide(std::size_t at, const Result<v1::Model>& model) {
        if (!model)
            return exchange->fail(model.error());
        if (semantics::matchesStrongly(condition, modelTag(*model)))
            return next(model->revision());
        if (at + 1 < ids.size())
            return look(at + 1);
        exchange->fail(changedMeanwhile(*model));
    }
};

} // namespace

void withExpectedRevision(service::ModelService& models, const ExchangePtr& exchange, std::vector<std::string> shownAs,
                          std::int64_t expected, std::function<void(std::int64_t)> next) {
    const std::string header = semantics::allOf(exchange->request(), "if-match");
    if (header.empty())
        return next(expected);
    auto condition = semantics::readTagCondition(header);
    if (!condition)
        return exchange->fail(badCondition(header));
    if (condition->any)
        return next(expected); // it must be there, and the change fails where it is not
    const auto& tags = condition->tags;
    const bool agrees = expected == 0 || std::any_of(tags.begin(), tags.end(),
                                                     [&](const EntityTag& tag) { return revisionOf(tag) == expected; });
    if (!agrees)
        return exchange->fail(
            invalidField("expected_revision",
                         "is " + std::to_string(expected) + ", and If-Match names another revision; send one of them"));
    std::make_shared<Check>(models, exchange, std::move(shownAs), std::move(*condition), std::move(next))->look(0);
}

Error asAsked(const ExchangePtr& exchange, Error error) {
    if (error.code == ErrorCode::RevisionConflict && !exchange->request().header("if-match").empty())
        error.code = ErrorCode::PreconditionFailed;
    return error;
}

} // namespace mm::rest::native
