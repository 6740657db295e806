// Messages to and from the bytes of a call, so that a message that cannot be read gets a precise error and a large
// answer is encoded once, from where it lies. Pure, any thread.
#pragma once

#include "engine/base/result.h"

#include <google/protobuf/message.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <string>

namespace mm::grpc_face {

// Unless the engine is set otherwise.
inline constexpr std::size_t kMaxMessageBytes = 64U << 20;

template <typename Message>
Result<void> decode(grpc::ByteBuffer bytes, Message& message) {
    if (grpc::SerializationTraits<Message>::Deserialize(&bytes, &message).ok())
        return {};
    return Error{ErrorCode::MalformedRequest, "The request cannot be read as a " + message.GetTypeName() +
                                                  ": its bytes are damaged or cut off, or a text in it is not UTF-8."};
}

template <typename Message>
Result<grpc::ByteBuffer> encode(const Message& message, std::size_t limit = kMaxMessageBytes) {
    const std::size_t size = message.ByteSizeLong();
    if (size > limit)
        return Error{
            ErrorCode::PayloadTooLarge,
            "The answer takes " + std::to_string(size >> 20) + " MB, more than the " + std::to_string(limit >> 20) +
                " MB that one message may have. Ask for less at a time, or raise grpc-max-message-mb.",
            {{"answer_bytes", static_cast<std::int64_t>(size)}, {"limit_bytes", static_cast<std::int64_t>(limit)}}};
    grpc::ByteBuffer bytes;
    bool own = false;
    const grpc::Status status = grpc::SerializationTraits<Message>::Serialize(message, &bytes, &own);
    if (!status.ok())
        return Error{ErrorCode::InternalError, "The answer could not be encoded: " + status.error_message()};
    return bytes;
}

} // namespace mm::grpc_face
