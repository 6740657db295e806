#include "cli/input/inference_input.h"

#include "cli/input/key_values.h"
#include "cli/output/text.h"
#include "engine/ipc/names.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

namespace mm::cli {
namespace {

namespace v1 = modelmora::v1;

Result<std::vector<std::string>> readLines(std::FILE* file, const std::string& name) {
    std::string all;
    std::string buffer(1U << 16, '\0');
    while (const std::size_t read = std::fread(buffer.data(), 1, buffer.size(), file))
        all.append(buffer, 0, read);
    if (std::ferror(file) != 0)
        return Error{ErrorCode::SourceNotFound,
                     name + " could not be read: " + std::generic_category().message(errno) + "."};
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < all.size();) {
        const std::size_t end = std::min(all.find('\n', begin), all.size());
        const bool carriage = end > begin && all[end - 1] == '\r';
        lines.push_back(all.substr(begin, end - begin - (carriage ? 1 : 0)));
        begin = end + 1;
    }
    return lines;
}

Result<std::vector<std::string>> readFile(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!file)
        return Error{ErrorCode::SourceNotFound,
                     "The file '" + path + "' could not be opened: " + std::generic_category().message(errno) + "."};
    return readLines(file.get(), "The file '" + path + "'");
}

Result<void> addPair(const std::string& text, std::size_t place, v1::InputData& input) {
    const std::size_t tab = text.find('\t');
    if (tab == std::string::npos || text.find('\t', tab + 1) != std::string::npos)
        return invalidField("TEXT " + std::to_string(place + 1),
                            "with --pairs, a text needs one tab between its two halves");
    auto& pair = *input.mutable_text_pairs()->add_pairs();
    pair.set_first(text.substr(0, tab));
    pair.set_second(text.substr(tab + 1));
    return {};
}

} // namespace

std::vector<Positional> InferenceInput::positionals() {
    return {{"MODEL", "a model, as org/repo or org/repo@version", &m_model},
            {"TEXT", "texts; a single - reads one per line from the standard input", &m_texts, false}};
}

std::vector<Flag> InferenceInput::flags() {
    return {{"--file", "FILE", "Read the texts from a file, one per line.", "--file texts.txt", &m_file},
            {"--param", "KEY=VALUE", "A parameter of the task; may be given more than once.", "--param dimensions=128",
             &m_params},
            {"--query", "TEXT", "Score the texts, as documents, against this query.", "--query 'a question'", &m_query},
            {"--pairs", "", "Each text is a pair, with a tab between its two halves.", "--pairs", &m_pairs},
            {"--priority",
             "PRIORITY",
             "How urgent it is.",
             "--priority high",
             &m_priority,
             {"critical", "high", "normal", "low"}}};
}

Result<void> InferenceInput::read(std::FILE* standardInput) {
    if (!m_query.empty() && m_pairs)
        return invalidField("--pairs", "--query makes the pairs already");
    if (!isUtf8(m_query))
        return invalidField("--query", "it is not UTF-8");
    if (!m_file.empty() && !m_texts.empty())
        return invalidField("--file", "texts are given on the command line too");
    if (!m_file.empty()) {
        MM_TRY(m_texts, readFile(m_file));
    } else if (m_texts.size() == 1 && m_texts.front() == "-") {
        MM_TRY(m_texts, readLines(standardInput, "The standard input"));
    }
    if (m_texts.empty())
        return invalidField("TEXT", "there is no text; give some, a - for the standard input, or --file");
    for (std::size_t i = 0; i < m_texts.size(); ++i)
        if (!isUtf8(m_texts[i]))
            return invalidField("TEXT " + std::to_string(i + 1), "it is not UTF-8");
    return {};
}

Result<v1::InferenceRequest> InferenceInput::request(const GlobalOptions& options) const {
    constexpr int kMostSeconds = 600;
    v1::InferenceRequest request;
    request.set_model_id(m_model);
    MM_TRY(*request.mutable_parameters(), toSettings("--param", m_params));
    if (const auto priority = priorityFromName(m_priority))
        request.set_priority(*priority);
    if (options.timeoutSeconds > 0)
        request.set_timeout_seconds(std::min(options.timeoutSeconds, kMostSeconds));
    return request;
}

Result<std::size_t> InferenceInput::fill(std::size_t first, const Bounds& bounds, v1::InputData& input) const {
    input.Clear();
    if (!m_query.empty())
        input.mutable_query_documents()->set_query(m_query);
    std::size_t bytes = 0;
    std::size_t next = first;
    for (; next < m_texts.size() && next - first < bounds.texts; ++next) {
        bytes += m_texts[next].size();
        if (next > first && bytes > bounds.bytes)
            break;
        if (!m_query.empty())
            input.mutable_query_documents()->add_documents(m_texts[next]);
        else if (!m_pairs)
            input.mutable_text_batch()->add_texts(m_texts[next]);
        else if (auto added = addPair(m_texts[next], next, input); !added)
            return added.error();
    }
    return next;
}

} // namespace mm::cli
