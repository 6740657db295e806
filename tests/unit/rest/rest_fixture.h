// A RestServer on a free port over scripted services, for one test.
#pragma once

#include "engine/rest/rest_server.h"
#include "tests/support/fake_services.h"
#include "tests/unit/rest/rest_client.h"

#include <nlohmann/json.hpp>

#include <memory>

namespace mm::test {

// What stands at a JSON pointer of an answer's body ("/error/code"): its text, or its JSON where it is something else.
inline std::string at(const HttpAnswer& answer, const char* pointer) {
    const auto body = nlohmann::json::parse(answer.body, nullptr, false);
    const nlohmann::json::json_pointer where{std::string(pointer)};
    if (body.is_discarded() || !body.contains(where))
        return "nothing at " + std::string(pointer) + " in " + answer.body;
    const auto& value = body.at(where);
    return value.is_string() ? value.get<std::string>() : value.dump();
}

class RestFixture {
public:
    explicit RestFixture(rest::RestOptions options = {}, access::Gate* gate = nullptr) {
        options.listen = "127.0.0.1:0";
        service::Services services = m_fakes.services();
        services.gate = gate;
        m_server = std::make_unique<rest::RestServer>(services, options);
        const Result<std::uint16_t> port = m_server->start();
        m_port = port ? *port : 0;
        m_fakes.onInfer = [](std::shared_ptr<const v1::InferenceRequest> request, const service::CallContext&,
                             Reply<service::InferenceService::Response> reply) {
            reply(std::make_shared<const v1::InferenceResponse>(embeddingFor(*request)));
        };
    }
    // What a test keeps of an exchange must be gone before the fakes are.
    ~RestFixture() { m_server.reset(); }

    FakeServices& fakes() { return m_fakes; }
    rest::RestServer& server() { return *m_server; }
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] RestClient client() const { return RestClient(m_port); }

    // One request on a connection of its own.
    [[nodiscard]] HttpAnswer ask(const std::string& method, const std::string& path, const std::string& body = {},
                                 const std::string& headers = {}) const {
        RestClient client(m_port);
        return client.request(method, path, body, headers).value_or(HttpAnswer());
    }

private:
    FakeServices m_fakes;
    std::unique_ptr<rest::RestServer> m_server;
    quint16 m_port = 0;
};

} // namespace mm::test
