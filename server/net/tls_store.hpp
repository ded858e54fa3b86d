#pragma once

#include "base/result.hpp"
#include "net/asio.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <mutex>
#include <string>

namespace breakwater::net {

/// Holds the current certificate. An open connection keeps the certificate of its handshake. Thread-safe.
class tls_store {
public:
    tls_store(std::string certificate_file, std::string key_file)
        : certificate_file_{std::move(certificate_file)}, key_file_{std::move(key_file)} {}

    /// Loads the files and replaces the current certificate. If a file is invalid or the key does not match
    /// the certificate, returns `bad_state` and keeps the current one. Accepts TLS 1.2 and 1.3 with ephemeral
    /// keys and AEAD suites only, without compression or renegotiation; ALPN offers http/1.1.
    [[nodiscard]] result<void> load();
    /// Null before the first successful `load`.
    [[nodiscard]] std::shared_ptr<asio::ssl::context> current() const;

private:
    const std::string certificate_file_;
    const std::string key_file_;
    mutable std::mutex mutex_;
    std::shared_ptr<asio::ssl::context> current_;
};

} // namespace breakwater::net
