#pragma once

#include "webhooks/transport.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace breakwater::webhooks {

/// Carries out attempts over HTTP/1.1 with libcurl. Contacts only the attempt's URL: follows no redirects,
/// uses no proxy and reuses no connections. Unless the URL's host is in `local`, TLS is required, and every
/// address is checked right before connecting to it, whatever the name resolved to before; addresses that are
/// not public are refused. The process must ignore SIGPIPE.
class curl_transport final : public transport {
public:
    struct options {
        local_hosts local{};
        std::chrono::milliseconds timeout{10'000}; ///< of an attempt, from the name lookup to the response
        std::string ca_file{};                     ///< trusted instead of the system's certificates
    };
    explicit curl_transport(options settings);
    /// Cancels the running attempts.
    ~curl_transport() override;

    void start(attempt delivery) override;
    std::vector<attempt_outcome> wait(std::chrono::milliseconds timeout) override;
    void interrupt() noexcept override;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace breakwater::webhooks
