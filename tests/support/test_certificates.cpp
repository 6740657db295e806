#include "tests/support/test_certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace mm::test {
namespace {

constexpr long kDay = 24L * 3600;

using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

Key newKey() {
    return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

template <typename Write>
std::string pemOf(Write write) {
    const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
    write(bio.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pemOf(EVP_PKEY* key) {
    return pemOf([key](BIO* bio) { PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

void setName(X509_NAME* target, const std::string& name) {
    X509_NAME_add_entry_by_txt(target, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                               0);
}

void extend(X509* certificate, int what, const char* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate newCertificate(EVP_PKEY* key, const std::string& name, const std::string& issuer, int days) {
    Certificate certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    unsigned char serial = 0;
    RAND_bytes(&serial, 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1 + serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), (std::min(days, 0) - 1) * kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * kDay);
    setName(X509_get_subject_name(certificate.get()), name);
    setName(X509_get_issuer_name(certificate.get()), issuer);
    X509_set_pubkey(certificate.get(), key);
    return certificate;
}

std::string signedBy(EVP_PKEY* key, X509* certificate) {
    X509_sign(certificate, key, EVP_sha256());
    return pemOf([certificate](BIO* bio) { PEM_write_bio_X509(bio, certificate); });
}

} // namespace

TestAuthority::TestAuthority(const std::string& name) : m_name(name), m_key(newKey().release(), EVP_PKEY_free) {
    const Certificate certificate = newCertificate(m_key.get(), name, name, 3);
    extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    m_certificate = signedBy(m_key.get(), certificate.get());
}

TestAuthority::~TestAuthority() = default;

PemPair TestAuthority::sign(const std::string& name, int days) const {
    const Key key = newKey();
    const Certificate certificate = newCertificate(key.get(), name, m_name, days);
    extend(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    extend(certificate.get(), NID_ext_key_usage, "serverAuth,clientAuth");
    return {signedBy(m_key.get(), certificate.get()), pemOf(key.get())};
}

std::string withPassphrase(const std::string& key) {
    const Bio in(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())), BIO_free);
    const Key read(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
    std::string phrase = "secret";
    return pemOf([&](BIO* bio) {
        PEM_write_bio_PrivateKey(bio, read.get(), EVP_aes_128_cbc(), reinterpret_cast<unsigned char*>(phrase.data()),
                                 static_cast<int>(phrase.size()), nullptr, nullptr);
    });
}

} // namespace mm::test
