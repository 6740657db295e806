// infer: texts, documents of a query, or pairs of texts in; embeddings, scores or labels out, shortened for people and
// complete with --json.
#include "cli/commands/commands.h"
#include "cli/commands/inference_text.h"
#include "cli/input/key_values.h"
#include "cli/output/text.h"
#include "engine/ipc/names.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

namespace mm::cli {
namespace {

using Inference = v1::InferenceService::StubInterface;

// Many texts go in several requests, so that none is too large and the engine can serve others in between.
constexpr std::size_t kTextsPerRequest = 256;
constexpr std::size_t kBytesPerRequest = 8U << 20;

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

class Infer final : public Command {
public:
    Infer() {
        m_declaration = {
            .name = "infer",
            .summary = "Run a model on texts and show what it answers.",
            .positionals = {{"MODEL", "a model, as org/repo or org/repo@version", &m_model},
                            {"TEXT", "texts; a single - reads one per line from the standard input", &m_texts, false}},
            .flags = {{"--file", "FILE", "Read the texts from a file, one per line.", "--file texts.txt", &m_file},
                      {"--param", "KEY=VALUE", "A parameter of the task; may be given more than once.",
                       "--param dimensions=128", &m_params},
                      {"--query", "TEXT", "Score the texts, as documents, against this query.", "--query 'a question'",
                       &m_query},
                      {"--pairs", "", "Each text is a pair, with a tab between its two halves.", "--pairs", &m_pairs},
                      {"--priority",
                       "PRIORITY",
                       "How urgent it is.",
                       "--priority high",
                       &m_priority,
                       {"critical", "high", "normal", "low"}}},
            .examples = {"modelmora infer org/repo 'a first text' 'a second one'",
                         "cat texts.txt | modelmora infer org/repo - --json",
                         "modelmora infer org/repo --file texts.txt --param normalize=true",
                         "modelmora infer org/reranker --query 'a question' --file documents.txt"},
            .details =
                "Parameters of embedding models: normalize, dimensions, prompt_name, prompt, truncate; of models "
                "that classify or score: raw_scores, top_k, truncate."};
    }

    Result<ExitCode> run(Context& context) override {
        MM_TRY(const auto texts, collectTexts(context));
        MM_TRY(v1::InferenceRequest request, prepare(context));
        v1::InferenceResponse all;
        for (std::size_t first = 0; first < texts.size();) {
            MM_TRY(first, fill(texts, first, *request.mutable_input_data()));
            MM_TRY(auto part, context.engine().call(&Inference::Infer, request, EngineClient::kInferSeconds));
            appendInference(std::move(part), all);
            if (texts.size() > kTextsPerRequest && !context.options.json)
                context.terminal.live(std::to_string(first) + " of " + std::to_string(texts.size()) + " texts");
        }
        context.terminal.endLive();
        context.show(all, [&] { return describeInference(all, texts, !m_query.empty(), context.terminal); });
        return ExitCode::Ok;
    }

private:
    // As many of the texts from `first` on as go in one request; gives the one after them.
    Result<std::size_t> fill(const std::vector<std::string>& texts, std::size_t first, v1::InputData& input) const {
        input.Clear();
        if (!m_query.empty())
            input.mutable_query_documents()->set_query(m_query);
        std::size_t bytes = 0;
        std::size_t next = first;
        for (; next < texts.size() && next - first < kTextsPerRequest; ++next) {
            bytes += texts[next].size();
            if (next > first && bytes > kBytesPerRequest)
                break;
            if (!m_query.empty())
                input.mutable_query_documents()->add_documents(texts[next]);
            else if (!m_pairs)
                input.mutable_text_batch()->add_texts(texts[next]);
            else if (auto added = addPair(texts[next], next, input); !added)
                return added.error();
        }
        return next;
    }

    static Result<void> addPair(const std::string& text, std::size_t place, v1::InputData& input) {
        const std::size_t tab = text.find('\t');
        if (tab == std::string::npos || text.find('\t', tab + 1) != std::string::npos)
            return invalidField("TEXT " + std::to_string(place + 1),
                                "with --pairs, a text needs one tab between its two halves");
        auto& pair = *input.mutable_text_pairs()->add_pairs();
        pair.set_first(text.substr(0, tab));
        pair.set_second(text.substr(tab + 1));
        return {};
    }

    Result<std::vector<std::string>> collectTexts(const Context& context) const {
        std::vector<std::string> texts = m_texts;
        if (!m_query.empty() && m_pairs)
            return invalidField("--pairs", "--query makes the pairs already");
        if (!isUtf8(m_query))
            return invalidField("--query", "it is not UTF-8");
        if (!m_file.empty() && !texts.empty())
            return invalidField("--file", "texts are given on the command line too");
        if (!m_file.empty()) {
            MM_TRY(texts, readFile(m_file));
        } else if (texts.size() == 1 && texts.front() == "-") {
            MM_TRY(texts, readLines(context.input, "The standard input"));
        }
        if (texts.empty())
            return invalidField("TEXT", "there is no text; give some, a - for the standard input, or --file");
        for (std::size_t i = 0; i < texts.size(); ++i)
            if (!isUtf8(texts[i]))
                return invalidField("TEXT " + std::to_string(i + 1), "it is not UTF-8");
        return texts;
    }

    Result<v1::InferenceRequest> prepare(const Context& context) const {
        v1::InferenceRequest request;
        request.set_model_id(m_model);
        MM_TRY(*request.mutable_parameters(), toSettings("--param", m_params));
        if (const auto priority = priorityFromName(m_priority))
            request.set_priority(*priority);
        if (context.options.timeoutSeconds > 0)
            request.set_timeout_seconds(std::min(context.options.timeoutSeconds, 600));
        return request;
    }

    std::string m_model;
    std::vector<std::string> m_texts;
    std::string m_file;
    std::vector<std::string> m_params;
    std::string m_query;
    bool m_pairs = false;
    std::string m_priority;
};

} // namespace

std::unique_ptr<Command> makeInfer() {
    return std::make_unique<Infer>();
}

} // namespace mm::cli
