#pragma once

#include "base/result.hpp"
#include "http/net.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <mutex>
#include <string>

namespace breakwater::http {

/// The certificate in use. A live connection keeps the one it began with.
class tls_store {
public:
    tls_store(std::string certificate_file, std::string key_file)
        : certificate_file_{std::move(certificate_file)}, key_file_{std::move(key_file)} {}

    /// Reads the files; the new ones take over only where they parse and belong together, else `bad_state`
    /// says why not. TLS 1.2 and 1.3 with ephemeral keys and AEAD suites only, no compression, no
    /// renegotiation; ALPN offers http/1.1.
    [[nodiscard]] result<void> load();
    /// Null before the first `load` that went well.
    [[nodiscard]] std::shared_ptr<asio::ssl::context> current() const;

private:
    const std::string certificate_file_;
    const std::string key_file_;
    mutable std::mutex mutex_;
    std::shared_ptr<asio::ssl::context> current_;
};

} // namespace breakwater::http
