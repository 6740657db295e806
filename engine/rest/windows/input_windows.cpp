#include "engine/rest/windows/input_windows.h"

#include <functional>

namespace mm::rest {
namespace {

namespace v1 = modelmora::v1;

struct Inputs {
    int count = 0;
    std::function<std::size_t(int)> bytes; // of one input
};

Inputs inputsOf(const v1::InputData& input) {
    switch (input.data_case()) {
    case v1::InputData::kTextBatch:
        return {input.text_batch().texts_size(), [&](int i) { return input.text_batch().texts(i).size(); }};
    case v1::InputData::kImageBatch:
        return {input.image_batch().images_size(), [&](int i) { return input.image_batch().images(i).size(); }};
    case v1::InputData::kTokenBatch:
        return {input.token_batch().sequences_size(), [&](int i) {
                    return static_cast<std::size_t>(input.token_batch().sequences(i).ids_size()) * sizeof(int);
                }};
    case v1::InputData::kQueryDocuments:
        return {input.query_documents().documents_size(),
                [&](int i) { return input.query_documents().documents(i).size(); }};
    case v1::InputData::kTextPairs:
        return {input.text_pairs().pairs_size(), [&](int i) {
                    return input.text_pairs().pairs(i).first().size() + input.text_pairs().pairs(i).second().size();
                }};
    default:
        return {1, [](int) { return std::size_t{0}; }};
    }
}

template <typename List>
void copy(const List& from, const InputWindow& window, List& to) {
    to.Reserve(window.count);
    for (int i = window.begin; i < window.begin + window.count; ++i)
        *to.Add() = from.Get(i);
}

void copyInputs(const v1::InputData& from, const InputWindow& window, v1::InputData& to) {
    if (from.has_custom_data())
        *to.mutable_custom_data() = from.custom_data();
    if (from.has_text_batch())
        copy(from.text_batch().texts(), window, *to.mutable_text_batch()->mutable_texts());
    if (from.has_image_batch())
        copy(from.image_batch().images(), window, *to.mutable_image_batch()->mutable_images());
    if (from.has_token_batch())
        copy(from.token_batch().sequences(), window, *to.mutable_token_batch()->mutable_sequences());
    if (from.has_text_pairs())
        copy(from.text_pairs().pairs(), window, *to.mutable_text_pairs()->mutable_pairs());
    if (from.has_query_documents()) {
        to.mutable_query_documents()->set_query(from.query_documents().query());
        copy(from.query_documents().documents(), window, *to.mutable_query_documents()->mutable_documents());
    }
}

} // namespace

std::vector<InputWindow> windowsOf(const v1::InputData& input, const WindowLimits& limits) {
    const Inputs inputs = inputsOf(input);
    std::vector<InputWindow> windows{{0, 0}};
    std::size_t bytes = 0;
    for (int i = 0; i < inputs.count; ++i) {
        const std::size_t more = inputs.bytes(i);
        InputWindow& window = windows.back();
        const bool isFull = static_cast<std::size_t>(window.count) >= limits.inputs ||
                            (window.count > 0 && bytes + more > limits.bytes);
        if (isFull) {
            windows.push_back({i, 0});
            bytes = 0;
        }
        ++windows.back().count;
        bytes += more;
    }
    return windows;
}

std::shared_ptr<const v1::InferenceRequest> cutWindow(v1::InferenceRequest& request, const InputWindow& window) {
    const std::unique_ptr<v1::InputData> inputs(request.release_input_data());
    auto cut = std::make_shared<v1::InferenceRequest>(request); // all but the inputs
    copyInputs(*inputs, window, *cut->mutable_input_data());
    *request.mutable_input_data() = std::move(*inputs);
    return cut;
}

} // namespace mm::rest
