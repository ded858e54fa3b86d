#include "net/transport.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>

#include <array>
#include <exception>
#include <utility>

namespace breakwater::net {

task<void> transport::handshake(error_code& failure) {
    return tls_->async_handshake(asio::ssl::stream_base::server, asio::redirect_error(use_task, failure));
}

std::optional<net::peer_certificate> transport::peer_certificate() {
    return tls_ ? verified_certificate(*tls_->native_handle()) : std::nullopt;
}

task<std::size_t> transport::read_some(asio::mutable_buffer buffer, error_code& failure) {
    auto token = asio::redirect_error(use_task, failure);
    return tls_ ? tls_->async_read_some(buffer, std::move(token))
                : plain_->async_read_some(buffer, std::move(token));
}

task<std::size_t> transport::write(asio::const_buffer bytes, error_code& failure) {
    auto token = asio::redirect_error(use_task, failure);
    return tls_ ? asio::async_write(*tls_, bytes, std::move(token))
                : asio::async_write(*plain_, bytes, std::move(token));
}

std::size_t transport::write_now(asio::const_buffer bytes, error_code& failure) {
    if (tls_)
        return 0;
    const std::size_t written = plain_->write_some(bytes, failure);
    if (failure == asio::error::would_block)
        failure = {};
    return written;
}

task<void> transport::finish(error_code& failure) {
    if (tls_) {
        // After sending close_notify it waits for that of the peer, and fails if the peer still sends data.
        // This failure does not matter.
        error_code ignored;
        co_await tls_->async_shutdown(asio::redirect_error(use_task, ignored));
    }
    socket().shutdown(asio::socket_base::shutdown_send, failure);
}

task<std::size_t> transport::read_raw(asio::mutable_buffer buffer, error_code& failure) {
    return socket().async_read_some(buffer, asio::redirect_error(use_task, failure));
}

void transport::start_read(asio::mutable_buffer buffer, completion done) {
    if (tls_)
        tls_->async_read_some(buffer, std::move(done));
    else
        plain_->async_read_some(buffer, std::move(done));
}

void transport::start_write(std::span<const asio::const_buffer> buffers, completion done) {
    if (tls_)
        tls_->async_write_some(buffers, std::move(done));
    else
        plain_->async_write_some(buffers, std::move(done));
}

void transport::start_teardown(std::move_only_function<void(error_code)> done) {
    asio::co_spawn(
        get_executor(),
        [this]() -> task<error_code> {
            error_code failure;
            co_await finish(failure);
            std::array<char, 2048> ignored;
            while (!failure)
                co_await read_raw(asio::buffer(ignored), failure);
            co_return failure == asio::error::eof ? error_code{} : failure;
        },
        [this, done = std::move(done)](const std::exception_ptr&, error_code failure) mutable {
            close();
            done(failure);
        });
}

bool transport::has_input() {
    error_code failure;
    return socket().available(failure) != 0;
}

bool transport::is_hung_up() {
    pollfd descriptor{.fd = socket().native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&descriptor, 1, 0) > 0 && (descriptor.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

void transport::cancel() {
    error_code failure;
    socket().cancel(failure);
}

void transport::close() {
    error_code failure;
    socket().close(failure);
}

void transport::abort() {
    error_code failure;
    socket().set_option(asio::socket_base::linger{true, 0}, failure);
    socket().close(failure);
}

} // namespace breakwater::net
