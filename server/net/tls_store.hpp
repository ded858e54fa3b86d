#pragma once

#include "base/mutex.hpp"
#include "base/result.hpp"
#include "net/asio.hpp"

#include <boost/asio/ssl/context.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace breakwater::net {

/// Whether the server asks TLS clients for a certificate. HTTP never asks; only a listener of another
/// protocol may set this.
enum class client_certificates : std::uint8_t {
    none,
    request, ///< a client may connect without one
    require,
};

struct tls_options {
    std::string certificate_file; ///< PEM chain of the server
    std::string key_file;         ///< PEM, without a passphrase
    /// Names of the application protocols (RFC 7301), the preferred one first. Each has 1 to 255 bytes. The
    /// handshake fails if the client offers a list that has none of them. Empty: the list is ignored.
    std::vector<std::string> protocols;
    client_certificates clients = client_certificates::none;
    /// PEM: the authorities that issue the certificates of clients. Read only if `clients` is not `none`.
    std::string client_ca_file;
};

/// Holds the current certificate. An open connection keeps the certificate of its handshake. The store
/// outlives the handshakes. Accepts TLS 1.2 and 1.3 with ephemeral keys and AEAD suites only, without
/// compression or renegotiation. If the server asks for client certificates, it resumes no session, so that
/// it verifies the certificate again for each connection. Thread-safe.
class tls_store {
public:
    explicit tls_store(tls_options options);

    /// Loads the files and replaces the current certificate. If a file is invalid or the key does not match
    /// the certificate, returns `bad_state` and keeps the current one.
    [[nodiscard]] result<void> load();
    /// Null before the first successful `load`.
    [[nodiscard]] std::shared_ptr<asio::ssl::context> current() const;

private:
    [[nodiscard]] result<void> verify_clients(SSL_CTX* context) const;

    const tls_options options_;
    const std::string protocols_; ///< `options_.protocols` as in RFC 7301 section 3.1
    mutable mutex mutex_;
    std::shared_ptr<asio::ssl::context> current_ GUARDED_BY(mutex_);
};

} // namespace breakwater::net
