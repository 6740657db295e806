// mm_bench_grpc: load on the gRPC face, from outside.
//   serve                                     the face alone over services that answer at once; prints its port
//   bare BYTES                                the same calls on gRPC by itself, which answers with so many bytes
//   without
//                                             looking at the request; prints its port
//   unary  ADDRESS MODEL SECONDS CONNECTIONS CALLS          calls/s, with so many calls under way on each connection
//   stream ADDRESS MODEL SECONDS CONNECTIONS IN OUT         MB/s through InferStream: texts of IN bytes, and vectors of
//                                             OUT bytes back where the server is `serve` (else what the model gives)
// The last line is JSON. `./dev bench faces` starts what it asks.
#include "engine/grpc/grpc_server.h"
#include "modelmora/v1/inference.grpc.pb.h"
#include "tests/support/fake_services.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace {

namespace v1 = modelmora::v1;
using Clock = std::chrono::steady_clock;

constexpr int kMostBytes = 256 << 20;

grpc::ByteBuffer encoded(const google::protobuf::Message& message) {
    const std::string bytes = message.SerializeAsString();
    const grpc::Slice slice(bytes);
    return {&slice, 1};
}

v1::InferenceRequest requestFor(const std::string& model, std::size_t bytes, std::size_t answerBytes) {
    v1::InferenceRequest request;
    request.set_model_id(model);
    request.mutable_input_data()->set_text(std::string(bytes, 'x'));
    request.set_embedding_format(v1::EMBEDDING_FORMAT_BYTES);
    if (answerBytes > 0)
        request.set_request_id(std::to_string(answerBytes)); // `serve` reads it as the size of the answer
    return request;
}

std::shared_ptr<grpc::Channel> connection(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1); // a connection of its own
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0); // as little as there is for the client to do
    arguments.SetInt(GRPC_ARG_ENABLE_CHANNELZ, 0);
    arguments.SetMaxReceiveMessageSize(kMostBytes);
    return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

// Counts what has ended; the last one out wakes whoever waits.
struct Run {
    Clock::time_point until;
    std::atomic<std::int64_t> done{0};
    std::atomic<std::int64_t> failed{0};
    std::atomic<std::int64_t> bytesIn{0};
    std::atomic<int> active{0};
    std::mutex mutex;
    std::condition_variable idle;
    std::string failure;
    std::vector<double> latencies; // milliseconds

    [[nodiscard]] bool over() const { return Clock::now() >= until; }
    void fail(const grpc::Status& status) {
        failed.fetch_add(1);
        const std::lock_guard lock(mutex);
        failure = status.error_message();
    }
    void leave() {
        const std::lock_guard lock(mutex);
        if (active.fetch_sub(1) == 1)
            idle.notify_all();
    }
    void wait() {
        std::unique_lock lock(mutex);
        idle.wait(lock, [this] { return active == 0; });
    }
    double percentile(double part) {
        if (latencies.empty())
            return 0;
        std::sort(latencies.begin(), latencies.end());
        return latencies[static_cast<std::size_t>(part * static_cast<double>(latencies.size() - 1))];
    }
};

// One call after another until the time is over.
class UnaryLoop {
public:
    UnaryLoop(Run& run, const std::shared_ptr<grpc::Channel>& channel, grpc::ByteBuffer request)
        : m_run(run), m_stub(channel), m_request(std::move(request)) {}

    void next() {
        if (m_run.over())
            return m_run.leave();
        m_context = std::make_unique<grpc::ClientContext>();
        m_begun = Clock::now();
        m_stub.UnaryCall(m_context.get(), "/modelmora.v1.InferenceService/Infer", {}, &m_request, &m_answer,
                         [this](const grpc::Status& status) { ended(status); });
    }

private:
    void ended(const grpc::Status& status) {
        const double took = std::chrono::duration<double, std::milli>(Clock::now() - m_begun).count();
        if (!status.ok())
            m_run.fail(status);
        if (m_run.done.fetch_add(1) % 16 == 0) {
            const std::lock_guard lock(m_run.mutex);
            m_run.latencies.push_back(took);
        }
        m_answer.Clear();
        next();
    }

    Run& m_run;
    grpc::GenericStub m_stub;
    grpc::ByteBuffer m_request;
    grpc::ByteBuffer m_answer;
    std::unique_ptr<grpc::ClientContext> m_context;
    Clock::time_point m_begun;
};

