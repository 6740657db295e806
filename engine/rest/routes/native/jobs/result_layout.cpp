#include "engine/rest/routes/native/jobs/result_layout.h"

#include "engine/rest/routes/native/inference_data_json.h"
#include "engine/rest/routes/native/inference_json.h"

#include <algorithm>

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;

constexpr std::size_t kMostLayouts = 256;
constexpr qsizetype kTagBytes = 16; // of the hash
constexpr std::string_view kOutputs = "\"output_data\":";
constexpr std::string_view kListOpens = "\":[";
constexpr std::size_t kListCloses = 2; // "]}"

std::string objectOf(const v1::OutputData& output, bool isList) {
    std::string text;
    JsonWriter writer(text);
    writer.beginObject();
    writeOutputData(writer, output, {.isList = isList});
    writer.endObject();
    return text;
}

// Where the rows begin in {"name":[row,row]}; nothing for an object of another form.
std::size_t rowsAt(std::string_view object) {
    const std::size_t opens = object.find(kListOpens);
    const bool isOneList = object.starts_with("{\"") && opens != std::string_view::npos && object.ends_with("]}") &&
                           object.find('"', 2) == opens;
    return isOneList ? opens + kListOpens.size() : std::string_view::npos;
}

Error doNotFit() {
    return {ErrorCode::InternalError, "The parts of this result are no lists that could be joined. Please report it."};
}

v1::InferenceResponse wholeWith(const v1::InferenceResponse& frame, const v1::OutputData& output) {
    v1::InferenceResponse response = frame;
    *response.mutable_output_data() = output;
    return response;
}

} // namespace

std::size_t ResultLayout::partAt(std::uint64_t byte) const {
    return static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), byte) - ends.begin());
}

Result<std::string> textOf(const service::JobResult& result, const ResultLayout& layout, std::size_t part) {
    MM_TRY(const v1::OutputData output, result.part(part));
    if (result.parts() == 1)
        return std::move(inferenceAnswer(wholeWith(result.frame(), output), {.isList = layout.isList}).body);
    const std::string object = objectOf(output, true);
    const std::size_t rows = rowsAt(object);
    if (rows == std::string_view::npos)
        return doNotFit();
    std::string text = part == 0 ? layout.prefix : std::string(",");
    text.append(object, rows, object.size() - rows - kListCloses);
    if (part + 1 == result.parts())
        text += layout.suffix;
    return text;
}

Result<void> LayoutMaker::frame(const v1::OutputData& first) {
    m_layout.isList = m_result->parts() > 1 || !first.has_embedding();
    if (m_result->parts() == 1)
        return {};
    const std::string object = objectOf(first, true);
    const std::string body = inferenceAnswer(wholeWith(m_result->frame(), first), {.isList = true}).body;
    const std::size_t field = body.find(std::string(kOutputs) + object);
    const std::size_t rows = rowsAt(object);
    if (field == std::string::npos || rows == std::string_view::npos)
        return doNotFit();
    const std::size_t begins = field + kOutputs.size();
    m_layout.prefix = body.substr(0, begins + rows);
    m_layout.suffix = body.substr(begins + object.size() - kListCloses);
    return {};
}

Result<std::string> LayoutMaker::next() {
    if (isDone())
        return std::string();
    if (m_next == 0) {
        MM_TRY(const v1::OutputData first, m_result->part(0));
        MM_CHECK(frame(first));
    }
    MM_TRY(std::string text, textOf(*m_result, m_layout, m_next));
    m_hash.addData(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())));
    m_layout.ends.push_back(m_layout.size() + text.size());
    ++m_next;
    return text;
}

std::shared_ptr<const ResultLayout> LayoutMaker::finish() {
    const QByteArray hash = m_hash.result();
    m_layout.etag = '"' + hash.left(kTagBytes).toHex().toStdString() + '"';
    m_layout.digest = "sha-256=:" + hash.toBase64().toStdString() + ":";
    return std::make_shared<const ResultLayout>(std::move(m_layout));
}

ResultLayouts::Layout ResultLayouts::find(const std::string& sha256) {
    const std::lock_guard lock(m_mutex);
    const auto found =
        std::find_if(m_kept.begin(), m_kept.end(), [&](const auto& kept) { return kept.first == sha256; });
    return found == m_kept.end() ? nullptr : found->second;
}

void ResultLayouts::keep(const std::string& sha256, Layout layout) {
    const std::lock_guard lock(m_mutex);
    if (m_kept.size() >= kMostLayouts)
        m_kept.erase(m_kept.begin());
    m_kept.emplace_back(sha256, std::move(layout));
}

} // namespace mm::rest::native
