// Tensors of the Open Inference Protocol in JSON, both ways. Pure, any thread.
#pragma once

#include "engine/dialects/oip/tensor.h"
#include "engine/rest/json/field_errors.h"
#include "engine/rest/json/json_reader.h"
#include "engine/rest/json/json_writer.h"

#include <vector>

namespace mm::rest::oip {

// [{"name", "datatype", "shape", "parameters"?, "data"?}, …]; data may be nested, row after row.
void readInputs(JsonReader& reader, std::vector<dialects::oip::InputTensor>& out, const FieldPath& path,
                FieldErrors& errors);
// [{"name", "parameters"?}, …]
void readRequestedOutputs(JsonReader& reader, std::vector<dialects::oip::RequestedOutput>& out, const FieldPath& path,
                          FieldErrors& errors);

// With its data, or with the size of what stands behind the JSON.
void writeOutput(JsonWriter& writer, const dialects::oip::OutputTensor& tensor);

void writeShape(JsonWriter& writer, const dialects::oip::Shape& shape);

} // namespace mm::rest::oip
