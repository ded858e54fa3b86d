#include "net/worker.hpp"

#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "base/thread.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

namespace breakwater::net {

namespace {

constexpr std::chrono::seconds tick_interval{1};
constexpr std::chrono::milliseconds pause_without_descriptors{100};
constexpr std::size_t max_refused = 256;
constexpr std::chrono::seconds refused_time{2};
/// During a stop, the time that a client has to complete its handshake.
constexpr std::chrono::seconds stop_timeout{2};
constexpr int backlog = 4096; // the kernel limits it to net.core.somaxconn

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

std::string peer_address(const tcp_socket& socket) {
    error_code failure;
    const auto endpoint = socket.remote_endpoint(failure);
    if (failure)
        return {};
    const std::string text = endpoint.address().to_string();
    const auto address = parse_ip(text); // maps an IPv4 peer of a dual-stack listener to its IPv4 form
    return address ? format_ip(*address) : text;
}

} // namespace

class worker::open_connection {
public:
    explicit open_connection(worker& owner) : owner_{owner} {
        ++owner_.connections_;
        ++owner_.shared_->counters.open;
    }
    ~open_connection() {
        --owner_.connections_;
        --owner_.shared_->counters.open;
        if (owner_.ticker_)
            owner_.end_if_finished();
    }
    open_connection(const open_connection&) = delete;
    open_connection& operator=(const open_connection&) = delete;

private:
    worker& owner_;
};

worker::shared_state::shared_state(const listener_options& settings, const listener::dependencies& deps,
                                   std::shared_ptr<tls_store> certificates)
    : options{settings},
      clock{deps.clock},
      counters{deps.counters},
      tls{std::move(certificates)},
      limits{options.max_connections,
             options.max_connections_per_client != 0 ? options.max_connections_per_client
                                                     : std::max<std::size_t>(options.max_connections / 4, 1),
             options.is_shared} {}

worker::worker(std::shared_ptr<shared_state> shared, const listener::protocol_factory& make_protocol)
    : shared_{std::move(shared)} {
    context_.emplace(1);
    executor_.emplace(*context_);
    acceptor_.emplace(*context_);
    ticker_.emplace(*context_);
    coarse_now_ = now();
    protocol_ = make_protocol(*this);
}

worker::~worker() {
    protocol_->abandon();
    refused_.clear();
    acceptor_.reset();
    ticker_.reset();
    context_.reset();
}

error_code worker::listen(const asio::ip::tcp::endpoint& address) {
    error_code failure;
    acceptor_->open(address.protocol(), failure);
    if (!failure)
        acceptor_->set_option(asio::socket_base::reuse_address{true}, failure);
    if (!failure)
        acceptor_->set_option(reuse_port{true}, failure);
    if (!failure)
        acceptor_->bind(address, failure);
    if (!failure)
        acceptor_->listen(backlog, failure);
    return failure;
}

asio::ip::tcp::endpoint worker::endpoint() const {
    error_code failure;
    return acceptor_->local_endpoint(failure);
}

void worker::start() {
    asio::co_spawn(*context_, accept_connections(), asio::detached);
    asio::co_spawn(*context_, tick(), asio::detached);
    thread_ = start_thread(shared_->options.thread_name, [this] { context_->run(); });
}

void worker::begin_stop() {
    asio::post(*context_, [this] {
        stopping_ = true;
        // Real time instead of the injected clock, because it limits how long `stop` blocks.
        stop_deadline_ = std::chrono::steady_clock::now() + shared_->options.shutdown_timeout;
        error_code failure;
        acceptor_->close(failure);
        for (pending_handshake& handshake : handshakes_)
            handshake.deadline = std::min(handshake.deadline, now() + stop_timeout);
        protocol_->begin_stop();
        end_if_finished();
    });
}

void worker::join() {
    if (thread_.joinable())
        thread_.join();
}

void worker::end_if_finished() {
    if (stopping_ && connections_ == 0)
        ticker_->cancel();
}

task<void> worker::pause(std::chrono::milliseconds time) {
    timer pause_timer{*context_, time};
    error_code failure;
    co_await pause_timer.async_wait(asio::redirect_error(use_task, failure));
}

task<void> worker::tick() {
    while (!stopping_ || connections_ != 0) {
        coarse_now_ = now();
        for (pending_handshake& handshake : handshakes_)
            if (coarse_now_ >= handshake.deadline)
                handshake.stream.close();
        protocol_->tick(coarse_now_);
        while (!refused_.empty() && (stopping_ || refused_.front().since + refused_time <= coarse_now_))
            close_oldest_refused();
        if (stopping_ && std::chrono::steady_clock::now() >= stop_deadline_) {
            context_->stop();
            co_return;
        }
        error_code failure;
        ticker_->expires_after(tick_interval);
        co_await ticker_->async_wait(asio::redirect_error(use_task, failure));
    }
}

task<void> worker::accept_connections() {
    while (!stopping_) {
        error_code failure;
        bool threw = false;
        try {
            co_await accept_one(failure);
        } catch (const std::exception& thrown) {
            // Losing one connection, for example without memory, is better than no longer listening.
            threw = true;
            log::write(log::level::error, "failed to accept a connection", {{"what", thrown.what()}});
        }
        // Without a descriptor or memory the connection stays in the backlog, and an immediate retry would
        // spin.
        if ((failure || threw) && !stopping_)
            co_await pause(pause_without_descriptors);
    }
}

task<void> worker::accept_one(error_code& failure) {
    tcp_socket socket = co_await acceptor_->async_accept(asio::redirect_error(use_task, failure));
    if (failure)
        co_return;
    std::string peer = peer_address(socket);
    auto slot = shared_->limits.acquire(parse_ip(peer));
    if (slot)
        asio::co_spawn(*context_, serve(std::move(socket), std::move(peer), std::move(*slot)),
                       asio::detached);
    else
        reject(std::move(socket), slot.error());
}

task<void> worker::serve(tcp_socket socket, std::string peer, [[maybe_unused]] connection_limits::slot slot) {
    const open_connection counted{*this};
    error_code failure;
    socket.non_blocking(true, failure);
    socket.set_option(asio::ip::tcp::no_delay{true}, failure);
    try {
        const auto tls = shared_->tls ? shared_->tls->current() : nullptr;
        connection accepted{.stream = tls ? transport{std::move(socket), tls} : transport{std::move(socket)},
                            .peer_address = std::move(peer),
                            .certificate = {}};
        if (tls) {
            const bool completed = co_await complete_handshake(accepted.stream);
            if (!completed)
                co_return;
            accepted.certificate = accepted.stream.peer_certificate();
        }
        co_await protocol_->serve(std::move(accepted));
    } catch (const std::exception& thrown) {
        log::write(log::level::error, "a connection ended with an exception", {{"what", thrown.what()}});
    }
}

/// The ticker closes the stream at the deadline.
task<bool> worker::complete_handshake(transport& stream) {
    pending_handshake handshake{stream, now() + shared_->options.handshake_timeout};
    handshakes_.push_back(handshake);
    error_code failure;
    co_await stream.handshake(failure);
    co_return !failure;
}

void worker::close_oldest_refused() {
    tcp_socket& socket = refused_.front().socket;
    error_code failure;
    // Unread bytes would reset the connection.
    std::array<char, 4096> discarded{};
    for (std::size_t limit = 64U << 10, count = 1; count != 0 && !failure && limit > count; limit -= count)
        count = socket.read_some(asio::mutable_buffer{discarded.data(), discarded.size()}, failure);
    refused_.pop_front();
}

/// Sends the refusal without waiting, because the connection has no slot.
void worker::reject(tcp_socket socket, connection_limits::refusal reason) {
    if (reason == connection_limits::refusal::too_many_from_client)
        ++shared_->counters.refused_by_client;
    else
        ++shared_->counters.refused;
    if (shared_->tls)
        return;
    const std::string out = protocol_->refusal(reason);
    if (out.empty())
        return;
    error_code failure;
    socket.non_blocking(true, failure);
    socket.write_some(asio::const_buffer{out.data(), out.size()}, failure);
    socket.shutdown(asio::socket_base::shutdown_send, failure);
    // The client may still send its first message. Closing before it arrives would reset the connection and
    // lose the refusal.
    refused_.push_back({.socket = std::move(socket), .since = coarse_now_});
    if (refused_.size() > max_refused)
        close_oldest_refused();
}

} // namespace breakwater::net
