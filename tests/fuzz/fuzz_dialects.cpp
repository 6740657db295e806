// Every dialect's reader of an inference against any bytes: a request or an error that says something, of bounded size,
// whatever comes; what is read can be cut into windows that hold all of it.
#include "engine/rest/routes/native/inference_json.h"
#include "engine/rest/routes/openai/embeddings_json.h"
#include "engine/rest/routes/rerank/rerank_json.h"
#include "engine/rest/routes/tei/tei_json.h"
#include "engine/rest/windows/input_windows.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace mm;
using namespace mm::rest;
namespace v1 = modelmora::v1;

constexpr std::size_t kLongestError = 64UL << 10;

void check(const Error& error) {
    std::size_t bytes = error.message.size();
    for (const FieldError& field : error.fieldErrors)
        bytes += field.field.size() + field.message.size();
    if (error.message.empty() || bytes > kLongestError)
        std::abort();
}

void check(v1::InferenceRequest& request) {
    const std::string before = request.SerializeAsString();
    int inputs = 0;
    for (const InputWindow& window : windowsOf(request.input_data(), {2, 16})) {
        if (window.begin != inputs)
            std::abort();
        inputs += window.count;
        if (cutWindow(request, window)->model_id() != request.model_id())
            std::abort();
    }
    if (request.ByteSizeLong() != before.size())
        std::abort();
}

template <typename Request>
void check(const Result<Request>& read) {
    if (!read)
        return check(read.error());
    check(*read->inference);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view json(reinterpret_cast<const char*>(data), size);
    check(openai::readEmbeddings(json));
    check(rerank::readRerank(json, rerank::Version::One));
    check(rerank::readRerank(json, rerank::Version::Two));
    check(tei::readEmbed(json));
    check(tei::readRerank(json));
    check(tei::readPredict(json));
    check(tei::readClassify(json));
    v1::InferenceRequest native;
    if (const Result<void> read = native::readInference(json, native); !read)
        check(read.error());
    else
        check(native);
    return 0;
}
