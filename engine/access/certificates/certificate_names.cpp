#include "engine/access/certificates/certificate_names.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace mm::access {
namespace {

// Nothing for one that C programs would read as shorter than it is.
std::optional<std::string> textOf(const ASN1_STRING* text) {
    unsigned char* utf8 = nullptr;
    const int length = ASN1_STRING_to_UTF8(&utf8, text);
    if (length < 0)
        return std::nullopt;
    std::string out(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(length));
    OPENSSL_free(utf8);
    if (std::find(out.begin(), out.end(), '\0') != out.end())
        return std::nullopt;
    return out;
}

Error refused(const char* why) {
    return {ErrorCode::Unauthenticated, std::string("The client's certificate is refused: ") + why};
}

Result<std::string> commonName(const X509* certificate) {
    const X509_NAME* subject = X509_get_subject_name(certificate);
    const int first = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (first < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, first) >= 0)
        return std::string();
    const auto text = textOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, first)));
    if (!text)
        return refused("its subject cannot be read.");
    return *text;
}

} // namespace

Result<CertificateNames> namesOf(std::string_view pem) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                         BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        text ? PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr) : nullptr, X509_free);
    if (!certificate)
        return refused("it cannot be read.");
    CertificateNames names;
    MM_TRY(names.subject, commonName(certificate.get()));
    const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> all(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)),
        GENERAL_NAMES_free);
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        int type = 0;
        const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &type);
        std::vector<std::string>* into = type == GEN_DNS     ? &names.dns
                                         : type == GEN_EMAIL ? &names.email
                                         : type == GEN_URI   ? &names.uri
                                                             : nullptr;
        if (into == nullptr)
            continue;
        const auto one = textOf(static_cast<const ASN1_STRING*>(value));
        if (!one)
            return refused("one of its alternative names cannot be read.");
        into->push_back(*one);
    }
    return names;
}

} // namespace mm::access
