#include "cli/commands/inference_text.h"

#include "cli/commands/describe.h"
#include "cli/output/table.h"
#include "cli/output/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace mm::cli {
namespace {

constexpr std::size_t kTextColumns = 40;

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

std::string nameOf(int index, const std::vector<std::string>& inputs) {
    const auto place = static_cast<std::size_t>(index);
    return place < inputs.size() ? shortened(inputs[place], kTextColumns) : std::string();
}

std::string describeEmbeddings(const v1::EmbeddingBatch& batch, const std::vector<std::string>& inputs,
                               const Terminal& terminal) {
    constexpr int kFirst = 4;
    Table table({{"TEXT"}, {"DIMENSION", Table::Align::Right}, {"NORM", Table::Align::Right}, {"FIRST VALUES"}});
    for (int i = 0; i < batch.embeddings_size(); ++i) {
        const auto& embedding = batch.embeddings(i);
        double squares = 0;
        std::string values;
        for (int k = 0; k < embedding.values_size(); ++k) {
            const double value = embedding.values(k);
            squares += value * value;
            if (k < kFirst)
                values += (k == 0 ? "" : "  ") + humanNumber(value, 4);
        }
        table.add({nameOf(i, inputs), std::to_string(embedding.values_size()), humanNumber(std::sqrt(squares), 4),
                   values + (embedding.values_size() > kFirst ? "  ..." : "")});
    }
    return table.render(titlePainter(terminal));
}

std::string describeScores(const v1::Scores& scores, const std::vector<std::string>& inputs, bool bestFirst,
                           const Terminal& terminal) {
    std::vector<int> order(static_cast<std::size_t>(scores.values_size()));
    std::iota(order.begin(), order.end(), 0);
    if (bestFirst)
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return scores.values(a) > scores.values(b); });
    Table table({{"SCORE", Table::Align::Right}, {"INDEX", Table::Align::Right}, {"TEXT"}});
    for (const int index : order)
        table.add({humanNumber(scores.values(index), 4), std::to_string(index), nameOf(index, inputs)});
    return table.render(titlePainter(terminal));
}

std::string describeLabels(const v1::ClassificationBatch& batch, const std::vector<std::string>& inputs,
                           const Terminal& terminal) {
    constexpr int kFirst = 4;
    Table table({{"TEXT"}, {"LABEL"}, {"SCORE", Table::Align::Right}, {"NEXT"}});
    for (int i = 0; i < batch.classifications_size(); ++i) {
        const auto& labels = batch.classifications(i).labels();
        if (labels.empty())
            continue;
        std::string next;
        for (int k = 1; k < std::min(labels.size(), kFirst); ++k)
            next += (k == 1 ? "" : ", ") + printable(labels[k].label()) + " " + humanNumber(labels[k].score(), 4);
        table.add({nameOf(i, inputs), labels[0].label(), humanNumber(labels[0].score(), 4),
                   next + (labels.size() > kFirst ? ", ..." : "")});
    }
    return table.render(titlePainter(terminal));
}

void appendOutput(v1::OutputData part, v1::OutputData& all) {
    if (part.has_embedding_batch())
        for (auto& embedding : *part.mutable_embedding_batch()->mutable_embeddings())
            *all.mutable_embedding_batch()->add_embeddings() = std::move(embedding);
    else if (part.has_scores())
        all.mutable_scores()->mutable_values()->MergeFrom(part.scores().values());
    else if (part.has_classification_batch())
        for (auto& classification : *part.mutable_classification_batch()->mutable_classifications())
            *all.mutable_classification_batch()->add_classifications() = std::move(classification);
}

} // namespace

void appendInference(v1::InferenceResponse part, v1::InferenceResponse& all) {
    if (part.output_data().has_embedding()) {
        v1::Embedding single = std::move(*part.mutable_output_data()->mutable_embedding());
        *part.mutable_output_data()->mutable_embedding_batch()->add_embeddings() = std::move(single);
    }
    if (all.model_id().empty()) {
        all = std::move(part);
        return;
    }
    appendOutput(std::move(*part.mutable_output_data()), *all.mutable_output_data());
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

std::string describeTimes(const v1::InferenceMetadata& data) {
    std::string text = std::to_string(data.input_tokens()) + " tokens in " + humanMilliseconds(data.total_time_ms());
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

std::string describeInference(const v1::InferenceResponse& response, const std::vector<std::string>& inputs,
                              bool bestFirst, const Terminal& terminal) {
    const v1::OutputData& output = response.output_data();
    std::string text;
    if (output.has_embedding_batch())
        text = describeEmbeddings(output.embedding_batch(), inputs, terminal);
    else if (output.has_scores())
        text = describeScores(output.scores(), inputs, bestFirst, terminal);
    else if (output.has_classification_batch())
        text = describeLabels(output.classification_batch(), inputs, terminal);
    else if (!output.text().empty())
        text = output.text() + "\n";
    return text + "\n" + describeTimes(response.metadata());
}

} // namespace mm::cli
