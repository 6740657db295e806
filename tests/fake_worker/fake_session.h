// FakeSession: a worker that speaks the protocol and does as its script says, good or bad, without any model. The
// script is `fake.json` in the model's folder, overlaid by the registry's configuration under "fake":
//   "load":  {"steps", "stderr": [lines], and one of "fail": {code, message, details}, "signal", "exit",
//             "hang", "lie": "garbage|oversize|output|hello|empty", "flood", "close"}
//   "run":   {"1": action, "2": action …, "*": action}: by the number of the run in this process
//   action:  {"do": "echo|signal|exit|hang|stuck|ignore|until_cancel|with_next|fail|wrong_id|twice|garbage|oversize|
//             flood|partial|loris|after_cancel|close", "signal", "code", "stderr", "fail"}
//   "with_next" is answered when another run comes;
//   "stuck" computes one step without end while pings are answered, as "hang" does not
//   "pong":  "never|wrong" or fields of a Pong to lie with, "loaded" and "output": fields of those, "stubborn": true
//   ignores Shutdown, SIGTERM and the end of the stream, "dimension": of the embeddings, "resident_mb"
// The texts "environment" and "descriptors" are answered with what the process has of them. One thread, blocking
// writes.
#pragma once

#include "engine/ipc/frame.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mm::fake {

namespace wv1 = modelmora::worker::v1;

class FakeSession {
public:
    explicit FakeSession(int socket) : m_socket(socket) {}

    // `hello`: "ok", "none", "wrong_protocol", "twice", "garbage", "load_first".
    void sayHello(const std::string& hello);
    // Until Shutdown or the end of the stream; the process's exit code.
    int serve();

private:
    using Json = nlohmann::json;

    void take(const wv1::EngineFrame& frame);
    void load(const wv1::Load& load);
    void run(const wv1::RunItem& item);
    void cancel(std::uint64_t id);
    void pong(const wv1::Ping& ping);
    void answer(std::uint64_t id);
    void misbehave(const Json& action, std::uint64_t id);
    void lie(const std::string& kind);

    void send(const wv1::WorkerFrame& frame);
    void sendRaw(std::string_view bytes);
    void flush();

    int m_socket;
    bool m_done = false;
    ipc::FrameReader m_reader;
    Json m_script = Json::object();
    bool m_isPlain = false; // nothing is scripted for runs: answered at once, the answers of one read in one write
    std::string m_out;      // of such
    int m_runs = 0;
    std::map<std::uint64_t, modelmora::v1::InferenceRequest> m_held;
    std::set<std::uint64_t> m_deaf;      // cancel does not reach these
    std::set<std::uint64_t> m_talkative; // answered once more after their cancel
    std::optional<std::chrono::steady_clock::time_point> m_stuckSince;
    std::vector<std::uint64_t> m_awaitingNext;
};

} // namespace mm::fake
