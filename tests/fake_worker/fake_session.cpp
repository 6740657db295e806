#include "tests/fake_worker/fake_session.h"

#include <google/protobuf/util/json_util.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

namespace mm::fake {
namespace {

using Json = nlohmann::json;

void printLines(const Json& lines) {
    for (const auto& line : lines)
        std::fprintf(stderr, "%s\n", line.get<std::string>().c_str());
    std::fflush(stderr);
}

[[noreturn]] void hangForever() {
    for (;;)
        ::pause();
}

[[noreturn]] void dieBy(int number) {
    std::signal(number, SIG_DFL);
    std::raise(number);
    std::abort();
}

void fillFailure(const Json& from, wv1::Failure& failure) {
    failure.set_code(from.value("code", "INTERNAL_ERROR"));
    failure.set_message(from.value("message", "scripted failure"));
    const std::string details = from.value("details", Json::object()).dump();
    (void)google::protobuf::util::JsonStringToMessage(details, failure.mutable_details());
}

void embed(std::size_t textBytes, int dimension, modelmora::v1::Embedding& embedding) {
    for (int i = 0; i < dimension; ++i)
        embedding.add_values(static_cast<float>(textBytes) + static_cast<float>(i));
}

void toMatrix(modelmora::v1::OutputData& output) {
    modelmora::v1::EmbeddingBatch batch = output.embedding_batch();
    if (output.has_embedding())
        *batch.add_embeddings() = output.embedding();
    auto& matrix = *output.mutable_embedding_matrix();
    for (const auto& embedding : batch.embeddings()) {
        matrix.set_rows(matrix.rows() + 1);
        matrix.set_dimension(embedding.values_size());
        matrix.mutable_data()->append(reinterpret_cast<const char*>(embedding.values().data()),
                                      sizeof(float) * static_cast<std::size_t>(embedding.values_size()));
    }
}

} // namespace

void FakeSession::send(const wv1::WorkerFrame& frame) {
    if (ipc::appendFrame(frame, m_out).ok() && !m_isPlain)
        flush();
}

void FakeSession::flush() {
    sendRaw(m_out);
    m_out.clear();
}

void FakeSession::sendRaw(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            m_done = true;
            return;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void FakeSession::sayHello(const std::string& hello) {
    if (hello == "none")
        return;
    if (hello == "garbage" || hello == "load_first")
        return lie(hello == "garbage" ? "garbage" : "output");
    wv1::WorkerFrame frame;
    frame.mutable_hello()->set_protocol(hello == "wrong_protocol" ? 99 : ipc::kProtocolVersion);
    frame.mutable_hello()->set_version("fake");
    frame.mutable_hello()->set_pid(::getpid());
    send(frame);
    if (hello == "twice")
        send(frame);
}

int FakeSession::serve() {
    while (!m_done) {
        constexpr std::size_t kBytes = 64U << 10;
        const ssize_t count = ::recv(m_socket, m_reader.prepare(kBytes), kBytes, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0 && m_script.value("stubborn", false))
            hangForever();
        if (count <= 0)
            return 0;
        m_reader.commit(static_cast<std::size_t>(count));
        for (;;) {
            const auto next = m_reader.next();
            if (!next.ok() || !*next)
                break;
            wv1::EngineFrame frame;
            if (!frame.ParseFromArray((*next)->data(), static_cast<int>((*next)->size())))
                return 2;
            take(frame);
        }
        flush();
    }
    return 0;
}

void FakeSession::take(const wv1::EngineFrame& frame) {
    if (frame.has_load())
        load(frame.load());
    for (const auto& item : frame.run().items())
        run(item);
    if (frame.has_cancel())
        cancel(frame.cancel().id());
    if (frame.has_ping())
        pong(frame.ping());
    if (frame.has_shutdown() && !m_script.value("stubborn", false))
        m_done = true;
}

void FakeSession::load(const wv1::Load& load) {
    if (std::ifstream file(load.path() + "/fake.json"); file)
        m_script = Json::parse(file, nullptr, false);
    if (const auto fake = load.config().fields().find("fake"); fake != load.config().fields().end()) {
        std::string text;
        (void)google::protobuf::util::MessageToJsonString(fake->second, &text);
        m_script.update(Json::parse(text, nullptr, false));
    }
    if (m_script.value("stubborn", false))
        std::signal(SIGTERM, SIG_IGN);
    const Json plan = m_script.value("load", Json::object());
    const int steps = plan.value("steps", 4);
    for (int i = 0; i <= steps; ++i) {
        wv1::WorkerFrame frame;
        frame.mutable_load_progress()->set_stage("weights");
        frame.mutable_load_progress()->set_done(i);
        frame.mutable_load_progress()->set_total(steps);
        send(frame);
    }
    misbehave(plan, 0);
    if (plan.contains("fail")) {
        wv1::WorkerFrame frame;
        fillFailure(plan["fail"], *frame.mutable_load_failed());
        return send(frame);
    }
    wv1::WorkerFrame frame;
    auto* loaded = frame.mutable_loaded();
    loaded->set_architecture("fake");
    loaded->set_dtype("fp32");
    loaded->set_device("cpu");
    loaded->set_device_reason("scripted");
    loaded->set_embedding_dimension(m_script.value("dimension", 4));
    loaded->set_threads(1);
    loaded->mutable_memory()->set_resident_bytes(m_script.value("resident_mb", std::int64_t(7)) << 20);
    if (m_script.contains("loaded"))
        (void)google::protobuf::util::JsonStringToMessage(m_script["loaded"].dump(), loaded);
    send(frame);
    flush();
    m_isPlain = !m_script.contains("run");
}

void FakeSession::run(const wv1::RunItem& item) {
    if (m_isPlain) {
        m_held[item.id()] = item.request();
        return answer(item.id());
    }
    const Json plan = m_script.value("run", Json::object());
    const std::string number = std::to_string(++m_runs);
    const Json action = plan.value(number, plan.value("*", Json{{"do", "echo"}}));
    const std::string what = action.value("do", "echo");
    const std::uint64_t id = item.id();
    m_held[id] = item.request();
    for (const std::uint64_t earlier : std::exchange(m_awaitingNext, {}))
        answer(earlier);
    if (what == "echo" || what == "twice")
        answer(id);
    if (what == "ignore" || what == "stuck")
        m_deaf.insert(id);
    if (what == "after_cancel")
        m_talkative.insert(id);
    if (what == "stuck" && !m_stuckSince)
        m_stuckSince = std::chrono::steady_clock::now();
    if (what == "with_next")
        m_awaitingNext.push_back(id);
    if (what == "fail" || what == "until_cancel" || what == "echo" || what == "with_next") {
        if (what != "fail")
            return;
        wv1::WorkerFrame frame;
        frame.mutable_output()->set_id(id);
        frame.mutable_output()->set_last(true);
        fillFailure(action["fail"], *frame.mutable_output()->mutable_error());
        m_held.erase(id);
        return send(frame);
    }
    Json deed = action;
    if (!deed.contains(what))
        deed[what] = what == "signal" ? Json(SIGSEGV) : Json(true);
    if (what == "garbage" || what == "oversize" || what == "wrong_id" || what == "twice" || what == "partial" ||
        what == "loris")
        deed["lie"] = what;
    misbehave(deed, id);
}

void FakeSession::answer(std::uint64_t id) {
    const auto held = m_held.find(id);
    if (held == m_held.end())
        return;
    const auto& input = held->second.input_data();
    const int dimension = m_script.value("dimension", 4);
    wv1::WorkerFrame frame;
    auto* output = frame.mutable_output();
    output->set_id(id);
    output->set_last(true);
    output->set_batch_size(1);
    output->set_input_tokens(3);
    output->mutable_times()->set_wait_us(10);
    output->mutable_times()->set_tokenize_us(20);
    output->mutable_times()->set_compute_us(30);
    if (input.has_text_batch())
        for (const auto& text : input.text_batch().texts())
            embed(text.size(), dimension, *output->mutable_data()->mutable_embedding_batch()->add_embeddings());
    else if (input.text() == "environment")
        for (char** entry = ::environ; *entry != nullptr; ++entry)
            output->mutable_data()->mutable_text()->append(*entry).append("\n");
    else if (input.text() == "descriptors")
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
            output->mutable_data()->mutable_text()->append(entry.path().filename()).append(" ");
    else
        embed(input.text().size(), dimension, *output->mutable_data()->mutable_embedding());
    if (held->second.embedding_format() == modelmora::v1::EMBEDDING_FORMAT_BYTES && !output->data().has_text())
        toMatrix(*output->mutable_data());
    if (m_script.contains("output")) {
        wv1::Output lies;
        (void)google::protobuf::util::JsonStringToMessage(m_script["output"].dump(), &lies);
        output->MergeFrom(lies);
    }
    m_held.erase(held);
    send(frame);
}

void FakeSession::cancel(std::uint64_t id) {
    if (m_deaf.contains(id) || m_held.erase(id) == 0)
        return;
    wv1::WorkerFrame frame;
    frame.mutable_output()->set_id(id);
    frame.mutable_output()->set_last(true);
    frame.mutable_output()->mutable_error()->set_code("REQUEST_CANCELLED");
    frame.mutable_output()->mutable_error()->set_message("cancelled");
    send(frame);
    if (m_talkative.erase(id) > 0)
        send(frame);
}

void FakeSession::pong(const wv1::Ping& ping) {
    const Json how = m_script.value("pong", Json("right"));
    if (how == "never")
        return;
    wv1::WorkerFrame frame;
    auto* pong = frame.mutable_pong();
    pong->mutable_memory()->set_resident_bytes(m_script.value("resident_mb", std::int64_t(7)) << 20);
    if (how.is_object())
        (void)google::protobuf::util::JsonStringToMessage(how.dump(), pong);
    pong->set_nonce(ping.nonce() + (how == "wrong" ? 1000 : 0));
    pong->set_running(static_cast<int>(m_held.size()));
    if (m_stuckSince) {
        const auto stuck = std::chrono::steady_clock::now() - *m_stuckSince;
        pong->set_step_us(std::chrono::duration_cast<std::chrono::microseconds>(stuck).count());
    }
    send(frame);
}

void FakeSession::misbehave(const Json& action, std::uint64_t id) {
    if (action.contains("stderr"))
        printLines(action["stderr"]);
    if (action.contains("signal"))
        dieBy(action["signal"].get<int>());
    if (action.contains("exit"))
        std::_Exit(action.value("code", 3));
    if (action.contains("hang"))
        hangForever();
    if (action.contains("close")) {
        ::close(m_socket);
        hangForever();
    }
    if (action.contains("lie")) {
        const std::string kind = action["lie"].get<std::string>();
        if (kind == "partial" || kind == "twice" || kind == "wrong_id") {
            wv1::WorkerFrame frame;
            frame.mutable_output()->set_id(kind == "wrong_id" ? id + 1'000'000 : id);
            frame.mutable_output()->set_last(kind != "partial");
            send(frame);
        } else {
            lie(kind);
        }
    }
    while (action.contains("flood") && !m_done) {
        wv1::WorkerFrame frame;
        if (id != 0) {
            frame.mutable_output()->set_id(id);
            frame.mutable_output()->mutable_data()->set_text(std::string(200'000, 'x'));
        } else {
            frame.mutable_load_progress()->set_stage("flood");
        }
        send(frame);
    }
}

void FakeSession::lie(const std::string& kind) {
    if (kind == "garbage")
        return sendRaw(std::string("\x08\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12));
    if (kind == "oversize")
        return sendRaw("\xFF\xFF\xFF\xFF");
    if (kind == "loris") { // a frame of 16 MB that comes a byte at a time, before anything else
        sendRaw(std::string("\x00\x00\x00\x01", 4));
        while (!m_done) {
            sendRaw("x"); // the pause is the attack, nobody waits for it
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return;
    }
    wv1::WorkerFrame frame;
    if (kind == "output")
        frame.mutable_output()->set_id(1);
    if (kind == "hello")
        frame.mutable_hello()->set_protocol(ipc::kProtocolVersion);
    send(frame); // "empty": none of the kinds
}

} // namespace mm::fake
