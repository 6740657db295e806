#include "engine/tls/tls_files.h"

#include "engine/base/log.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

namespace mm {
namespace {

template <auto Free>
struct Deleter {
    void operator()(auto* thing) const { Free(thing); }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using File = std::unique_ptr<std::FILE, Deleter<std::fclose>>;

constexpr std::size_t kMaxBytes = 4UL << 20; // a bundle of every public root has 0.2 MB

Error wrongFile(std::string_view setting, const std::filesystem::path& file, const std::string& what) {
    return {ErrorCode::InvalidConfiguration,
            std::string(setting) + ": " + file.string() + ' ' + what,
            {{"file", file.string()}, {"setting", std::string(setting)}}};
}

Result<std::string> readText(std::string_view setting, const std::filesystem::path& path) {
    std::string text(kMaxBytes + 1, '\0');
    errno = 0;
    const File file(std::fopen(path.c_str(), "rbe"));
    text.resize(file ? std::fread(text.data(), 1, text.size(), file.get()) : 0);
    if (!file || std::ferror(file.get()) != 0)
        return wrongFile(setting, path, std::string("cannot be read: ") + std::strerror(errno) + '.');
    if (text.size() > kMaxBytes)
        return wrongFile(setting, path, "is over 4 MB, which no certificate or key is.");
    return text;
}

Bio bioOf(const std::string& text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

int refusePassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* wasAsked) {
    *static_cast<bool*>(wasAsked) = true;
    return -1;
}

void warnOfDates(std::string_view setting, const std::filesystem::path& file, const X509* certificate) {
    const bool isEarly = X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0;
    if (isEarly || X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        log::warning(isEarly ? "a certificate is not valid yet" : "a certificate has expired",
                     {{"setting", std::string(setting)}, {"file", file.string()}});
}

Result<std::vector<Certificate>> readCertificates(std::string_view setting, const std::filesystem::path& file,
                                                  const std::string& text) {
    std::vector<Certificate> found;
    const Bio bio = bioOf(text);
    while (X509* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        found.emplace_back(one);
        warnOfDates(setting, file, one);
    }
    // The end of the text is an error as well: "no start line".
    const bool isAtEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (found.empty() && isAtEnd)
        return wrongFile(setting, file, "holds no certificate in PEM (\"-----BEGIN CERTIFICATE-----\").");
    if (!isAtEnd)
        return wrongFile(setting, file,
                         "is damaged: certificate " + std::to_string(found.size() + 1) + " in it cannot be read.");
    return found;
}

Result<Key> readKey(const std::filesystem::path& file, const std::string& text) {
    bool isProtected = false;
    const Bio bio = bioOf(text);
    Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, refusePassphrase, &isProtected));
    ERR_clear_error();
    if (isProtected)
        return wrongFile("tls-key", file,
                         "is protected by a passphrase, which nobody could type in at start. Take it off: openssl pkey "
                         "-in OLD -out NEW.");
    if (!key)
        return wrongFile("tls-key", file, "holds no private key in PEM (\"-----BEGIN PRIVATE KEY-----\").");
    return key;
}

Result<void> readIdentity(const std::filesystem::path& certificateFile, const std::filesystem::path& keyFile,
                          std::string& certificatesText, std::string& keyText) {
    MM_TRY(certificatesText, readText("tls-certificate", certificateFile));
    MM_TRY(const auto certificates, readCertificates("tls-certificate", certificateFile, certificatesText));
    MM_TRY(keyText, readText("tls-key", keyFile));
    MM_TRY(const Key key, readKey(keyFile, keyText));
    const bool fits = X509_check_private_key(certificates.front().get(), key.get()) == 1;
    ERR_clear_error();
    if (!fits)
        return wrongFile("tls-key", keyFile,
                         "is not the key of the first certificate in " + certificateFile.string() + '.');
    return {};
}

} // namespace

Result<TlsTexts> readTls(const TlsFiles& files) {
    TlsTexts texts;
    MM_CHECK(readIdentity(files.certificate, files.key, texts.certificates, texts.key));
    if (!files.clientCa.empty()) {
        MM_TRY(texts.clientCa, readText("tls-client-ca", files.clientCa));
        MM_CHECK(readCertificates("tls-client-ca", files.clientCa, texts.clientCa));
    }
    return texts;
}

Result<ClientTlsTexts> readClientTls(const ClientTlsFiles& files) {
    ClientTlsTexts texts;
    if (!files.ca.empty()) {
        MM_TRY(texts.ca, readText("tls-ca", files.ca));
        MM_CHECK(readCertificates("tls-ca", files.ca, texts.ca));
    }
    if (!files.certificate.empty())
        MM_CHECK(readIdentity(files.certificate, files.key, texts.certificates, texts.key));
    return texts;
}

} // namespace mm
