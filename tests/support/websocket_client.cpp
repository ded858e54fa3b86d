#include "support/websocket_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <chrono>
#include <functional>

namespace breakwater::test {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

beast::string_view view_of(std::string_view text) {
    return {text.data(), text.size()};
}

} // namespace

struct websocket_client::impl {
    asio::io_context context;
    beast::websocket::stream<beast::tcp_stream> stream{context};
    beast::websocket::response_type response;
    beast::flat_buffer buffer;

    /// Starts an operation and runs it to its end, or for ten seconds.
    error_code run(const std::function<void(std::function<void(error_code)>)>& begin) {
        error_code outcome = asio::error::timed_out;
        context.restart();
        beast::get_lowest_layer(stream).expires_after(std::chrono::seconds{10});
        begin([&outcome](error_code done) { outcome = done; });
        context.run();
        return outcome;
    }
};

websocket_client::websocket_client(std::uint16_t port, std::string_view path, const fields& headers,
                                   bool compress)
    : impl_{std::make_unique<impl>()} {
    impl& client = *impl_;
    const asio::ip::tcp::endpoint endpoint{asio::ip::address_v4::loopback(), port};
    if (client.run(
            [&](const auto& done) { beast::get_lowest_layer(client.stream).async_connect(endpoint, done); }))
        return;
    client.stream.set_option(
        beast::websocket::stream_base::decorator{[&headers](beast::websocket::request_type& request) {
            for (const auto& [name, value] : headers)
                request.insert(view_of(name), view_of(value));
        }});
    beast::websocket::permessage_deflate deflate;
    deflate.client_enable = compress;
    client.stream.set_option(deflate);
    const std::string host = "127.0.0.1:" + std::to_string(port);
    (void)client.run([&](const auto& done) {
        client.stream.async_handshake(client.response, view_of(host), view_of(path), done);
    });
}

websocket_client::~websocket_client() = default;
websocket_client::websocket_client(websocket_client&&) noexcept = default;

int websocket_client::status() const noexcept {
    return static_cast<int>(impl_->response.result_int());
}

std::string websocket_client::header(std::string_view name) const {
    const auto field = impl_->response.find(view_of(name));
    return field == impl_->response.end() ? std::string{}
                                          : std::string{field->value().data(), field->value().size()};
}

void websocket_client::send(std::string_view text) {
    impl& client = *impl_;
    client.stream.text(true);
    (void)client.run([&](const auto& done) {
        client.stream.async_write(asio::const_buffer{text.data(), text.size()},
                                  [done](error_code failure, std::size_t) { done(failure); });
    });
}

void websocket_client::send_binary(std::string_view bytes) {
    impl& client = *impl_;
    client.stream.binary(true);
    (void)client.run([&](const auto& done) {
        client.stream.async_write(asio::const_buffer{bytes.data(), bytes.size()},
                                  [done](error_code failure, std::size_t) { done(failure); });
    });
}

std::optional<std::string> websocket_client::receive() {
    impl& client = *impl_;
    client.buffer.clear();
    if (client.run([&](const auto& done) {
            client.stream.async_read(client.buffer,
                                     [done](error_code failure, std::size_t) { done(failure); });
        }))
        return std::nullopt;
    return std::string{static_cast<const char*>(client.buffer.data().data()), client.buffer.size()};
}

int websocket_client::close_code() const noexcept {
    const auto code = impl_->stream.reason().code;
    return code == beast::websocket::close_code::none ? 1006 : static_cast<int>(code);
}

void websocket_client::close() {
    impl& client = *impl_;
    (void)client.run(
        [&](auto done) { client.stream.async_close(beast::websocket::close_code::normal, done); });
}

void websocket_client::drop() {
    error_code ignored;
    beast::get_lowest_layer(impl_->stream).socket().close(ignored);
}

} // namespace breakwater::test
