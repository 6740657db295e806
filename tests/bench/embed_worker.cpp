// mm_embed_bench FOLDER fp32|bf16 THREADS: the worker's embedding task in one process, from text to normalised vectors,
// for embed.py. Reads a JSON line per command and answers with one:
//   {"texts": [...], "batch": 32, "seconds": 0.5}  -> {"texts_per_second": ...}, batches taken from the texts in turn
//   {"texts": [...]}                               -> {"vectors": [[...]]}
// Unlike the running worker it tokenises and computes on one thread after the other, so nothing overlaps.
#include "worker/runtime/failure.h"
#include "worker/tasks/task_registry.h"

#include <malloc.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>

using namespace mm::worker;
using modelmora::v1::InferenceRequest;
using nlohmann::json;

namespace {

using Clock = std::chrono::steady_clock;

// As worker/main.cpp does.
void tuneAllocator() {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 16 << 20);
}

Model::Output embed(Model& model, const std::vector<std::string>& texts, std::size_t begin, std::size_t count) {
    static std::uint64_t id = 0;
    InferenceRequest request;
    auto* batch = request.mutable_input_data()->mutable_text_batch();
    for (std::size_t i = begin; i < begin + count; ++i)
        batch->add_texts(texts[i]);
    auto prepared = model.prepare(++id, std::move(request));
    while (!prepared->advance()) {
    }
    model.admit(std::move(prepared));
    std::vector<Model::Output> finished;
    while (!model.idle())
        model.step(finished);
    return std::move(finished.at(0));
}

json measure(Model& model, const std::vector<std::string>& texts, std::size_t batch, double seconds) {
    std::size_t done = 0;
    const auto begun = Clock::now();
    double elapsed = 0;
    while (elapsed < seconds) {
        embed(model, texts, done % (texts.size() - batch + 1) / batch * batch, batch);
        done += batch;
        elapsed = std::chrono::duration<double>(Clock::now() - begun).count();
    }
    return {{"texts_per_second", static_cast<double>(done) / elapsed}};
}

json vectors(Model& model, const std::vector<std::string>& texts) {
    const Model::Output output = embed(model, texts, 0, texts.size());
    json rows = json::array();
    for (const auto& embedding : output.data().embedding_batch().embeddings())
        rows.push_back(std::vector<float>(embedding.values().begin(), embedding.values().end()));
    return {{"vectors", rows}};
}

int serve(const LoadOptions& options) {
    TaskRegistry tasks;
    registerAllTasks(tasks);
    const auto model = tasks.load(options, [](const char*, std::int64_t, std::int64_t, const std::string&) {});
    for (std::vector<Model::Output> warmUp; !model->idle();)
        model->step(warmUp);
    std::cout << json{{"ready", true}}.dump() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        const json command = json::parse(line);
        const auto texts = command.at("texts").get<std::vector<std::string>>();
        const json answer = command.contains("seconds")
                                ? measure(*model, texts, command.at("batch"), command.at("seconds"))
                                : vectors(*model, texts);
        std::cout << answer.dump() << std::endl;
    }
    return 0;
}

} // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::cerr << "mm_embed_bench FOLDER fp32|bf16 THREADS\n";
        return 1;
    }
    tuneAllocator();
    LoadOptions options;
    options.folder = arguments[1];
    options.task = modelmora::v1::TASK_TYPE_TXT2EMBED;
    options.dtype = arguments[2];
    options.device = "cpu";
    options.threads = std::atoi(arguments[3]);
    try {
        return serve(options);
    } catch (const Failure& failure) {
        std::cerr << failure.what() << '\n';
        return 2;
    }
}