// Writes as fast as the server reads, and reads as fast as it answers. Not further ahead than so many requests: of
// small ones a connection would hold thousands, whose answers take long after the time is over.
class StreamLoop final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
public:
    StreamLoop(Run& run, const std::shared_ptr<grpc::Channel>& channel, grpc::ByteBuffer request)
        : m_run(run), m_stub(channel), m_request(std::move(request)) {}

    void start() {
        m_stub.PrepareBidiStreamingCall(&m_context, "/modelmora.v1.InferenceService/InferStream", {}, this);
        StartRead(&m_answer);
        AddHold(); // until nothing more is to be written, since OnReadDone() writes too
        StartCall();
        advance();
    }

private:
    static constexpr int kAhead = 64;

    void advance() {
        bool closes = false;
        {
            const std::lock_guard lock(m_mutex);
            if (m_writing || m_closed || (m_ahead == kAhead && !m_run.over()))
                return;
            m_closed = closes = m_run.over() || m_broken;
            m_writing = !closes;
            ++m_ahead;
        }
        if (!closes)
            return StartWrite(&m_request);
        StartWritesDone();
        RemoveHold();
    }
    void OnWriteDone(bool ok) override {
        {
            const std::lock_guard lock(m_mutex);
            m_writing = false;
            m_broken = m_broken || !ok;
        }
        advance();
    }
    void OnReadDone(bool ok) override {
        {
            const std::lock_guard lock(m_mutex);
            --m_ahead;
            m_broken = m_broken || !ok;
        }
        advance();
        if (!ok)
            return;
        m_run.done.fetch_add(1);
        m_run.bytesIn.fetch_add(static_cast<std::int64_t>(m_answer.Length()));
        m_answer.Clear();
        StartRead(&m_answer);
    }
    void OnDone(const grpc::Status& status) override {
        if (!status.ok())
            m_run.fail(status);
        m_run.leave();
    }

    Run& m_run;
    grpc::GenericStub m_stub;
    grpc::ClientContext m_context;
    grpc::ByteBuffer m_request;
    grpc::ByteBuffer m_answer;
    std::mutex m_mutex;
    int m_ahead = 0;
    bool m_writing = false;
    bool m_closed = false;
    bool m_broken = false;
};

