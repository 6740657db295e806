#include "tests/unit/rest/rest_fixture.h"

#include <nlohmann/json.hpp>

namespace mm::test {

std::string at(const HttpAnswer& answer, const char* pointer) {
    const auto body = nlohmann::json::parse(answer.body, nullptr, false);
    const nlohmann::json::json_pointer where{std::string(pointer)};
    if (body.is_discarded() || !body.contains(where))
        return "nothing at " + std::string(pointer) + " in " + answer.body;
    const auto& value = body.at(where);
    return value.is_string() ? value.get<std::string>() : value.dump();
}

RestFixture::RestFixture(rest::RestOptions options, access::Gate* gate) {
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

RestFixture::~RestFixture() {
    m_server.reset();
}

HttpAnswer RestFixture::ask(const std::string& method, const std::string& path, const std::string& body,
                            const std::string& headers) const {
    RestClient client(m_port);
    return client.request(method, path, body, headers).value_or(HttpAnswer());
}

} // namespace mm::test
