#include "engine/rest/json/input_json.h"

#include "engine/rest/json/body_fields.h"

#include <QByteArray>

#include <limits>

namespace mm::rest {
namespace {

namespace v1 = modelmora::v1;

void readTokenId(JsonReader& reader, v1::TokenSequence& out, const FieldPath& path, FieldErrors& errors) {
    JsonNumber number;
    if (reader.kind() != JsonKind::Number)
        return errors.wrongKind(reader, path, "a token id");
    if (!reader.readNumber(number))
        return;
    const std::optional<std::int64_t> id = number.asInteger();
    if (!id || *id < 0 || *id > std::numeric_limits<std::uint32_t>::max())
        return errors.add(path, "expected a token id, found " + std::string(number.text.substr(0, 40)));
    out.add_ids(static_cast<std::uint32_t>(*id));
}

void readSequence(JsonReader& reader, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list of token ids");
    v1::TokenSequence& sequence = *out.mutable_token_batch()->add_sequences();
    reader.enterArray();
    for (std::int64_t index = 0; reader.nextItem(); ++index)
        readTokenId(reader, sequence, path.item(index), errors);
    if (!reader.isBroken() && sequence.ids_size() == 0)
        errors.add(path, "needs at least one token id");
}

void readPair(JsonReader& reader, v1::TextPair& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list of two strings");
    reader.enterArray();
    std::int64_t count = 0;
    for (; reader.nextItem(); ++count) {
        if (count < 2)
            readText(reader, count == 0 ? *out.mutable_first() : *out.mutable_second(), path.item(count), errors);
        else
            reader.skip();
    }
    if (!reader.isBroken() && count != 2)
        errors.add(path, "expected a list of two strings, found one of " + std::to_string(count));
}

// The list has been entered and its first item is next.
enum class Items { Texts, Tokens, Sequences };
void readItems(JsonReader& reader, Items items, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    v1::TokenSequence* single = items == Items::Tokens ? out.mutable_token_batch()->add_sequences() : nullptr;
    std::int64_t index = 0;
    do {
        const FieldPath item = path.item(index++);
        if (items == Items::Texts)
            readText(reader, *out.mutable_text_batch()->add_texts(), item, errors);
        else if (items == Items::Sequences)
            readSequence(reader, out, item, errors);
        else
            readTokenId(reader, *single, item, errors);
    } while (reader.nextItem());
}

bool enterNonEmpty(JsonReader& reader, const FieldPath& path, FieldErrors& errors) {
    reader.enterArray();
    if (reader.nextItem())
        return true;
    if (!reader.isBroken())
        errors.add(path, "needs at least one item");
    return false;
}

void readImage(JsonReader& reader, std::string& out, const FieldPath& path, FieldErrors& errors) {
    std::string text;
    if (reader.kind() != JsonKind::String)
        return errors.wrongKind(reader, path, "a string");
    if (!reader.readString(text))
        return;
    if (text.starts_with("http://") || text.starts_with("https://"))
        return errors.add(path, "URLs are not fetched; send the image itself in base64");
    std::string_view data = text;
    if (data.starts_with("data:")) {
        const std::size_t comma = data.find(";base64,");
        if (comma == std::string_view::npos)
            return errors.add(path, "a data: URI needs \";base64,\"");
        data.remove_prefix(comma + 8);
    }
    const auto decoded = QByteArray::fromBase64Encoding(QByteArray(data.data(), static_cast<qsizetype>(data.size())),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.isEmpty())
        return errors.add(path, "this is not base64");
    out.assign(decoded.decoded.constData(), static_cast<std::size_t>(decoded.decoded.size()));
}

} // namespace

void readTexts(JsonReader& reader, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() == JsonKind::String) {
        reader.readString(*out.mutable_text());
        return;
    }
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a string or a list of strings");
    if (enterNonEmpty(reader, path, errors))
        readItems(reader, Items::Texts, out, path, errors);
}

void readImages(JsonReader& reader, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() == JsonKind::String)
        return readImage(reader, *out.mutable_image(), path, errors);
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a string or a list of strings");
    if (!enterNonEmpty(reader, path, errors))
        return;
    std::int64_t index = 0;
    do
        readImage(reader, *out.mutable_image_batch()->add_images(), path.item(index++), errors);
    while (reader.nextItem());
}

void readTokens(JsonReader& reader, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list of token ids, or a list of such lists");
    if (enterNonEmpty(reader, path, errors))
        readItems(reader, reader.kind() == JsonKind::Array ? Items::Sequences : Items::Tokens, out, path, errors);
}

void readTextsOrTokens(JsonReader& reader, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array && reader.kind() != JsonKind::String)
        return errors.wrongKind(reader, path,
                                "a string, a list of strings, a list of token ids, or a list of such lists");
    if (reader.kind() == JsonKind::String)
        return readTexts(reader, out, path, errors);
    if (!enterNonEmpty(reader, path, errors))
        return;
    const JsonKind first = reader.kind();
    const Items items = first == JsonKind::Array    ? Items::Sequences
                        : first == JsonKind::Number ? Items::Tokens
                                                    : Items::Texts;
    readItems(reader, items, out, path, errors);
}

void readTextPairs(JsonReader& reader, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list of pairs of strings");
    if (!enterNonEmpty(reader, path, errors))
        return;
    std::int64_t index = 0;
    do
        readPair(reader, *out.mutable_text_pairs()->add_pairs(), path.item(index++), errors);
    while (reader.nextItem());
}

void readQuery(JsonReader& reader, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    readText(reader, *out.mutable_query_documents()->mutable_query(), path, errors);
}

void readDocuments(JsonReader& reader, v1::InputData& out, const FieldPath& path, FieldErrors& errors) {
    if (reader.kind() != JsonKind::Array)
        return errors.wrongKind(reader, path, "a list of strings");
    if (!enterNonEmpty(reader, path, errors))
        return;
    std::int64_t index = 0;
    do
        readText(reader, *out.mutable_query_documents()->add_documents(), path.item(index++), errors);
    while (reader.nextItem());
}

} // namespace mm::rest
