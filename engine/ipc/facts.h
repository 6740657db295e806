// Errors on their way through protobuf: Error ↔ worker Failure, and its facts ↔ Struct. Pure, any thread.
#pragma once

#include "engine/base/error.h"
#include "modelmora/v1/common.pb.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <google/protobuf/struct.pb.h>

namespace mm::ipc {

google::protobuf::Struct toStruct(const Facts& facts);
// Numbers without a fraction come back as integers; nested values are kept as their JSON text.
Facts fromStruct(const google::protobuf::Struct& values);

modelmora::worker::v1::Failure toFailure(const Error& error);
Error fromFailure(const modelmora::worker::v1::Failure& failure);

modelmora::v1::Error toProto(const Error& error);
Error fromProto(const modelmora::v1::Error& error);

} // namespace mm::ipc
