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

constexpr std::chrono::seconds tick_time{1};
constexpr std::chrono::milliseconds pause_without_descriptors{100};
constexpr std::size_t most_leaving = 256;
constexpr std::chrono::seconds leaving_time{2};
constexpr std::size_t most_spare = 64;
constexpr std::size_t kept_buffer_bytes = 32U << 10;
constexpr int backlog = 4096; // the kernel cuts it to net.core.somaxconn

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

std::string peer_of(const tcp_socket& socket) {
    error_code failure;
    const auto endpoint = socket.remote_endpoint(failure);
    if (failure)
        return {};
    const std::string text = endpoint.address().to_string();
    const auto address = parse_ip(text); // an IPv4 peer of a dual-stack listener shows as what it is
    return address ? format_ip(*address) : text;
}

} // namespace

worker::worker(std::shared_ptr<shared_parts> parts) : parts_{std::move(parts)} {
    context_.emplace(1);
    lane_.emplace(*context_);
    acceptor_.emplace(*context_);
    ticker_.emplace(*context_);
    date_ = format_http_date(parts_->clock.now());
    coarse_now_ = now();
}

worker::~worker() {
    for (session& each : sessions_)
        each.abandon();
    leaving_.clear();
    acceptor_.reset();
    ticker_.reset();
    context_.reset();
}

error_code worker::listen(const asio::ip::tcp::endpoint& at) {
    error_code failure;
    acceptor_->open(at.protocol(), failure);
    if (!failure)
        acceptor_->set_option(asio::socket_base::reuse_address{true}, failure);
    if (!failure)
        acceptor_->set_option(reuse_port{true}, failure);
    if (!failure)
        acceptor_->bind(at, failure);
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
        // Real time, not the clock's: it bounds how long `stop` may hang.
        stop_by_ = std::chrono::steady_clock::now() + parts_->options.shutdown_timeout;
        error_code failure;
        acceptor_->close(failure);
        for (session& each : sessions_)
            each.begin_stop();
        end_if_done();
    });
}

void worker::join() {
    if (thread_.joinable())
        thread_.join();
}

void worker::end_if_done() {
    if (stopping_ && sessions_.empty())
        ticker_->cancel();
}

