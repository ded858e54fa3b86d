#include "net/tls_store.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace breakwater::net {

namespace {

constexpr const char* suites_12 = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-"
                                  "AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                  "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* suites_13 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr std::string_view protocols = "\x08http/1.1";
constexpr std::string_view session_context = "breakwater";

/// The oldest error in OpenSSL's queue as text; empty if there is none. Clears the queue.
std::string openssl_reason() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    if (code == 0)
        return {};
    if (ERR_SYSTEM_ERROR(code))
        return std::generic_category().message(ERR_GET_REASON(code));
    if (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE)
        return "It is not in PEM form";
    if (ERR_GET_LIB(code) == ERR_LIB_OSSL_DECODER && ERR_GET_REASON(code) == ERR_R_UNSUPPORTED)
        return "It holds no private key in PEM form";
    if (ERR_GET_REASON(code) == ERR_R_INTERRUPTED_OR_CANCELLED) // from no_passphrase
        return "It is protected by a passphrase; save it without one";
    const char* const text = ERR_reason_error_string(code);
    return text != nullptr ? text : "OpenSSL error " + std::to_string(code);
}

std::unexpected<error> tls_failure(std::string message) {
    if (const std::string reason = openssl_reason(); !reason.empty())
        message += ": " + reason;
    return fail(errc::bad_state, message + '.');
}

/// Without this callback OpenSSL would prompt for the passphrase on the terminal and block.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

/// RFC 7301: selects http/1.1, or sends an alert if the client does not offer it.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* in,
                    unsigned in_length, void*) {
    unsigned char* selected = nullptr;
    const auto* supported = reinterpret_cast<const unsigned char*>(protocols.data());
    if (SSL_select_next_proto(&selected, out_length, supported, static_cast<unsigned>(protocols.size()), in,
                              in_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = selected;
    return SSL_TLSEXT_ERR_OK;
}

bool harden(SSL_CTX* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); // an idle connection frees its buffers
    SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, suites_12) == 1 &&
           SSL_CTX_set_ciphersuites(context, suites_13) == 1 &&
           SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1 &&
           SSL_CTX_set_session_id_context(context,
                                          reinterpret_cast<const unsigned char*>(session_context.data()),
                                          static_cast<unsigned>(session_context.size())) == 1;
}

} // namespace

result<void> tls_store::load() {
    ERR_clear_error();
    auto loaded = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX* const context = loaded->native_handle();
    if (!harden(context))
        return tls_failure("TLS could not be configured");
    if (SSL_CTX_use_certificate_chain_file(context, certificate_file_.c_str()) != 1)
        return tls_failure("The certificate chain \"" + certificate_file_ + "\" cannot be used");
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    if (SSL_CTX_use_PrivateKey_file(context, key_file_.c_str(), SSL_FILETYPE_PEM) != 1) {
        if (ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_X509)
            return fail(errc::bad_state, "The key \"" + key_file_ + "\" does not match the certificate \"" +
                                             certificate_file_ + "\".");
        return tls_failure("The key \"" + key_file_ + "\" cannot be used");
    }
    const std::lock_guard lock{mutex_};
    current_ = std::move(loaded);
    return {};
}

std::shared_ptr<asio::ssl::context> tls_store::current() const {
    const std::lock_guard lock{mutex_};
    return current_;
}

} // namespace breakwater::net
