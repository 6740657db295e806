// Requests of the unit tests of tasks.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <string>

namespace mm::test {

inline modelmora::v1::InferenceRequest text(const std::string& one) {
    modelmora::v1::InferenceRequest request;
    request.mutable_input_data()->set_text(one);
    return request;
}

inline google::protobuf::Value& parameter(modelmora::v1::InferenceRequest& request, const char* name) {
    return (*request.mutable_parameters()->mutable_fields())[name];
}

} // namespace mm::test
