// A RestServer on a free port over scripted services, for one test.
#pragma once

#include "engine/rest/rest_server.h"
#include "tests/support/fake_services.h"
#include "tests/unit/rest/rest_client.h"

#include <memory>
#include <string>

namespace mm::test {

// What stands at a JSON pointer of an answer's body ("/error/code"): its text, or its JSON where it is something else.
std::string at(const HttpAnswer& answer, const char* pointer);

class RestFixture {
public:
    explicit RestFixture(rest::RestOptions options = {}, access::Gate* gate = nullptr);
    // What a test keeps of an exchange must be gone before the fakes are.
    ~RestFixture();

    FakeServices& fakes() { return m_fakes; }
    rest::RestServer& server() { return *m_server; }
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] RestClient client() const { return RestClient(m_port); }

    // One request on a connection of its own.
    [[nodiscard]] HttpAnswer ask(const std::string& method, const std::string& path, const std::string& body = {},
                                 const std::string& headers = {}) const;

private:
    FakeServices m_fakes;
    std::unique_ptr<rest::RestServer> m_server;
    quint16 m_port = 0;
};

} // namespace mm::test
