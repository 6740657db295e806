// infer: texts in, embeddings out; shortened for people, complete with --json.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/input/key_values.h"
#include "cli/output/text.h"
#include "engine/ipc/names.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
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

std::string shortened(const std::string& text, std::size_t columns) {
    std::string safe = printable(text);
    if (displayWidth(safe) <= columns)
        return safe;
    std::string cut;
    for (std::size_t at = 0; at < safe.size();) {
        std::size_t next = at + 1;
        while (next < safe.size() && (static_cast<unsigned char>(safe[next]) & 0xc0U) == 0x80U)
            ++next;
        if (displayWidth(cut) + displayWidth(std::string_view(safe).substr(at, next - at)) > columns - 3)
            break;
        cut.append(safe, at, next - at);
        at = next;
    }
    return cut + "...";
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
                      {"--priority",
                       "PRIORITY",
                       "How urgent it is.",
                       "--priority high",
                       &m_priority,
                       {"critical", "high", "normal", "low"}}},
            .examples = {"modelmora infer org/repo 'a first text' 'a second one'",
                         "cat texts.txt | modelmora infer org/repo - --json",
                         "modelmora infer org/repo --file texts.txt --param normalize=true"},
            .details = "Parameters of embedding models: normalize, dimensions, prompt_name, prompt, truncate."};
    }

    Result<ExitCode> run(Context& context) override {
        MM_TRY(const auto texts, collectTexts(context));
        MM_TRY(v1::InferenceRequest request, prepare(context));
        v1::InferenceResponse all;
        for (std::size_t first = 0; first < texts.size();) {
            auto& batch = *request.mutable_input_data()->mutable_text_batch();
            batch.clear_texts();
            std::size_t bytes = 0;
            for (; first < texts.size() && batch.texts_size() < static_cast<int>(kTextsPerRequest) &&
                   (batch.texts().empty() || bytes + texts[first].size() <= kBytesPerRequest);
                 ++first) {
                bytes += texts[first].size();
                batch.add_texts(texts[first]);
            }
            MM_TRY(auto part, context.engine().call(&Inference::Infer, request, EngineClient::kInferSeconds));
            append(std::move(part), all);
            if (texts.size() > kTextsPerRequest && !context.options.json)
                context.terminal.live(std::to_string(first) + " of " + std::to_string(texts.size()) + " texts");
        }
        context.terminal.endLive();
        context.show(all, [&] { return describe(all, texts, context.terminal); });
        return ExitCode::Ok;
    }

private:
    Result<std::vector<std::string>> collectTexts(const Context& context) const {
        std::vector<std::string> texts = m_texts;
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

    // Embeddings one after the other; of the times the sum, of everything else the first.
    static void append(v1::InferenceResponse part, v1::InferenceResponse& all) {
        if (part.output_data().has_embedding()) {
            v1::Embedding single = std::move(*part.mutable_output_data()->mutable_embedding());
            *part.mutable_output_data()->mutable_embedding_batch()->add_embeddings() = std::move(single);
        }
        if (all.model_id().empty()) {
            all = std::move(part);
            return;
        }
        for (auto& embedding : *part.mutable_output_data()->mutable_embedding_batch()->mutable_embeddings())
            *all.mutable_output_data()->mutable_embedding_batch()->add_embeddings() = std::move(embedding);
        auto& sum = *all.mutable_metadata();
        const auto& more = part.metadata();
        sum.set_inference_time_ms(sum.inference_time_ms() + more.inference_time_ms());
        sum.set_total_time_ms(sum.total_time_ms() + more.total_time_ms());
        sum.set_queue_ms(sum.queue_ms() + more.queue_ms());
        sum.set_load_ms(sum.load_ms() + more.load_ms());
        sum.set_tokenize_ms(sum.tokenize_ms() + more.tokenize_ms());
        sum.set_compute_ms(sum.compute_ms() + more.compute_ms());
        sum.set_input_tokens(sum.input_tokens() + more.input_tokens());
        sum.set_truncated_inputs(sum.truncated_inputs() + more.truncated_inputs());
    }

    static std::string describe(const v1::InferenceResponse& response, const std::vector<std::string>& texts,
                                const Terminal& terminal) {
        constexpr int kFirst = 4;
        constexpr std::size_t kTextColumns = 40;
        Table table({{"TEXT"}, {"DIMENSION", Table::Align::Right}, {"NORM", Table::Align::Right}, {"FIRST VALUES"}});
        const auto& embeddings = response.output_data().embedding_batch().embeddings();
        for (int i = 0; i < embeddings.size(); ++i) {
            double squares = 0;
            std::string values;
            for (int k = 0; k < embeddings[i].values_size(); ++k) {
                const double value = embeddings[i].values(k);
                squares += value * value;
                if (k < kFirst)
                    values += (k == 0 ? "" : "  ") + humanNumber(value, 4);
            }
            const auto index = static_cast<std::size_t>(i);
            table.add({index < texts.size() ? shortened(texts[index], kTextColumns) : "",
                       std::to_string(embeddings[i].values_size()), humanNumber(std::sqrt(squares), 4),
                       values + (embeddings[i].values_size() > kFirst ? "  ..." : "")});
        }
        std::string text = table.empty() ? std::string() : table.render(titlePainter(terminal));
        if (!response.output_data().text().empty())
            text += response.output_data().text() + "\n";
        return text + "\n" + describeTimes(response.metadata());
    }

    static std::string describeTimes(const v1::InferenceMetadata& data) {
        std::string text =
            std::to_string(data.input_tokens()) + " tokens in " + humanMilliseconds(data.total_time_ms());
        const std::pair<const char*, double> parts[] = {{"compute", data.compute_ms()},
                                                        {"tokenize", data.tokenize_ms()},
                                                        {"queue", data.queue_ms()},
                                                        {"load", data.load_ms()}};
        std::string where;
        for (const auto& [name, milliseconds] : parts)
            if (milliseconds > 0)
                where += (where.empty() ? "" : ", ") + std::string(name) + " " + humanMilliseconds(milliseconds);
        text += where.empty() ? "" : " (" + where + ")";
        for (const std::string* part : {&data.dtype(), &data.device()})
            text += part->empty() ? "" : ", " + printable(*part);
        if (data.truncated_inputs() > 0)
            text += ", " + std::to_string(data.truncated_inputs()) + " texts cut to the model's longest input";
        return text + "\n";
    }

    std::string m_model;
    std::vector<std::string> m_texts;
    std::string m_file;
    std::vector<std::string> m_params;
    std::string m_priority;
};

} // namespace

std::unique_ptr<Command> makeInfer() {
    return std::make_unique<Infer>();
}

} // namespace mm::cli
