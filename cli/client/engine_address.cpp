#include "cli/client/engine_address.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>

namespace mm::cli {
namespace {

constexpr const char* kUsualPort = "50051";
constexpr std::size_t kLongestKey = 8192;

Error usage(std::string message) {
    return {ErrorCode::ValidationError, std::move(message)};
}

Error noAddress(const std::string& text) {
    return usage("'" + text +
                 "' is no address of an engine; --url and MODELMORA_URL want grpc://host:port, host:port, or the "
                 "http:// address of its REST API; grpcs:// and https:// where it speaks TLS.");
}

std::string trimmed(const std::string& text) {
    constexpr const char* kBlanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlanks);
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

} // namespace

bool isEngineAddress(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    return colon != std::string::npos && colon > 0 && colon + 1 < text.size() && text.size() - colon <= 6 &&
           text.find_first_not_of("0123456789", colon + 1) == std::string::npos &&
           text.find_first_of(" /@?#") == std::string::npos;
}

Result<EngineUrl> engineAddress(const std::string& url) {
    std::string rest = url;
    bool isRest = false;
    bool isTls = false;
    if (const std::size_t end = url.find("://"); end != std::string::npos) {
        const std::string scheme = url.substr(0, end);
        if (scheme != "grpc" && scheme != "http" && scheme != "grpcs" && scheme != "https")
            return noAddress(url);
        isRest = scheme.starts_with("http");
        isTls = scheme.ends_with('s');
        rest = url.substr(end + 3);
    }
    rest = rest.substr(0, isRest ? rest.find('/') : rest.ends_with('/') ? rest.size() - 1 : rest.size());
    // The colons of an IPv6 address stand within brackets.
    const std::size_t colon = rest.rfind(':');
    const bool hasPort = colon != std::string::npos && rest.find(']', colon) == std::string::npos;
    const std::string host = hasPort ? rest.substr(0, colon) : rest;
    std::string address = host + ":" + (hasPort && !isRest ? rest.substr(colon + 1) : kUsualPort);
    if (host.empty() || !isEngineAddress(address) || (hasPort && !isEngineAddress(rest)))
        return noAddress(url);
    return EngineUrl{address, isTls};
}

Result<std::string> readKey(const std::string& file, const std::string& inherited) {
    std::string key = trimmed(inherited);
    if (!file.empty()) {
        std::ifstream in(file, std::ios::binary);
        std::ostringstream text;
        if (!in || !(text << in.rdbuf()))
            return usage("The key cannot be read from " + file + "; --key-file names a file that holds nothing else.");
        key = trimmed(text.str());
        if (key.empty())
            return usage("There is no key in " + file + ".");
    }
    // The key itself is never shown.
    if (key.size() > kLongestKey || !std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; }))
        return usage("What " + (file.empty() ? "MODELMORA_KEY" : file) +
                     " holds is no key; a key is one word of visible ASCII characters.");
    return key;
}

} // namespace mm::cli
