#pragma once

#include "http/body_budget.hpp"
#include "http/metrics.hpp"
#include "http/net.hpp"
#include "http/pipeline.hpp"
#include "http/request_context.hpp"
#include "http/request_validator.hpp"
#include "http/response_writer.hpp"
#include "http/server.hpp"
#include "net/connection_limits.hpp"
#include "net/io_executor.hpp"
#include "net/tls_store.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace breakwater::http {

class session;

/// The state that all workers share. Outlives them.
struct shared_state {
    shared_state(const server_options& settings, const http::pipeline::dependencies& pipeline_deps,
                 trusted_proxies proxies, const server::dependencies& deps,
                 std::unique_ptr<net::tls_store> certificate)
        : options{settings},
          pipeline{pipeline_deps, settings, std::move(proxies)},
          writer{pipeline.cors()},
          clock{deps.clock},
          random{deps.random},
          metrics{deps.metrics},
          tls{std::move(certificate)},
          limits{.max_header_bytes = settings.max_header_bytes,
                 .max_target_bytes = settings.max_target_bytes,
                 .max_body_bytes = settings.max_body_bytes},
          bodies{settings.max_bodies_bytes},
          connections{settings.max_connections,
                      settings.max_connections_per_client != 0
                          ? settings.max_connections_per_client
                          : std::max<std::size_t>(settings.max_connections / 4, 1),
                      [this](const ip_bytes& address) { return pipeline.proxies().trust(address); }} {
        metrics.set_body_budget(bodies);
    }

    const server_options options;
    const http::pipeline pipeline;
    const response_writer writer;
    const breakwater::clock& clock;
    random_source& random;
    http::metrics& metrics;
    const std::unique_ptr<net::tls_store> tls; ///< null: plain TCP
    const request_limits limits;
    const body_budget bodies;
    net::connection_limits connections;
};

/// One I/O thread with its io_context, its acceptor, its sessions, and the buffers that the sessions share.
/// The members declared after `join` may be called on that thread only.
class worker : public std::enable_shared_from_this<worker> {
public:
    using session_list =
        boost::intrusive::list<session, boost::intrusive::base_hook<boost::intrusive::list_base_hook<>>,
                               boost::intrusive::constant_time_size<false>>;

    explicit worker(std::shared_ptr<shared_state> shared);
    ~worker();
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    /// Binds to the port of the other workers (SO_REUSEPORT) and listens. Call it before `start`.
    [[nodiscard]] error_code listen(const asio::ip::tcp::endpoint& address);
    /// The bound address.
    [[nodiscard]] asio::ip::tcp::endpoint endpoint() const;
    void start();
    /// Stops accepting connections, closes the idle ones, and ends the thread when the others are finished or
    /// the shutdown timeout has passed. Any thread may call.
    void begin_stop();
    void join();

    [[nodiscard]] shared_state& shared() noexcept { return *shared_; }
    [[nodiscard]] net::io_executor& executor() noexcept { return *executor_; }
    [[nodiscard]] bool is_stopping() const noexcept { return stopping_; }
    [[nodiscard]] steady_point now() const noexcept { return shared_->clock.steady_now(); }
    /// At most about a second old. Accurate enough for `Date` and idle timeouts.
    [[nodiscard]] std::string_view date() const noexcept { return date_; }
    [[nodiscard]] steady_point coarse_now() const noexcept { return coarse_now_; }
    /// 16 random bytes in hexadecimal; valid until the next call.
    [[nodiscard]] std::string_view new_request_id();

    [[nodiscard]] std::shared_ptr<request_context> acquire_context();
    /// Keeps the context for the next request, unless something else still holds it.
    void release_context(std::shared_ptr<request_context> context);
    /// Moves a spare buffer into `buffer`, if that has no capacity.
    void acquire_buffer(std::string& buffer);
    /// Clears `buffer` and keeps its memory for other sessions.
    void release_buffer(std::string& buffer);

    [[nodiscard]] task<void> pause(std::chrono::milliseconds time);

    request_head scratch_head; ///< of the request being parsed; invalid after a suspension
    void add(session& added);
    void remove(session& ended) noexcept;

private:
    task<void> accept_connections();
    task<void> accept_one(error_code& failure);
    task<void> serve(net::tcp_socket socket, std::string peer, net::connection_limits::slot slot);
    void reject(net::tcp_socket socket, net::connection_limits::refusal reason);
    void close_oldest_rejected();
    task<void> tick();
    void end_if_finished();

    std::shared_ptr<shared_state> shared_;
    std::optional<asio::io_context>
        context_; ///< destroyed explicitly, because its sessions use the members below
    std::optional<net::io_executor> executor_;
    std::optional<net::tcp_acceptor> acceptor_;
    using timer =
        asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                                   net::asio_executor>;
    std::optional<timer> ticker_;
    session_list sessions_;
    struct rejected_connection {
        net::tcp_socket socket;
        steady_point since{};
    };
    std::deque<rejected_connection>
        rejected_; ///< kept open until the client has read the response; oldest first
    std::vector<std::shared_ptr<request_context>> spare_contexts_;
    std::vector<std::string> spare_buffers_;
    std::string date_;
    steady_point coarse_now_{};
    std::array<std::uint8_t, 1024> random_{};
    std::size_t random_used_ = random_.size();
    std::array<char, 32> request_id_{};
    bool stopping_ = false;
    std::chrono::steady_clock::time_point stop_deadline_{};
    std::thread thread_;
};

} // namespace breakwater::http
