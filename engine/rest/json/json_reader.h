// A strict JSON reader that pulls: the caller asks for what it expects, nothing is built in between. One pass, bounded
// depth, no recursion on the input's behalf. What cannot be read (bad syntax, invalid UTF-8, a key given twice, too
// deep) breaks the reader for good: everything returns false from then on, and error() says where and what. One owner.
#pragma once

#include "engine/base/error.h"
#include "engine/rest/json/json_number.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace mm::rest {

enum class JsonKind { Object, Array, String, Number, Bool, Null, Broken };
// "an object", "a string" …
std::string_view describe(JsonKind kind);

class JsonReader {
public:
    // Deep enough for any honest request; three protobuf levels each, it stays below protobuf's own limit of 100.
    static constexpr std::size_t kMaxDepth = 24;

    explicit JsonReader(std::string_view text); // the text outlives the reader

    JsonKind kind(); // of the value that comes next

    bool enterObject();
    bool nextKey(std::string& key); // false at the object's end
    bool enterArray();
    bool nextItem(); // false at the array's end
    bool readString(std::string& out);
    bool readNumber(JsonNumber& out);
    bool readBool(bool& out);
    bool readNull();
    bool skip(); // any value; it is checked all the same
    bool end();  // nothing but blanks is left

    [[nodiscard]] bool isBroken() const { return m_error.has_value(); }
    [[nodiscard]] const Error& error() const { return *m_error; }

private:
    struct Level {
        bool isFirst = true;
        std::vector<std::string> keys;
        std::unordered_set<std::string> manyKeys;
    };

    bool enter(char open);
    bool nextMember(char close);
    bool rememberKey(const std::string& key, std::size_t at);
    bool readEscape(std::string& out);
    bool readHex4(unsigned& out);
    bool readWord(std::string_view word);
    void skipBlanks();
    bool fail(std::string what, std::size_t at);
    bool failHere(std::string_view expected);

    std::string_view m_text;
    std::size_t m_at = 0;
    std::vector<Level> m_levels;
    std::optional<Error> m_error;
};

} // namespace mm::rest
