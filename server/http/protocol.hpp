#pragma once

#include "http/body_budget.hpp"
#include "http/metrics.hpp"
#include "http/net.hpp"
#include "http/pipeline.hpp"
#include "http/request_context.hpp"
#include "http/request_validator.hpp"
#include "http/response_writer.hpp"
#include "http/server.hpp"
#include "net/protocol.hpp"
#include "net/worker.hpp"

#include <boost/intrusive/list.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace breakwater::http {

class session;

/// The state that the I/O threads share. Outlives them.
struct shared_state {
    shared_state(const server_options& settings, const http::pipeline::dependencies& pipeline_deps,
                 trusted_proxies proxies, const server::dependencies& deps)
        : options{settings},
          pipeline{pipeline_deps, settings, std::move(proxies)},
          writer{pipeline.cors()},
          clock{deps.clock},
          random{deps.random},
          metrics{deps.metrics},
          limits{.max_header_bytes = settings.max_header_bytes,
                 .max_target_bytes = settings.max_target_bytes,
                 .max_body_bytes = settings.max_body_bytes},
          bodies{settings.max_bodies_bytes} {
        metrics.set_body_budget(bodies);
    }

    const server_options options;
    const http::pipeline pipeline;
    const response_writer writer;
    const breakwater::clock& clock;
    random_source& random;
    http::metrics& metrics;
    const request_limits limits;
    const body_budget bodies;
};

/// HTTP on one I/O thread: its sessions, and the buffers that they share.
class protocol final : public net::protocol {
public:
    protocol(std::shared_ptr<shared_state> shared, net::worker& worker);
    ~protocol() override;
    protocol(const protocol&) = delete;
    protocol& operator=(const protocol&) = delete;

    task<void> serve(net::connection accepted) override;
    void tick(steady_point now) override;
    /// Closes the idle sessions. The others finish their requests.
    void begin_stop() override;
    void abandon() override;
    std::string refusal(net::connection_limits::refusal reason) override;

    // For the sessions.

    [[nodiscard]] net::worker& worker() noexcept { return worker_; }
    [[nodiscard]] shared_state& shared() noexcept { return *shared_; }
    /// The value of `Date`: at most about a second old.
    [[nodiscard]] std::string_view date() const noexcept { return date_; }
    /// 16 random bytes in hexadecimal; valid until the next call.
    [[nodiscard]] std::string_view new_request_id();

    [[nodiscard]] std::shared_ptr<request_context> acquire_context();
    /// Keeps the context for the next request, unless something else still holds it.
    void release_context(std::shared_ptr<request_context> context);
    /// Moves a spare buffer into `buffer`, if that has no capacity.
    void acquire_buffer(std::string& buffer);
    /// Clears `buffer` and keeps its memory for other sessions.
    void release_buffer(std::string& buffer);

    request_head scratch_head; ///< of the request being parsed; invalid after a suspension
    void add(session& added);
    void remove(session& ended) noexcept;

private:
    using session_list =
        boost::intrusive::list<session, boost::intrusive::base_hook<boost::intrusive::list_base_hook<>>,
                               boost::intrusive::constant_time_size<false>>;

    const std::shared_ptr<shared_state> shared_;
    net::worker& worker_;
    session_list sessions_;
    std::vector<std::shared_ptr<request_context>> spare_contexts_;
    std::vector<std::string> spare_buffers_;
    std::string date_;
    std::array<std::uint8_t, 1024> random_{};
    std::size_t random_used_ = random_.size();
    std::array<char, 32> request_id_{};
};

} // namespace breakwater::http
