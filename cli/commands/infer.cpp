// infer: texts, documents of a query, or pairs of texts in; embeddings, scores or labels out, shortened for people and
// complete with --json.
#include "cli/commands/commands.h"
#include "cli/commands/inference_text.h"
#include "cli/input/inference_input.h"

namespace mm::cli {
namespace {

using Inference = v1::InferenceService::StubInterface;

// Many texts go in several requests, so that none is too large and the engine can serve others in between.
constexpr InferenceInput::Bounds kPerRequest{.texts = 256, .bytes = 8U << 20};

class Infer final : public Command {
public:
    Infer() {
        m_declaration = {
            .name = "infer",
            .summary = "Run a model on texts and show what it answers.",
            .positionals = m_input.positionals(),
            .flags = m_input.flags(),
            .examples = {"modelmora infer org/repo 'a first text' 'a second one'",
                         "cat texts.txt | modelmora infer org/repo - --json",
                         "modelmora infer org/repo --file texts.txt --param normalize=true",
                         "modelmora infer org/reranker --query 'a question' --file documents.txt"},
            .details =
                "Parameters of embedding models: normalize, dimensions, prompt_name, prompt, truncate; of models "
                "that classify or score: raw_scores, top_k, truncate."};
    }

    Result<ExitCode> run(Context& context) override {
        MM_CHECK(m_input.read(context.input));
        MM_TRY(v1::InferenceRequest request, m_input.request(context.options));
        const auto& texts = m_input.texts();
        v1::InferenceResponse all;
        for (std::size_t first = 0; first < texts.size();) {
            MM_TRY(first, m_input.fill(first, kPerRequest, *request.mutable_input_data()));
            MM_TRY(auto part, context.engine().call(&Inference::Infer, request, EngineClient::kInferSeconds));
            appendInference(std::move(part), all);
            if (texts.size() > kPerRequest.texts && !context.options.json)
                context.terminal.live(std::to_string(first) + " of " + std::to_string(texts.size()) + " texts");
        }
        context.terminal.endLive();
        context.show(all, [&] { return describeInference(all, texts, m_input.hasQuery(), context.terminal); });
        return ExitCode::Ok;
    }

private:
    InferenceInput m_input;
};

} // namespace

std::unique_ptr<Command> makeInfer() {
    return std::make_unique<Infer>();
}

} // namespace mm::cli
