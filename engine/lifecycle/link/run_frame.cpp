#include "engine/lifecycle/link/run_frame.h"

#include "engine/ipc/frame.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace mm::lifecycle {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;
namespace wv1 = modelmora::worker::v1;

constexpr std::size_t kTagBytes = 1; // every field number here is below 16

constexpr std::uint32_t lengthTag(int field) {
    return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

std::size_t withHeader(std::size_t bytes) {
    return kTagBytes + CodedOutputStream::VarintSize64(bytes) + bytes;
}

std::uint8_t* writeHeader(int field, std::size_t bytes, std::uint8_t* to) {
    to = CodedOutputStream::WriteVarint32ToArray(lengthTag(field), to);
    return CodedOutputStream::WriteVarint64ToArray(bytes, to);
}

} // namespace

Result<void> appendRunFrame(std::uint64_t id, const modelmora::v1::InferenceRequest& request, std::string& out) {
    const std::size_t requestBytes = request.ByteSizeLong();
    const std::size_t itemBytes = kTagBytes + CodedOutputStream::VarintSize64(id) + withHeader(requestBytes);
    const std::size_t runBytes = withHeader(itemBytes);
    const std::size_t frameBytes = withHeader(runBytes);
    if (frameBytes > ipc::kMaxFrameBytes)
        return Error{ErrorCode::PayloadTooLarge,
                     "the request is " + std::to_string(requestBytes) +
                         " bytes long, more than a worker takes in one (" + std::to_string(ipc::kMaxFrameBytes) +
                         " bytes); send fewer or smaller inputs",
                     {{"bytes", static_cast<std::int64_t>(requestBytes)},
                      {"limit_bytes", static_cast<std::int64_t>(ipc::kMaxFrameBytes)}}};
    const std::size_t before = out.size();
    out.resize(before + ipc::kFrameHeaderBytes + frameBytes);
    auto* to = reinterpret_cast<std::uint8_t*>(out.data() + before);
    to = CodedOutputStream::WriteLittleEndian32ToArray(static_cast<std::uint32_t>(frameBytes), to);
    to = writeHeader(wv1::EngineFrame::kRunFieldNumber, runBytes, to);
    to = writeHeader(wv1::Run::kItemsFieldNumber, itemBytes, to);
    to = CodedOutputStream::WriteVarint32ToArray(
        WireFormatLite::MakeTag(wv1::RunItem::kIdFieldNumber, WireFormatLite::WIRETYPE_VARINT), to);
    to = CodedOutputStream::WriteVarint64ToArray(id, to);
    to = writeHeader(wv1::RunItem::kRequestFieldNumber, requestBytes, to);
    request.SerializeWithCachedSizesToArray(to);
    return {};
}

} // namespace mm::lifecycle
