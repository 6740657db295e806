#include "engine/grpc/call/listen_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>

namespace mm::grpc_face {
namespace {

struct Address {
    std::string host;
    std::string port;
};

Error invalidAddress(const std::string& address, const std::string& reason) {
    return {ErrorCode::InvalidConfiguration,
            "gRPC cannot listen on '" + address + "': " + reason + ". Give it as host:port, such as 127.0.0.1:50051.",
            {{"address", address}}};
}

Result<Address> parse(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos || colon == 0)
        return invalidAddress(address, "it is not of the form host:port");
    Address parsed{address.substr(0, colon), address.substr(colon + 1)};
    if (parsed.host.front() == '[' && parsed.host.back() == ']')
        parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
    else if (parsed.host.find(':') != std::string::npos)
        return invalidAddress(address, "an IPv6 host stands in brackets");
    int port = 0;
    const char* end = parsed.port.data() + parsed.port.size();
    const auto [stop, fault] = std::from_chars(parsed.port.data(), end, port);
    if (fault != std::errc() || stop != end || port < 0 || port > 65535)
        return invalidAddress(address, "the port is not a number from 0 to 65535");
    return parsed;
}

int tryBind(const addrinfo& where) {
    const int socket = ::socket(where.ai_family, where.ai_socktype | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return errno;
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); // a port in TIME_WAIT is free
    const int fault = ::bind(socket, where.ai_addr, where.ai_addrlen) == 0 && ::listen(socket, 1) == 0 ? 0 : errno;
    ::close(socket);
    return fault;
}

} // namespace

Result<void> checkListenAddress(const std::string& address) {
    if (auto parsed = parse(address); !parsed.ok())
        return parsed.error();
    return {};
}

Error explainListenFailure(const std::string& address) {
    const auto parsed = parse(address);
    if (!parsed.ok())
        return parsed.error();
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    if (const int fault = ::getaddrinfo(parsed->host.c_str(), parsed->port.c_str(), &hints, &found); fault != 0)
        return invalidAddress(address, "its host is not known here (" + std::string(::gai_strerror(fault)) + ")");
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        const int fault = tryBind(*each);
        if (fault == EADDRINUSE)
            return {ErrorCode::AddressInUse,
                    "gRPC cannot listen on " + address +
                        ": the port is taken. Another engine may be running; stop it, or choose another port.",
                    {{"address", address}}};
        if (fault != 0)
            return invalidAddress(address, std::generic_category().message(fault));
    }
    return invalidAddress(address, "gRPC refused it, although the system would have allowed it just now; try again");
}

} // namespace mm::grpc_face
