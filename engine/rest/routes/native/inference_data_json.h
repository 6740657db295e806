// What goes into a model and what comes out, in the native dialect's JSON: input_data and output_data. Pure, any
// thread.
#pragma once

#include "engine/rest/json/field_errors.h"
#include "engine/rest/json/json_reader.h"
#include "engine/rest/json/json_writer.h"
#include "modelmora/v1/inference.pb.h"

#include <span>

namespace mm::rest::native {

// One of text, image, token_ids, text_pairs, and query with documents; whatever else is there belongs to the task and
// goes along as custom_data.
void readInputData(JsonReader& reader, modelmora::v1::InputData& out, const FieldPath& path, FieldErrors& errors);

struct OutputForm {
    bool isList = false;   // the inputs came as a list, so embeddings go back as one, however many there are
    bool isBase64 = false; // each embedding a string of little-endian float32 in base64, instead of a list of numbers
};

void writeEmbedding(JsonWriter& writer, std::span<const float> values, const OutputForm& form);
// The fields of output_data, into an object that is open.
void writeOutputData(JsonWriter& writer, const modelmora::v1::OutputData& output, const OutputForm& form);

} // namespace mm::rest::native
