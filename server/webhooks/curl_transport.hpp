#pragma once

#include "webhooks/transport.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace breakwater::webhooks {

/// Carries attempts out over HTTP/1.1 with libcurl. Contacts the attempt's URL and nothing else: no
/// redirection is followed, no proxy asked, no connection kept. Unless the URL's host is one of `local`,
/// every address is looked at when it is about to be connected to, whatever a name resolved to before, and
/// refused where it isn't public; then TLS is a must, too. The process must ignore SIGPIPE.
class curl_transport final : public transport {
public:
    struct options {
        local_hosts local{};
        std::chrono::milliseconds timeout{10'000}; ///< of an attempt, from looking up the name to the answer
        std::string ca_file{};                     ///< trusted instead of the system's authorities
    };
    explicit curl_transport(options chosen);
    /// Breaks off what is under way.
    ~curl_transport() override;

    void start(attempt what) override;
    std::vector<attempt_outcome> wait(std::chrono::milliseconds at_most) override;
    void interrupt() noexcept override;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

} // namespace breakwater::webhooks
