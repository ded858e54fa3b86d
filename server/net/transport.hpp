#pragma once

#include "net/asio.hpp"
#include "net/peer_certificate.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace breakwater::net {

/// The byte stream of a connection, plain or TLS. Use it on its I/O thread only. Members report failures
/// through an error code, because a lost peer is not exceptional.
class transport {
public:
    explicit transport(tcp_socket socket) : plain_{std::move(socket)} {}
    transport(tcp_socket socket, const std::shared_ptr<asio::ssl::context>& tls) {
        tls_.emplace(std::move(socket), *tls);
    }

    [[nodiscard]] bool is_tls() const noexcept { return tls_.has_value(); }
    [[nodiscard]] asio_executor get_executor() noexcept { return socket().get_executor(); }
    [[nodiscard]] task<void> handshake(error_code& failure);
    /// The verified certificate of the peer, if TLS asked for one. Call after `handshake`.
    [[nodiscard]] std::optional<net::peer_certificate> peer_certificate();
    [[nodiscard]] task<std::size_t> read_some(asio::mutable_buffer buffer, error_code& failure);
    /// Writes all bytes.
    [[nodiscard]] task<std::size_t> write(asio::const_buffer bytes, error_code& failure);
    /// Writes as much as possible without waiting and returns the count; always 0 with TLS.
    [[nodiscard]] std::size_t write_now(asio::const_buffer bytes, error_code& failure);
    /// Ends the sending direction: TLS close_notify, then TCP FIN.
    [[nodiscard]] task<void> finish(error_code& failure);
    /// After `finish`: reads bytes that the peer still sends, without decrypting TLS records.
    [[nodiscard]] task<std::size_t> read_raw(asio::mutable_buffer buffer, error_code& failure);

    // The same for code that is not a coroutine. The callbacks run on the I/O thread.

    using completion = std::move_only_function<void(error_code, std::size_t)>;
    void start_read(asio::mutable_buffer buffer, completion done);
    /// Writes some of the bytes, which must live until `done` is called. The span need not.
    void start_write(std::span<const asio::const_buffer> buffers, completion done);
    /// Ends the connection after the last WebSocket frame: `finish`, then reads until the peer ends its
    /// direction, and closes.
    void start_teardown(std::move_only_function<void(error_code)> done);

    /// Whether the kernel has received bytes that nobody has read yet.
    [[nodiscard]] bool has_input();
    /// Whether the peer has closed its sending direction, even if unread bytes precede that. Cannot
    /// distinguish a client that still reads from one that has disconnected.
    [[nodiscard]] bool is_hung_up();
    /// Ends waiting operations with `operation_aborted`.
    void cancel();
    void close();
    /// Resets the connection, so that the peer sees a failure instead of a regular end.
    void abort();

private:
    tcp_socket& socket() noexcept { return tls_ ? tls_->next_layer() : *plain_; }

    std::optional<tcp_socket> plain_;
    std::optional<asio::ssl::stream<tcp_socket>> tls_;
};

} // namespace breakwater::net
