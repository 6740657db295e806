#include "engine/service/guard/known_words.h"

#include "engine/access/decide.h"
#include "engine/ipc/facts.h"

#include <algorithm>
#include <cstdint>
#include <variant>
#include <vector>

namespace mm::service {
namespace {

constexpr std::string_view kAnother = "another model";

bool isPartOfName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./@+").find(c) != std::string_view::npos;
}

// Whether the word names one version of a model, and which part of it does: a sentence may end with it.
std::string_view modelIn(std::string_view word) {
    while (!word.empty() && word.back() == '.')
        word.remove_suffix(1);
    const std::size_t slash = word.find('/');
    const std::size_t at = word.find('@');
    const bool isModel = slash != std::string_view::npos && slash > 0 && at != std::string_view::npos && at > slash + 1;
    return isModel ? word : std::string_view();
}

} // namespace

std::string withoutUnknown(const access::Identity& identity, std::string_view sentence) {
    std::string told;
    while (!sentence.empty()) {
        const auto from = std::find_if(sentence.begin(), sentence.end(), isPartOfName);
        told.append(sentence.begin(), from);
        sentence.remove_prefix(static_cast<std::size_t>(from - sentence.begin()));
        const auto to = std::find_if_not(sentence.begin(), sentence.end(), isPartOfName);
        const std::string_view word = sentence.substr(0, static_cast<std::size_t>(to - sentence.begin()));
        sentence.remove_prefix(word.size());
        const std::string_view model = modelIn(word);
        const bool isUnknown = !model.empty() && !access::coversModel(identity, model);
        told.append(isUnknown ? kAnother : word);
        if (isUnknown)
            told.append(word.substr(model.size()));
    }
    return told;
}

void leaveOut(const access::Identity& identity, Error& error) {
    error.message = withoutUnknown(identity, error.message);
    std::int64_t others = 0;
    for (auto& [name, fact] : error.facts) {
        if (auto* text = std::get_if<std::string>(&fact))
            *text = withoutUnknown(identity, *text);
        else if (auto* list = std::get_if<std::vector<std::string>>(&fact))
            others += static_cast<std::int64_t>(std::erase_if(*list, [&](const std::string& each) {
                return !modelIn(each).empty() && !access::coversModel(identity, each);
            }));
    }
    if (others > 0)
        error.facts["others"] = others;
}

void leaveOut(const access::Identity& identity, modelmora::v1::Error& error) {
    Error told = ipc::fromProto(error);
    leaveOut(identity, told);
    const std::string trace = error.trace_id();
    error = ipc::toProto(told);
    error.set_trace_id(trace);
}

} // namespace mm::service
