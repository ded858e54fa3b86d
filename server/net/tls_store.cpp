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

/// The list of RFC 7301 section 3.1: each name after its length.
std::string wire_list(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) {
        out += static_cast<char>(name.size());
        out += name;
    }
    return out;
}

/// RFC 7301: selects the first of our protocols that the client offers, or sends an alert. `list`: ours, a
/// string.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* in,
                    unsigned in_length, void* list) {
    const auto& ours = *static_cast<const std::string*>(list);
    unsigned char* selected = nullptr;
    if (SSL_select_next_proto(&selected, out_length, reinterpret_cast<const unsigned char*>(ours.data()),
                              static_cast<unsigned>(ours.size()), in, in_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = selected;
    return SSL_TLSEXT_ERR_OK;
}

bool harden(SSL_CTX* context) {
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); // an idle connection frees its buffers
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, suites_12) == 1 &&
           SSL_CTX_set_ciphersuites(context, suites_13) == 1 &&
           SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1 &&
           SSL_CTX_set_session_id_context(context,
                                          reinterpret_cast<const unsigned char*>(session_context.data()),
                                          static_cast<unsigned>(session_context.size())) == 1;
}

} // namespace

tls_store::tls_store(tls_options options)
    : options_{std::move(options)}, protocols_{wire_list(options_.protocols)} {}

result<void> tls_store::load() {
    ERR_clear_error();
    auto loaded = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX* const context = loaded->native_handle();
    if (!harden(context))
        return tls_failure("TLS could not be configured");
    if (!protocols_.empty())
        SSL_CTX_set_alpn_select_cb(context, select_protocol, const_cast<std::string*>(&protocols_));
    const std::string& certificate_file = options_.certificate_file;
    const std::string& key_file = options_.key_file;
    if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1)
        return tls_failure("The certificate chain \"" + certificate_file + "\" cannot be used");
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
        if (ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_X509)
            return fail(errc::bad_state, "The key \"" + key_file + "\" does not match the certificate \"" +
                                             certificate_file + "\".");
        return tls_failure("The key \"" + key_file + "\" cannot be used");
    }
    if (auto prepared = verify_clients(context); !prepared)
        return prepared;
    const lock_guard lock{mutex_};
    current_ = std::move(loaded);
    return {};
}

result<void> tls_store::verify_clients(SSL_CTX* context) const {
    if (options_.clients == client_certificates::none)
        return {};
    const char* const file = options_.client_ca_file.c_str();
    // The names of the authorities help a client that has several certificates to choose one.
    STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(file);
    if (names == nullptr || SSL_CTX_load_verify_file(context, file) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return tls_failure("The authorities of client certificates \"" + options_.client_ca_file +
                           "\" cannot be used");
    }
    SSL_CTX_set_client_CA_list(context, names);
    SSL_CTX_set_verify(context,
                       options_.clients == client_certificates::require
                           ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
                           : SSL_VERIFY_PEER,
                       nullptr);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    if (SSL_CTX_set_num_tickets(context, 0) != 1)
        return tls_failure("TLS could not be configured");
    return {};
}

std::shared_ptr<asio::ssl::context> tls_store::current() const {
    const lock_guard lock{mutex_};
    return current_;
}

} // namespace breakwater::net
