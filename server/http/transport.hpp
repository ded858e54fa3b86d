#pragma once

#include "http/net.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <cstddef>
#include <memory>
#include <optional>

namespace breakwater::http {

/// A connection's bytes, plain or through TLS. Belongs to its I/O thread. Failures come back in an error
/// code: a peer that goes away is nothing exceptional.
class transport {
public:
    explicit transport(tcp_socket socket) : plain_{std::move(socket)} {}
    transport(tcp_socket socket, const std::shared_ptr<asio::ssl::context>& tls) {
        tls_.emplace(std::move(socket), *tls);
    }

    [[nodiscard]] bool is_tls() const noexcept { return tls_.has_value(); }
    /// For who goes on with the connection in another way. REQUIRES: it is of that kind.
    [[nodiscard]] tcp_socket take_plain() { return std::move(*plain_); }
    [[nodiscard]] asio::ssl::stream<tcp_socket> take_tls() { return std::move(*tls_); }
    [[nodiscard]] task<void> handshake(error_code& failure);
    [[nodiscard]] task<std::size_t> read_some(asio::mutable_buffer into, error_code& failure);
    /// Ends once all of it is written.
    [[nodiscard]] task<std::size_t> write(asio::const_buffer bytes, error_code& failure);
    /// What can be written without waiting; none through TLS.
    [[nodiscard]] std::size_t write_now(asio::const_buffer bytes, error_code& failure);
    /// Says that nothing more will come (TCP's FIN, TLS's close_notify before it).
    [[nodiscard]] task<void> finish(error_code& failure);
    /// After `finish`: reads what the peer still sends, of TLS its records as they are.
    [[nodiscard]] task<std::size_t> pass_some(asio::mutable_buffer into, error_code& failure);

    /// Whether bytes wait in the kernel.
    [[nodiscard]] bool has_input();
    /// Whether the other side has closed its end, with or without bytes before that. A client that only
    /// finished sending, and still reads, can't be told from one that is gone.
    [[nodiscard]] bool is_hung_up();
    /// Makes a waiting operation end with `operation_aborted`.
    void cancel();
    void close();
    /// Closes so that the other side sees a failure, not an end.
    void abort();

private:
    tcp_socket& socket() noexcept { return tls_ ? tls_->next_layer() : *plain_; }

    std::optional<tcp_socket> plain_;
    std::optional<asio::ssl::stream<tcp_socket>> tls_;
};

} // namespace breakwater::http
