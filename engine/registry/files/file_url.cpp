#include "engine/registry/files/file_url.h"

#include <algorithm>

namespace mm::registry {
namespace {

constexpr std::string_view kScheme = "file:";
constexpr std::size_t kLongestPath = 4096;

int hexDigit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

Error badUrl(const std::string& why) {
    return invalidField("source_url", why + "; write 'file:///absolute/path/of/the/folder'");
}

Result<std::string> percentDecoded(std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
        const int low = high < 0 ? -1 : hexDigit(text[i + 2]);
        if (low < 0)
            return badUrl("has a '%' that is not followed by two hexadecimal digits");
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

} // namespace

bool isFileUrl(std::string_view url) {
    return url.size() >= kScheme.size() && std::equal(kScheme.begin(), kScheme.end(), url.begin(), [](char a, char b) {
               return a == ((b >= 'A' && b <= 'Z') ? static_cast<char>(b - 'A' + 'a') : b);
           });
}

Result<std::filesystem::path> folderOfUrl(std::string_view url) {
    std::string_view rest = url.substr(kScheme.size());
    if (rest.starts_with("//")) {
        rest.remove_prefix(2);
        const std::string_view host = rest.substr(0, rest.find('/'));
        if (!host.empty() && host != "localhost")
            return badUrl("names the host '" + std::string(host.substr(0, 64)) + "', only this machine can be read");
        rest.remove_prefix(host.size());
    }
    if (rest.find_first_of("?#") != std::string_view::npos)
        return badUrl("has a query or a fragment (a '?' or '#' in a name is written %3F or %23)");
    MM_TRY(const std::string decoded, percentDecoded(rest));
    if (!decoded.starts_with('/'))
        return badUrl("is not an absolute path");
    if (decoded.find('\0') != std::string::npos)
        return badUrl("has a NUL byte");
    if (decoded.size() > kLongestPath)
        return badUrl("is longer than " + std::to_string(kLongestPath) + " bytes");
    const std::filesystem::path path(decoded);
    if (std::any_of(path.begin(), path.end(), [](const auto& part) { return part == ".." || part == "."; }))
        return badUrl("has a '.' or '..' in its path");
    return path;
}

std::string urlOfFolder(const std::filesystem::path& folder) {
    constexpr std::string_view kPlain = "-._~/+,=@:!$&'()*";
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string url = "file://";
    for (const char c : folder.string()) {
        const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (alphanumeric || kPlain.find(c) != std::string_view::npos) {
            url += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        url.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
    }
    return url;
}

} // namespace mm::registry
