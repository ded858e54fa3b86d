#include "http/worker.hpp"

#include "base/free_memory.hpp"
#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "base/thread.hpp"
#include "http/session.hpp"
#include "http/status.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <sys/socket.h>

#include <exception>
#include <span>
#include <utility>

namespace breakwater::http {

namespace {

constexpr std::chrono::seconds tick_interval{1};
constexpr std::chrono::milliseconds pause_without_descriptors{100};
constexpr std::size_t max_rejected = 256;
constexpr std::chrono::seconds rejected_time{2};
constexpr std::size_t max_spare = 64;
constexpr std::size_t kept_buffer_bytes = 32U << 10;
constexpr int backlog = 4096; // the kernel limits it to net.core.somaxconn

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

std::string peer_address(const net::tcp_socket& socket) {
    error_code failure;
    const auto endpoint = socket.remote_endpoint(failure);
    if (failure)
        return {};
    const std::string text = endpoint.address().to_string();
    const auto address = parse_ip(text); // maps an IPv4 peer of a dual-stack listener to its IPv4 form
    return address ? format_ip(*address) : text;
}

} // namespace

worker::worker(std::shared_ptr<shared_state> shared) : shared_{std::move(shared)} {
    context_.emplace(1);
    executor_.emplace(*context_);
    acceptor_.emplace(*context_);
    ticker_.emplace(*context_);
    date_ = format_http_date(shared_->clock.now());
    coarse_now_ = now();
}

worker::~worker() {
    for (session& session : sessions_)
        session.abandon();
    rejected_.clear();
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
    thread_ = start_thread("http", [this] { context_->run(); });
}

void worker::begin_stop() {
    asio::post(*context_, [this] {
        stopping_ = true;
        // Real time instead of the injected clock, because it limits how long `stop` blocks.
        stop_deadline_ = std::chrono::steady_clock::now() + shared_->options.shutdown_timeout;
        error_code failure;
        acceptor_->close(failure);
        for (session& session : sessions_)
            session.begin_stop();
        end_if_finished();
    });
}

void worker::join() {
    if (thread_.joinable())
        thread_.join();
}

void worker::end_if_finished() {
    if (stopping_ && sessions_.empty())
        ticker_->cancel();
}

std::string_view worker::new_request_id() {
    constexpr std::size_t length = 16;
    if (random_used_ == random_.size()) {
        shared_->random.fill(random_);
        random_used_ = 0;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < length; ++i) {
        const std::uint8_t byte = random_[random_used_++];
        request_id_[2 * i] = digits[byte >> 4];
        request_id_[2 * i + 1] = digits[byte & 0x0f];
    }
    return {request_id_.data(), request_id_.size()};
}

std::shared_ptr<request_context> worker::acquire_context() {
    if (spare_contexts_.empty())
        return std::make_shared<request_context>(
            std::shared_ptr<net::io_executor>{shared_from_this(), &*executor_});
    std::shared_ptr<request_context> context = std::move(spare_contexts_.back());
    spare_contexts_.pop_back();
    return context;
}

void worker::release_context(std::shared_ptr<request_context> context) {
    if (context.use_count() != 1 || spare_contexts_.size() == max_spare)
        return;
    context->clear();
    spare_contexts_.push_back(std::move(context));
}

void worker::acquire_buffer(std::string& buffer) {
    if (buffer.capacity() > std::string{}.capacity() || spare_buffers_.empty())
        return;
    buffer = std::move(spare_buffers_.back());
    spare_buffers_.pop_back();
}

void worker::release_buffer(std::string& buffer) {
    if (buffer.capacity() <= kept_buffer_bytes && spare_buffers_.size() < max_spare) {
        buffer.clear();
        spare_buffers_.push_back(std::move(buffer));
    }
    free_memory(buffer);
}

void worker::add(session& added) {
    sessions_.push_back(added);
    shared_->metrics.connection_opened();
}

void worker::remove(session& ended) noexcept {
    sessions_.erase(sessions_.iterator_to(ended));
    shared_->metrics.connection_closed();
    if (ticker_)
        end_if_finished();
}

task<void> worker::pause(std::chrono::milliseconds time) {
    timer pause_timer{*context_, time};
    error_code failure;
    co_await pause_timer.async_wait(asio::redirect_error(use_task, failure));
}

task<void> worker::tick() {
    while (!stopping_ || !sessions_.empty()) {
        date_ = format_http_date(shared_->clock.now());
        coarse_now_ = now();
        for (session& session : sessions_)
            session.check_deadline(coarse_now_);
        while (!rejected_.empty() && (stopping_ || rejected_.front().since + rejected_time <= coarse_now_))
            close_oldest_rejected();
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
    net::tcp_socket socket = co_await acceptor_->async_accept(asio::redirect_error(use_task, failure));
    if (failure)
        co_return;
    std::string peer = peer_address(socket);
    auto slot = shared_->connections.acquire(parse_ip(peer));
    if (slot)
        asio::co_spawn(*context_, serve(std::move(socket), std::move(peer), std::move(*slot)),
                       asio::detached);
    else
        reject(std::move(socket), slot.error());
}

task<void> worker::serve(net::tcp_socket socket, std::string peer,
                         [[maybe_unused]] net::connection_limits::slot slot) {
    error_code failure;
    socket.non_blocking(true, failure);
    socket.set_option(asio::ip::tcp::no_delay{true}, failure);
    try {
        const auto tls = shared_->tls ? shared_->tls->current() : nullptr;
        session session{*this,
                        tls ? net::transport{std::move(socket), tls} : net::transport{std::move(socket)},
                        std::move(peer)};
        co_await session.run();
    } catch (const std::exception& thrown) {
        log::write(log::level::error, "a connection ended with an exception", {{"what", thrown.what()}});
    }
}

void worker::close_oldest_rejected() {
    net::tcp_socket& socket = rejected_.front().socket;
    error_code failure;
    // Unread bytes would reset the connection.
    std::array<char, 4096> discarded{};
    for (std::size_t limit = 64U << 10, count = 1; count != 0 && !failure && limit > count; limit -= count)
        count = socket.read_some(asio::mutable_buffer{discarded.data(), discarded.size()}, failure);
    rejected_.pop_front();
}

/// Sends the error response without waiting, because the connection has no slot.
void worker::reject(net::tcp_socket socket, net::connection_limits::refusal reason) {
    const bool by_client = reason == net::connection_limits::refusal::too_many_from_client;
    if (by_client)
        shared_->metrics.connection_refused_by_client();
    else
        shared_->metrics.connection_refused();
    error_code failure;
    if (!shared_->tls) {
        response response =
            problem(503, by_client ? "Too many connections from your address. Close some of them."
                                   : "Too many connections. Try again in a moment.");
        response.headers.emplace_back("Retry-After", "1");
        const std::string_view id = new_request_id();
        pipeline::add_request_id(response, id);
        std::string out;
        shared_->writer.append_header(
            response,
            {.date = date_, .request_id = id, .content_length = response.body.size(), .keep_alive = false},
            out);
        out += response.body;
        socket.non_blocking(true, failure);
        socket.write_some(asio::const_buffer{out.data(), out.size()}, failure);
        socket.shutdown(asio::socket_base::shutdown_send, failure);
        // The client may still send its request. Closing before it arrives would reset the connection and
        // lose the response (RFC 9112 section 9.6).
        rejected_.push_back({.socket = std::move(socket), .since = coarse_now_});
        if (rejected_.size() > max_rejected)
            close_oldest_rejected();
    }
}

} // namespace breakwater::http
