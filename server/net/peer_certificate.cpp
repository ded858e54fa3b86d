#include "net/peer_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <new>

namespace breakwater::net {

namespace {

std::string to_text(const X509_NAME* name) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), BIO_free};
    // Without ASN1_STRFLGS_ESC_MSB, which would escape UTF-8.
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
        throw std::bad_alloc{};
    char* text = nullptr;
    const long length = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

} // namespace

std::optional<peer_certificate> verified_certificate(const ssl_st& connection) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{SSL_get1_peer_certificate(&connection),
                                                                  X509_free};
    // The result is also X509_V_OK if the peer sent no certificate or if none was to be verified.
    if (!certificate || SSL_get_verify_mode(&connection) == SSL_VERIFY_NONE ||
        SSL_get_verify_result(&connection) != X509_V_OK)
        return std::nullopt;
    peer_certificate out{.subject = to_text(X509_get_subject_name(certificate.get())), .fingerprint = {}};
    if (X509_digest(certificate.get(), EVP_sha256(), out.fingerprint.data(), nullptr) != 1)
        throw std::bad_alloc{};
    return out;
}

} // namespace breakwater::net
