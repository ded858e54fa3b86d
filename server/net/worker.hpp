#pragma once

#include "base/clock.hpp"
#include "net/asio.hpp"
#include "net/connection_limits.hpp"
#include "net/io_executor.hpp"
#include "net/listener.hpp"
#include "net/protocol.hpp"
#include "net/tls_store.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace breakwater::net {

/// One I/O thread of a listener with its io_context, its acceptor and its connections. Any thread may call
/// the members, except those that are for this thread only.
class worker : public std::enable_shared_from_this<worker> {
public:
    /// The state that all workers of a listener share.
    struct shared_state {
        shared_state(const listener_options& settings, const listener::dependencies& deps,
                     std::shared_ptr<tls_store> certificates);

        const listener_options options;
        const breakwater::clock& clock;
        connection_counters& counters;
        const std::shared_ptr<tls_store> tls; ///< null: plain TCP
        connection_limits limits;
    };

    worker(std::shared_ptr<shared_state> shared, const listener::protocol_factory& make_protocol);
    ~worker();
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    /// Binds to the port of the other workers (SO_REUSEPORT) and listens. Call it before `start`.
    [[nodiscard]] error_code listen(const asio::ip::tcp::endpoint& address);
    /// The bound address.
    [[nodiscard]] asio::ip::tcp::endpoint endpoint() const;
    void start();
    /// Stops accepting connections, and ends the thread when the open ones have ended or the shutdown timeout
    /// has passed.
    void begin_stop();
    void join();

    /// Keeps the worker alive while another thread posts. REQUIRES: not called by a `protocol_factory`.
    [[nodiscard]] std::shared_ptr<io_executor> executor_handle() { return {shared_from_this(), &*executor_}; }

    // Only on this thread:
    [[nodiscard]] io_executor& executor() noexcept { return *executor_; }
    [[nodiscard]] bool is_stopping() const noexcept { return stopping_; }
    [[nodiscard]] steady_point now() const noexcept { return shared_->clock.steady_now(); }
    /// At most about a second old. Accurate enough for idle timeouts.
    [[nodiscard]] steady_point coarse_now() const noexcept { return coarse_now_; }
    [[nodiscard]] task<void> pause(std::chrono::milliseconds time);

private:
    /// Counts a connection that has a slot.
    class open_connection;
    struct refused_connection {
        tcp_socket socket;
        steady_point since{};
    };
    using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                             asio::wait_traits<std::chrono::steady_clock>, asio_executor>;
    using handshake_hook =
        boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
    struct pending_handshake : handshake_hook {
        pending_handshake(transport& accepted, steady_point timeout) : stream{accepted}, deadline{timeout} {}
        transport& stream;
        steady_point deadline;
    };
    using handshake_list =
        boost::intrusive::list<pending_handshake, boost::intrusive::base_hook<handshake_hook>,
                               boost::intrusive::constant_time_size<false>>;

    task<void> accept_connections();
    task<void> accept_one(error_code& failure);
    task<void> serve(tcp_socket socket, std::string peer, connection_limits::slot slot);
    task<bool> complete_handshake(transport& stream);
    void reject(tcp_socket socket, connection_limits::refusal reason);
    void close_oldest_refused();
    task<void> tick();
    void end_if_finished();

    const std::shared_ptr<shared_state> shared_;
    std::unique_ptr<protocol> protocol_;
    std::optional<asio::io_context>
        context_; ///< destroyed explicitly, because its coroutines use the other members
    std::optional<io_executor> executor_;
    std::optional<tcp_acceptor> acceptor_;
    std::optional<timer> ticker_;
    std::size_t connections_ = 0; ///< open ones, including those in their handshake
    handshake_list handshakes_;
    std::deque<refused_connection>
        refused_; ///< kept open until the client has read the response; oldest first
    steady_point coarse_now_{};
    bool stopping_ = false;
    std::chrono::steady_clock::time_point stop_deadline_{};
    std::thread thread_;
};

} // namespace breakwater::net
