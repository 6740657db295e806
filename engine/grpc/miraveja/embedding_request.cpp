#include "engine/grpc/miraveja/embedding_request.h"

#include "engine/base/near_match.h"
#include "engine/ipc/names.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace mm::grpc_face {
namespace {

namespace v1 = modelmora::v1;

// What the value should have been, where it is refused.
using Applied = std::optional<std::string>;

struct Option {
    std::string_view name;
    std::function<Applied(v1::InferenceRequest&, const std::string&)> apply;
};

std::optional<int> wholeNumber(const std::string& text) {
    int value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, value);
    return fault == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

google::protobuf::Value& parameter(v1::InferenceRequest& request, std::string_view name) {
    return (*request.mutable_parameters()->mutable_fields())[std::string(name)];
}

Option flag(std::string_view name) {
    return {name, [name](v1::InferenceRequest& request, const std::string& text) -> Applied {
                if (text != "true" && text != "false")
                    return "true or false";
                parameter(request, name).set_bool_value(text == "true");
                return {};
            }};
}

Option words(std::string_view name) {
    return {name, [name](v1::InferenceRequest& request, const std::string& text) -> Applied {
                parameter(request, name).set_string_value(text);
                return {};
            }};
}

Option number(std::string_view name, std::function<void(v1::InferenceRequest&, int)> store) {
    return {name, [store = std::move(store)](v1::InferenceRequest& request, const std::string& text) -> Applied {
                const auto value = wholeNumber(text);
                if (!value)
                    return "a whole number";
                store(request, *value);
                return {};
            }};
}

Applied applyPriority(v1::InferenceRequest& request, const std::string& text) {
    const auto priority = priorityFromName(text);
    if (!priority)
        return "critical, high, normal or low";
    request.set_priority(*priority);
    return {};
}

const std::vector<Option>& options() {
    static const std::vector<Option> all{
        flag("normalize"),
        flag("truncate"),
        words("prompt"),
        words("prompt_name"),
        number("dimensions",
               [](auto& request, int value) { parameter(request, "dimensions").set_number_value(value); }),
        number("timeout_seconds", [](auto& request, int value) { request.set_timeout_seconds(value); }),
        number("keep_alive_seconds", [](auto& request, int value) { request.set_keep_alive_seconds(value); }),
        {"priority", applyPriority},
    };
    return all;
}

std::string unknownOption(const std::string& name) {
    std::vector<std::string> known{"text"};
    for (const Option& option : options())
        known.emplace_back(option.name);
    std::string list;
    for (const std::string& each : known)
        list.append(list.empty() ? "" : ", ").append(each);
    return "is no option; there are " + list + "." + didYouMean(name, known);
}

void applyOption(v1::InferenceRequest& out, const std::string& name, const std::string& value,
                 std::vector<FieldError>& wrong) {
    for (const Option& option : options())
        if (option.name == name) {
            if (const Applied refused = option.apply(out, value))
                wrong.push_back({"options." + name, "must be " + *refused + "; it is '" + value.substr(0, 100) + "'"});
            return;
        }
    wrong.push_back({"options." + name.substr(0, 100), unknownOption(name)});
}

void setInput(EmbeddingRequest& request, v1::InputData& input, std::vector<FieldError>& wrong) {
    const auto option = request.options().find("text");
    const bool hasOption = option != request.options().end();
    const int given = (request.text().empty() ? 0 : 1) + (hasOption ? 1 : 0) + (request.image_data().empty() ? 0 : 1);
    if (given != 1)
        wrong.push_back({"text", given == 0 ? "is missing: give text, options[\"text\"] or image_data"
                                            : "give one of text, options[\"text\"] and image_data, not several"});
    else if (!request.image_data().empty())
        input.set_image(std::move(*request.mutable_image_data()));
    else
        input.set_text(hasOption ? option->second : std::move(*request.mutable_text()));
}

} // namespace

Result<v1::InferenceRequest> toInference(EmbeddingRequest&& request) {
    v1::InferenceRequest out;
    std::vector<FieldError> wrong;
    if (request.model_name().empty())
        wrong.push_back({"model_name", "is missing: \"org/repo\" or \"org/repo@version\""});
    setInput(request, *out.mutable_input_data(), wrong);
    for (const auto& [name, value] : request.options())
        if (name != "text")
            applyOption(out, name, value, wrong);
    if (!wrong.empty()) {
        Error error{ErrorCode::ValidationError, {}, {}, std::move(wrong)};
        for (const FieldError& field : error.fieldErrors)
            error.message.append(error.message.empty() ? "" : "; ").append(field.field + " " + field.message);
        return error;
    }
    out.set_model_id(std::move(*request.mutable_model_name()));
    out.set_request_id(std::move(*request.mutable_request_id()));
    out.set_embedding_format(v1::EMBEDDING_FORMAT_BYTES);
    return out;
}

Result<EmbeddingResponse> toEmbedding(const v1::InferenceResponse& response, const std::string& requestId) {
    const v1::OutputData& output = response.output_data();
    if (output.embedding_matrix().rows() != 1 && !output.has_embedding())
        return Error{ErrorCode::InvalidTaskType,
                     "The model " + response.model_id() +
                         " gives no embeddings; ask it through modelmora.v1.InferenceService.",
                     {{"model_id", response.model_id()}}};
    EmbeddingResponse out;
    out.set_request_id(requestId);
    out.set_model_name(response.model_id());
    out.set_inference_time_ms(std::llround(response.metadata().inference_time_ms()));
    if (output.has_embedding()) {
        *out.mutable_vector() = output.embedding().values();
    } else {
        const v1::EmbeddingMatrix& matrix = output.embedding_matrix();
        out.mutable_vector()->Resize(matrix.dimension(), 0);
        std::memcpy(out.mutable_vector()->mutable_data(), matrix.data().data(), matrix.data().size());
    }
    out.set_dimension(out.vector_size());
    return out;
}

} // namespace mm::grpc_face