template <typename Loop, typename Start>
double run(Run& run, std::vector<std::unique_ptr<Loop>>& loops, double seconds, const Start& start) {
    const auto begun = Clock::now();
    run.until = begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    run.active = static_cast<int>(loops.size());
    for (auto& loop : loops)
        start(*loop);
    run.wait();
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

int report(Run& run, const char* what, double value, const char* more) {
    if (run.failed > 0)
        std::fprintf(stderr, "%lld failed: %s\n", static_cast<long long>(run.failed), run.failure.c_str());
    std::printf("{\"%s\": %.1f, %s, \"done\": %lld, \"failed\": %lld}\n", what, value, more,
                static_cast<long long>(run.done), static_cast<long long>(run.failed));
    return run.failed == 0 && run.done > 0 ? 0 : 1;
}

int unary(const std::vector<std::string>& words) {
    Run state;
    std::vector<std::unique_ptr<UnaryLoop>> loops;
    const int calls = std::stoi(words[5]);
    for (int i = 0; i < std::stoi(words[4]); ++i) {
        const auto channel = connection(words[1]);
        for (int k = 0; k < calls; ++k)
            loops.push_back(std::make_unique<UnaryLoop>(state, channel, encoded(requestFor(words[2], 20, 0))));
    }
    const double took = run(state, loops, std::stod(words[3]), [](UnaryLoop& loop) { loop.next(); });
    const std::string latency = "\"p50_ms\": " + std::to_string(state.percentile(0.5)) +
                                ", \"p99_ms\": " + std::to_string(state.percentile(0.99));
    return report(state, "calls_per_s", static_cast<double>(state.done) / took, latency.c_str());
}

int stream(const std::vector<std::string>& words) {
    Run state;
    std::vector<std::unique_ptr<StreamLoop>> loops;
    const auto request = encoded(requestFor(words[2], std::stoul(words[5]), std::stoul(words[6])));
    for (int i = 0; i < std::stoi(words[4]); ++i)
        loops.push_back(std::make_unique<StreamLoop>(state, connection(words[1]), request));
    const double took = run(state, loops, std::stod(words[3]), [](StreamLoop& loop) { loop.start(); });
    const double sent = static_cast<double>(state.done) * static_cast<double>(request.Length()) / 1e6 / took;
    const std::string more =
        "\"from_server_mb_per_s\": " + std::to_string(static_cast<double>(state.bytesIn) / 1e6 / took);
    return report(state, "to_server_mb_per_s", sent, more.c_str());
}

// Prints the port and returns when whoever started it closes the pipe.
void waitForEnd(int port) {
    std::printf("%d\n", port);
    std::fflush(stdout);
    char byte = 0;
    while (::read(STDIN_FILENO, &byte, 1) > 0) {
    }
}

// An answer to each request of a stream.
class BareStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
public:
    explicit BareStream(grpc::ByteBuffer answer) : m_answer(std::move(answer)) { StartRead(&m_in); }

private:
    void OnReadDone(bool ok) override {
        if (!ok)
            return Finish(grpc::Status::OK);
        m_in.Clear();
        m_out = m_answer;
        StartWrite(&m_out);
    }
    void OnWriteDone(bool ok) override {
        if (ok)
            StartRead(&m_in);
        else
            Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

    const grpc::ByteBuffer m_answer;
    grpc::ByteBuffer m_in;
    grpc::ByteBuffer m_out;
};

class BareService final : public v1::InferenceService::Service {
public:
    explicit BareService(const grpc::ByteBuffer& answer) {
        using Bytes = grpc::ByteBuffer;
        MarkMethodRawCallback(methodIndex("Infer"),
                              new grpc::internal::CallbackUnaryHandler<Bytes, Bytes>(
                                  [answer](grpc::CallbackServerContext* context, const Bytes*, Bytes* out) {
                                      *out = answer;
                                      auto* reactor = context->DefaultReactor();
                                      reactor->Finish(grpc::Status::OK);
                                      return reactor;
                                  }));
        MarkMethodRawCallback(methodIndex("InferStream"),
                              new grpc::internal::CallbackBidiHandler<Bytes, Bytes>(
                                  [answer](grpc::CallbackServerContext*) { return new BareStream(answer); }));
    }

private:
    static int methodIndex(const char* name) {
        return v1::InferenceRequest::descriptor()
            ->file()
            ->FindServiceByName("InferenceService")
            ->FindMethodByName(name)
            ->index();
    }
};

int bare(std::size_t bytes) {
    v1::InferenceResponse answer;
    answer.set_model_id("bench/instant");
    answer.mutable_output_data()->mutable_embedding_matrix()->set_data(std::string(bytes, 'y'));
    BareService service(encoded(answer));
    grpc::ServerBuilder builder;
    int port = 0;
    builder.SetMaxReceiveMessageSize(kMostBytes);
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    const auto server = builder.BuildAndStart();
    if (!server)
        return 1;
    waitForEnd(port);
    server->Shutdown(std::chrono::system_clock::now());
    return 0;
}

int serve() {
    mm::test::FakeServices fake;
    std::map<std::string, mm::service::InferenceService::Response> answers; // by the id; touched on one thread
    fake.onInfer = [&answers](const auto& request, const auto&, const auto& reply) {
        auto& answer = answers[request->request_id().size() > 10 ? "" : request->request_id()];
        if (!answer) {
            auto made = std::make_shared<v1::InferenceResponse>();
            const std::size_t bytes =
                request->request_id().empty() ? 1536 : std::strtoul(request->request_id().c_str(), nullptr, 10);
            made->set_model_id(request->model_id());
            auto& matrix = *made->mutable_output_data()->mutable_embedding_matrix();
            matrix.set_rows(1);
            matrix.set_dimension(static_cast<int>(bytes / sizeof(float)));
            matrix.set_data(std::string(bytes, 'y'));
            answer = std::move(made);
        }
        reply(answer);
    };
    mm::GrpcServer server({.address = "127.0.0.1:0"}, fake.services());
    const auto port = server.start();
    if (!port.ok()) {
        std::fprintf(stderr, "%s\n", port.error().message.c_str());
        return 1;
    }
    waitForEnd(*port);
    server.stop(std::chrono::milliseconds(0));
    return 0;
}

} // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    if (words.size() == 1 && words[0] == "serve")
        return serve();
    if (words.size() == 2 && words[0] == "bare")
        return bare(std::stoul(words[1]));
    if (words.size() == 6 && words[0] == "unary")
        return unary(words);
    if (words.size() == 7 && words[0] == "stream")
        return stream(words);
    std::fputs("mm_bench_grpc serve | bare BYTES | unary ADDRESS MODEL SECONDS CONNECTIONS CALLS | "
               "stream ADDRESS MODEL SECONDS CONNECTIONS IN OUT\n",
               stderr);
    return 2;
}
