#include "engine/grpc/error_details.h"

#include "engine/ipc/retry_after.h"
#include "google/rpc/error_details.pb.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace mm::grpc_face {
namespace {

constexpr std::size_t kInfoBytes = 350;
constexpr std::size_t kFieldsBytes = 350;
constexpr std::size_t kLongestFact = 120;
constexpr std::size_t kLongestName = 128;

std::optional<std::string> shortText(const FactValue& fact) {
    if (const auto* text = std::get_if<std::string>(&fact))
        return text->size() <= kLongestFact ? std::optional(*text) : std::nullopt;
    if (const auto* number = std::get_if<std::int64_t>(&fact))
        return std::to_string(*number);
    if (const auto* number = std::get_if<double>(&fact))
        return std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&fact))
        return *flag ? "true" : "false";
    return std::nullopt; // lists
}

google::rpc::ErrorInfo infoOf(const Error& error) {
    google::rpc::ErrorInfo info;
    info.set_reason(std::string(errorName(error.code)));
    info.set_domain(kErrorDomain);
    std::size_t bytes = 0;
    for (const auto& [name, fact] : error.facts) {
        const auto text = shortText(fact);
        if (!text || bytes + name.size() + text->size() > kInfoBytes)
            continue;
        bytes += name.size() + text->size();
        (*info.mutable_metadata())[name] = *text;
    }
    return info;
}

google::rpc::BadRequest fieldsOf(const Error& error) {
    google::rpc::BadRequest fields;
    std::size_t bytes = 0;
    for (const FieldError& field : error.fieldErrors) {
        bytes += field.field.size() + field.message.size();
        if (bytes > kFieldsBytes)
            break;
        auto& violation = *fields.add_field_violations();
        violation.set_field(field.field);
        violation.set_description(field.message);
    }
    return fields;
}

// What is not there: its type, and the fact that names it.
std::pair<std::string_view, std::string_view> resourceOf(ErrorCode code) {
    switch (code) {
    case ErrorCode::ModelNotFound:
        return {"modelmora.v1.Model", "model"};
    case ErrorCode::VersionNotFound:
        return {"modelmora.v1.ModelVersion", "version"};
    case ErrorCode::RequestNotFound:
        return {"modelmora.v1.QueueEntry", "request_id"};
    case ErrorCode::JobNotFound:
        return {"modelmora.v1.Job", "job_id"};
    default:
        return {};
    }
}

} // namespace

void addStandardDetails(const Error& error, const std::string& requestId, google::rpc::Status& status) {
    status.add_details()->PackFrom(infoOf(error));
    if (!error.fieldErrors.empty())
        status.add_details()->PackFrom(fieldsOf(error));
    if (const int seconds = retryAfterSeconds(error); seconds > 0) {
        google::rpc::RetryInfo retry;
        retry.mutable_retry_delay()->set_seconds(seconds);
        status.add_details()->PackFrom(retry);
    }
    if (const auto [type, fact] = resourceOf(error.code); !type.empty()) {
        google::rpc::ResourceInfo resource;
        resource.set_resource_type(std::string(type));
        if (const auto named = error.facts.find(std::string(fact)); named != error.facts.end())
            resource.set_resource_name(shortText(named->second).value_or(""));
        status.add_details()->PackFrom(resource);
    }
    if (!requestId.empty() && requestId.size() <= kLongestName) {
        google::rpc::RequestInfo request;
        request.set_request_id(requestId);
        status.add_details()->PackFrom(request);
    }
}

} // namespace mm::grpc_face
