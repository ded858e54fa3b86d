#pragma once

#include "base/io_lane.hpp"
#include "http/body_budget.hpp"
#include "http/connection_limits.hpp"
#include "http/exchange.hpp"
#include "http/gate.hpp"
#include "http/metrics.hpp"
#include "http/net.hpp"
#include "http/pipeline.hpp"
#include "http/response_writer.hpp"
#include "http/server.hpp"
#include "http/tls.hpp"

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

/// What all workers share; made once, and outlives them.
struct shared_parts {
    shared_parts(const server_options& chosen, const http::pipeline::parts& line, trusted_proxies proxies,
                 const server::parts& with, std::unique_ptr<tls_store> certificate)
        : options{chosen},
          pipeline{line, chosen, std::move(proxies)},
          writer{pipeline.cors()},
          clock{with.clock},
          random{with.random},
          metrics{with.metrics},
          tls{std::move(certificate)},
          limits{.max_header_bytes = chosen.max_header_bytes,
                 .max_target_bytes = chosen.max_target_bytes,
                 .max_body_bytes = chosen.max_body_bytes},
          bodies{chosen.max_bodies_bytes},
          connections{chosen.max_connections,
                      chosen.max_connections_per_client != 0
                          ? chosen.max_connections_per_client
                          : std::max<std::size_t>(chosen.max_connections / 4, 1),
                      pipeline.proxies()} {
        metrics.watch(bodies);
    }

    const server_options options;
    const http::pipeline pipeline;
    const response_writer writer;
    const breakwater::clock& clock;
    random_source& random;
    http::metrics& metrics;
    const std::unique_ptr<tls_store> tls; ///< null: plain TCP
    const gate_limits limits;
    const body_budget bodies;
    connection_limits connections;
};

/// One I/O thread: its io_context, its acceptor, its sessions, and what they take turns in using. What comes
/// after `join` belongs to that thread.
class worker : public std::enable_shared_from_this<worker> {
public:
    using session_list =
        boost::intrusive::list<session, boost::intrusive::base_hook<boost::intrusive::list_base_hook<>>,
                               boost::intrusive::constant_time_size<false>>;

    explicit worker(std::shared_ptr<shared_parts> parts);
    ~worker();
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    /// Before `start`: binds beside the other workers (SO_REUSEPORT) and listens.
    [[nodiscard]] error_code listen(const asio::ip::tcp::endpoint& at);
    /// What it is bound to.
    [[nodiscard]] asio::ip::tcp::endpoint endpoint() const;
    void start();
    /// Any thread: takes no more connections, closes the idle ones, and ends once the others are done or time
    /// is up.
    void begin_stop();
    void join();

    [[nodiscard]] shared_parts& parts() noexcept { return *parts_; }
    [[nodiscard]] io_lane& lane() noexcept { return *lane_; }
    [[nodiscard]] bool is_stopping() const noexcept { return stopping_; }
    [[nodiscard]] steady_point now() const noexcept { return parts_->clock.steady_now(); }
    /// At most about a second old: good enough for `Date`, and for idle connections.
    [[nodiscard]] std::string_view date() const noexcept { return date_; }
    [[nodiscard]] steady_point coarse_now() const noexcept { return coarse_now_; }
    /// Sixteen random bytes in hexadecimal; valid until the next call.
    [[nodiscard]] std::string_view fresh_request_id();

    [[nodiscard]] std::shared_ptr<exchange> take_exchange();
    /// Kept for the next request, unless somebody still holds it.
    void give_back(std::shared_ptr<exchange> used);
    /// Room to write into, for a session whose `into` has none.
    void take_buffer(std::string& into);
    /// Emptied, and its memory kept for whoever writes next.
    void give_back(std::string& buffer);

    [[nodiscard]] task<void> pause(std::chrono::milliseconds time);

    request_head scratch_head; ///< of the request being read; not across a suspension
    void enter(session& one);
    void leave(session& one) noexcept;

private:
    task<void> accept_connections();
    task<void> accept_one(error_code& failure);
    task<void> serve(tcp_socket socket, std::string peer, connection_limits::place place);
    void turn_away(tcp_socket socket, connection_limits::refusal why);
    void see_off_first();
    task<void> tick();
    void end_if_done();

    std::shared_ptr<shared_parts> parts_;
    std::optional<asio::io_context>
        context_; ///< ended explicitly: the sessions within it use what stands below
    std::optional<io_lane> lane_;
    std::optional<tcp_acceptor> acceptor_;
    using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                             asio::wait_traits<std::chrono::steady_clock>, io_executor>;
    std::optional<timer> ticker_;
    session_list sessions_;
    struct leaver {
        tcp_socket socket;
        steady_point since{};
    };
    std::deque<leaver>
        leaving_; ///< were turned away with an answer, which they may not have read yet; oldest first
    std::vector<std::shared_ptr<exchange>> spare_exchanges_;
    std::vector<std::string> spare_buffers_;
    std::string date_;
    steady_point coarse_now_{};
    std::array<std::uint8_t, 1024> random_{};
    std::size_t random_used_ = random_.size();
    std::array<char, 32> request_id_{};
    bool stopping_ = false;
    std::chrono::steady_clock::time_point stop_by_{};
    std::thread thread_;
};

} // namespace breakwater::http
