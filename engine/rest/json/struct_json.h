// google.protobuf.Struct and its values as the JSON they stand for, both ways. Pure, any thread.
#pragma once

#include "engine/rest/json/field_errors.h"
#include "engine/rest/json/json_reader.h"
#include "engine/rest/json/json_writer.h"

#include <google/protobuf/struct.pb.h>

namespace mm::rest {

// An object; anything else is a field error.
void readStruct(JsonReader& reader, google::protobuf::Struct& out, const FieldPath& path, FieldErrors& errors);
void readValue(JsonReader& reader, google::protobuf::Value& out, const FieldPath& path, FieldErrors& errors);

void writeStruct(JsonWriter& writer, const google::protobuf::Struct& values);
void writeValue(JsonWriter& writer, const google::protobuf::Value& value);

} // namespace mm::rest