std::string_view worker::fresh_request_id() {
    constexpr std::size_t length = 16;
    if (random_used_ == random_.size()) {
        parts_->random.fill(random_);
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

std::shared_ptr<exchange> worker::take_exchange() {
    if (spare_exchanges_.empty())
        return std::make_shared<exchange>(std::shared_ptr<io_lane>{shared_from_this(), &*lane_});
    std::shared_ptr<exchange> taken = std::move(spare_exchanges_.back());
    spare_exchanges_.pop_back();
    return taken;
}

void worker::give_back(std::shared_ptr<exchange> used) {
    if (used.use_count() != 1 || spare_exchanges_.size() == most_spare)
        return;
    used->clear();
    spare_exchanges_.push_back(std::move(used));
}

void worker::take_buffer(std::string& into) {
    if (into.capacity() > std::string{}.capacity() || spare_buffers_.empty())
        return;
    into = std::move(spare_buffers_.back());
    spare_buffers_.pop_back();
}

void worker::give_back(std::string& buffer) {
    if (buffer.capacity() <= kept_buffer_bytes && spare_buffers_.size() < most_spare) {
        buffer.clear();
        spare_buffers_.push_back(std::move(buffer));
    }
    free_memory(buffer);
}

void worker::enter(session& one) {
    sessions_.push_back(one);
    parts_->metrics.connection_opened();
}

void worker::leave(session& one) noexcept {
    sessions_.erase(sessions_.iterator_to(one));
    parts_->metrics.connection_closed();
    if (ticker_)
        end_if_done();
}

task<void> worker::pause(std::chrono::milliseconds time) {
    timer waits{*context_, time};
    error_code failure;
    co_await waits.async_wait(asio::redirect_error(use_task, failure));
}

task<void> worker::tick() {
    while (!stopping_ || !sessions_.empty()) {
        date_ = format_http_date(parts_->clock.now());
        coarse_now_ = now();
        for (session& each : sessions_)
            each.expire(coarse_now_);
        while (!leaving_.empty() && (stopping_ || leaving_.front().since + leaving_time <= coarse_now_))
            see_off_first();
        if (stopping_ && std::chrono::steady_clock::now() >= stop_by_) {
            context_->stop();
            co_return;
        }
        error_code failure;
        ticker_->expires_after(tick_time);
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
            // Without memory for one connection there may be some for the next: a server that no longer
            // listens would be worse than one lost.
            threw = true;
            log::write(log::level::error, "a connection could not be taken in", {{"what", thrown.what()}});
        }
        // No descriptor or no memory: the connection stays in the queue, and asking again at once would spin.
        if ((failure || threw) && !stopping_)
            co_await pause(pause_without_descriptors);
    }
}

task<void> worker::accept_one(error_code& failure) {
    tcp_socket socket = co_await acceptor_->async_accept(asio::redirect_error(use_task, failure));
    if (failure)
        co_return;
    std::string peer = peer_of(socket);
    auto place = parts_->connections.take(parse_ip(peer));
    if (place)
        asio::co_spawn(*context_, serve(std::move(socket), std::move(peer), std::move(*place)),
                       asio::detached);
    else
        turn_away(std::move(socket), place.error());
}

task<void> worker::serve(tcp_socket socket, std::string peer,
                         [[maybe_unused]] connection_limits::place place) {
    error_code failure;
    socket.non_blocking(true, failure);
    socket.set_option(asio::ip::tcp::no_delay{true}, failure);
    try {
        const auto tls = parts_->tls ? parts_->tls->current() : nullptr;
        session one{*this, tls ? transport{std::move(socket), tls} : transport{std::move(socket)},
                    std::move(peer)};
        co_await one.run();
    } catch (const std::exception& thrown) {
        log::write(log::level::error, "a connection was dropped", {{"what", thrown.what()}});
    }
}

void worker::see_off_first() {
    tcp_socket& socket = leaving_.front().socket;
    error_code failure;
    std::array<char, 4096> passed{};
    for (std::size_t most = 64U << 10, count = 1; count != 0 && !failure && most > count; most -= count)
        count = socket.read_some(asio::mutable_buffer{passed.data(), passed.size()}, failure);
    leaving_.pop_front();
}

/// Over the cap: an answer as far as one can be given without keeping the connection.
void worker::turn_away(tcp_socket socket, connection_limits::refusal why) {
    const bool by_client = why == connection_limits::refusal::too_many_from_client;
    if (by_client)
        parts_->metrics.connection_refused_by_client();
    else
        parts_->metrics.connection_refused();
    error_code failure;
    if (!parts_->tls) {
        response answer = problem(503, by_client ? "There are too many connections from your address."
                                                 : "There are too many connections. Try again in a moment.");
        answer.headers.emplace_back("Retry-After", "1");
        const std::string_view id = fresh_request_id();
        pipeline::name_request(answer, id);
        std::string out;
        parts_->writer.append_header(
            answer,
            {.date = date_, .request_id = id, .content_length = answer.body.size(), .keep_alive = false},
            out);
        out += answer.body;
        socket.non_blocking(true, failure);
        socket.write_some(asio::const_buffer{out.data(), out.size()}, failure);
        socket.shutdown(asio::socket_base::shutdown_send, failure);
        // It may be sending its request, and closing before that has come would reset the connection and lose
        // the answer (RFC 9112 section 9.6).
        leaving_.push_back({.socket = std::move(socket), .since = coarse_now_});
        if (leaving_.size() > most_leaving)
            see_off_first();
    }
}

} // namespace breakwater::http
