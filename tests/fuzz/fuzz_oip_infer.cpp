// Infer requests of the Open Inference Protocol over REST against any bytes: the JSON, the bytes of tensors behind it,
// and what both become. The first two bytes say how long the JSON is; every answer that is made can be read again.
#include "engine/dialects/oip/infer_outputs.h"
#include "engine/rest/routes/oip/infer_json.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace core = mm::dialects::oip;
namespace v1 = modelmora::v1;

// Back to a request: what was accepted is text in UTF-8, however it came.
void checkTexts(const v1::InferenceRequest& request) {
    std::string bytes;
    v1::InferenceRequest again;
    if (!request.SerializeToString(&bytes) || !again.ParseFromString(bytes))
        std::abort();
}

void convert(std::string_view body, std::string_view header, v1::TaskType task) {
    auto call = mm::rest::oip::readInfer(body, header);
    if (!call.ok()) {
        if (call.error().message.empty())
            std::abort();
        return;
    }
    v1::Model model;
    model.set_model_id("org/repo");
    model.set_task_type(task);
    const auto request = core::toInferenceRequest(*call, model);
    if (request.ok())
        checkTexts(*request);
    else if (request.error().message.empty())
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);
    const std::size_t length = data[0] + data[1] * 256UL;
    const std::string header = length == 0 ? std::string() : std::to_string(length);
    for (const v1::TaskType task : {v1::TASK_TYPE_TXT2EMBED, v1::TASK_TYPE_TXT2CLASS, v1::TASK_TYPE_TXTPAIR2SCORE})
        convert(body, header, task);
    return 0;
}
