#include "http/transport.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>

#include <utility>

namespace breakwater::http {

task<void> transport::handshake(error_code& failure) {
    return tls_->async_handshake(asio::ssl::stream_base::server, asio::redirect_error(use_task, failure));
}

task<std::size_t> transport::read_some(asio::mutable_buffer into, error_code& failure) {
    auto token = asio::redirect_error(use_task, failure);
    return tls_ ? tls_->async_read_some(into, std::move(token))
                : plain_->async_read_some(into, std::move(token));
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
        // Once it has said so itself it waits for the peer's close_notify, and fails where the peer is
        // sending still.
        error_code not_told_back;
        co_await tls_->async_shutdown(asio::redirect_error(use_task, not_told_back));
    }
    socket().shutdown(asio::socket_base::shutdown_send, failure);
}

task<std::size_t> transport::pass_some(asio::mutable_buffer into, error_code& failure) {
    return socket().async_read_some(into, asio::redirect_error(use_task, failure));
}

bool transport::has_input() {
    error_code failure;
    return socket().available(failure) != 0;
}

bool transport::is_hung_up() {
    pollfd question{.fd = socket().native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&question, 1, 0) > 0 && (question.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
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

} // namespace breakwater::http
