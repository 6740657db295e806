// The inputs of an inference as JSON gives them, one or a list, into InputData: what every dialect needs. Pure.
#pragma once

#include "engine/rest/json/field_errors.h"
#include "engine/rest/json/json_reader.h"
#include "modelmora/v1/inference.pb.h"

namespace mm::rest {

// "text" or ["text", …]
void readTexts(JsonReader& reader, modelmora::v1::InputData& out, const FieldPath& path, FieldErrors& errors);
// Base64 or a data: URI, one or a list.
void readImages(JsonReader& reader, modelmora::v1::InputData& out, const FieldPath& path, FieldErrors& errors);
// [1, 2, …] or [[1, 2, …], …]
void readTokens(JsonReader& reader, modelmora::v1::InputData& out, const FieldPath& path, FieldErrors& errors);
// Any of texts and tokens, told apart by the first item.
void readTextsOrTokens(JsonReader& reader, modelmora::v1::InputData& out, const FieldPath& path, FieldErrors& errors);

// [["text", "text"], …]
void readTextPairs(JsonReader& reader, modelmora::v1::InputData& out, const FieldPath& path, FieldErrors& errors);
// The two halves of query_documents: "text", and ["text", …].
void readQuery(JsonReader& reader, modelmora::v1::InputData& out, const FieldPath& path, FieldErrors& errors);
void readDocuments(JsonReader& reader, modelmora::v1::InputData& out, const FieldPath& path, FieldErrors& errors);

} // namespace mm::rest
