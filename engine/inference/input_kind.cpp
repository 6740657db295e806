#include "engine/inference/input_kind.h"

#include "engine/ipc/names.h"

#include <array>
#include <string>
#include <string_view>

namespace mm::inference {
namespace {

using Kind = v1::InputData::DataCase;

struct Wish {
    v1::TaskType task;
    std::string_view wants;
    std::array<Kind, 4> kinds; // kDataNotSet fills up; as the first it means "custom_data alone will do"
};

constexpr Kind kNone = v1::InputData::DATA_NOT_SET;
constexpr std::array<Kind, 4> kText{v1::InputData::kText, v1::InputData::kTextBatch, v1::InputData::kTokenBatch, kNone};
constexpr std::array<Kind, 4> kImage{v1::InputData::kImage, v1::InputData::kImageBatch, kNone, kNone};
constexpr std::array<Kind, 4> kTextOrPairs{v1::InputData::kText, v1::InputData::kTextBatch, v1::InputData::kTokenBatch,
                                           v1::InputData::kTextPairs};

constexpr std::array<Wish, 10> kWishes{{
    {v1::TASK_TYPE_TXT2EMBED, "text, text_batch or token_batch", kText},
    {v1::TASK_TYPE_IMG2EMBED, "image or image_batch", kImage},
    {v1::TASK_TYPE_TXT2IMG, "text or text_batch", {v1::InputData::kText, v1::InputData::kTextBatch, kNone, kNone}},
    {v1::TASK_TYPE_IMG2TXT, "image or image_batch", kImage},
    {v1::TASK_TYPE_TXT2TXT, "text, text_batch or token_batch", kText},
    {v1::TASK_TYPE_IMG2MASK, "image or image_batch", kImage},
    {v1::TASK_TYPE_TXT2CLASS, "text, text_batch, token_batch or text_pairs", kTextOrPairs},
    {v1::TASK_TYPE_IMG2CLASS, "image or image_batch", kImage},
    {v1::TASK_TYPE_TXTPAIR2SCORE,
     "a query with its documents, or text_pairs",
     {v1::InputData::kQueryDocuments, v1::InputData::kTextPairs, kNone, kNone}},
    {v1::TASK_TYPE_TENSOR2TENSOR, "custom_data with the tensors by name", {kNone, kNone, kNone, kNone}},
}};

std::string_view kindName(Kind kind) {
    switch (kind) {
    case v1::InputData::kText:
        return "text";
    case v1::InputData::kTextBatch:
        return "text_batch";
    case v1::InputData::kImage:
        return "image";
    case v1::InputData::kImageBatch:
        return "image_batch";
    case v1::InputData::kTokenBatch:
        return "token_batch";
    case v1::InputData::kQueryDocuments:
        return "query and documents";
    case v1::InputData::kTextPairs:
        return "text_pairs";
    case v1::InputData::DATA_NOT_SET:
        break;
    }
    return "custom_data";
}

const Wish* wishOf(v1::TaskType task) {
    for (const Wish& wish : kWishes)
        if (wish.task == task)
            return &wish;
    return nullptr;
}

bool takes(const Wish& wish, Kind kind) {
    if (kind == kNone)
        return wish.kinds.front() == kNone;
    for (const Kind each : wish.kinds)
        if (each == kind)
            return true;
    return false;
}

bool isEmptyBatch(const v1::InputData& input) {
    return (input.has_text_batch() && input.text_batch().texts().empty()) ||
           (input.has_image_batch() && input.image_batch().images().empty()) ||
           (input.has_token_batch() && input.token_batch().sequences().empty()) ||
           (input.has_query_documents() && input.query_documents().documents().empty()) ||
           (input.has_text_pairs() && input.text_pairs().pairs().empty());
}

} // namespace

Result<void> checkInput(const ResolvedModel& model, const v1::InputData& input) {
    const std::string task(taskName(model.task));
    const Wish* wish = wishOf(model.task);
    if (wish == nullptr)
        return Error{ErrorCode::InvalidTaskType, "the model " + model.modelId + " is registered without a known task"};
    const Kind kind = input.data_case();
    const std::string wants(wish->wants);
    if (kind == kNone && !input.has_custom_data())
        return invalidField("input_data", "is empty; the model " + model.modelId + " (" + task + ") wants " + wants);
    if (!takes(*wish, kind))
        return Error{ErrorCode::InvalidInput,
                     "the model " + model.modelId + " does " + task + " and wants " + wants + "; this request holds " +
                         std::string(kindName(kind)),
                     {{"task_type", task}, {"wants", wants}, {"got", std::string(kindName(kind))}}};
    if (isEmptyBatch(input))
        return invalidField("input_data." +
                                (kind == v1::InputData::kQueryDocuments ? "documents" : std::string(kindName(kind))),
                            "is an empty list; send at least one input");
    return {};
}

int inputCount(const v1::InputData& input) {
    switch (input.data_case()) {
    case v1::InputData::kTextBatch:
        return input.text_batch().texts_size();
    case v1::InputData::kImageBatch:
        return input.image_batch().images_size();
    case v1::InputData::kTokenBatch:
        return input.token_batch().sequences_size();
    case v1::InputData::kQueryDocuments:
        return input.query_documents().documents_size();
    case v1::InputData::kTextPairs:
        return input.text_pairs().pairs_size();
    default:
        return 1;
    }
}

} // namespace mm::inference
