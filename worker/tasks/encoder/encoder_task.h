// What a task makes of an encoder: which inputs it takes, what a request may ask, and what becomes of the numbers that
// the head gives for each sequence. EncoderModel runs every such task; a task is one of these and an EncoderHead.
// An EncoderTask is immutable, any thread; an EncoderAnswer belongs to its request and has one owner at a time.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mm::worker {

class EncoderAnswer {
public:
    virtual ~EncoderAnswer() = default;

    // Once, before the first row.
    virtual void reserve(std::size_t inputs) = 0;
    // The head's numbers for one input; all of them are finite.
    virtual void store(std::size_t place, std::span<const float> row) = 0;
    struct Form {
        bool single = false; // the request held one text, not a list of one
        modelmora::v1::EmbeddingFormat embeddings = modelmora::v1::EMBEDDING_FORMAT_UNSPECIFIED;
    };
    // Once, after the last row: what the answer holds may go into the message.
    virtual void write(Form form, modelmora::v1::OutputData& out) = 0;
    // What one input takes in the answer's message, at most.
    [[nodiscard]] virtual std::size_t bytesPerInput() const = 0;
};

// What one request asks, its input aside.
struct EncoderWish {
    std::unique_ptr<EncoderAnswer> answer;
    // Put in front of every text; empty: nothing.
    std::string prompt;
    // The request itself asked for the prompt.
    bool promptGiven = false;
    // False: an input over the limit is refused instead of cut.
    bool truncate = true;
};

class EncoderTask {
public:
    using InputKind = modelmora::v1::InputData::DataCase;
    struct Traits {
        std::string_view does;  // "embeds texts"
        std::string_view wants; // "text, text_batch or token_batch"
        std::vector<InputKind> kinds;
        // False: the head leaves a prompt's tokens out, and must be told how many they are.
        bool poolPrompt = true;
    };

    explicit EncoderTask(Traits traits) : m_traits(std::move(traits)) {}
    virtual ~EncoderTask() = default;

    [[nodiscard]] const Traits& traits() const { return m_traits; }
    [[nodiscard]] bool takes(InputKind kind) const {
        return std::find(m_traits.kinds.begin(), m_traits.kinds.end(), kind) != m_traits.kinds.end();
    }
    // Throws Failure(ValidationError) that names the parameter.
    [[nodiscard]] virtual EncoderWish read(const google::protobuf::Struct& parameters) const = 0;

private:
    Traits m_traits;
};

} // namespace mm::worker
