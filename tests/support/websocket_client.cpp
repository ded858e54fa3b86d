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
    beast::websocket::response_type answer;
    beast::flat_buffer arrived;

    /// Runs what `begin` starts to its end, or until ten seconds have passed.
    error_code finish(const std::function<void(std::function<void(error_code)>)>& begin) {
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
    impl& own = *impl_;
    const asio::ip::tcp::endpoint to{asio::ip::address_v4::loopback(), port};
    if (own.finish([&](auto done) { beast::get_lowest_layer(own.stream).async_connect(to, done); }))
        return;
    own.stream.set_option(
        beast::websocket::stream_base::decorator{[&headers](beast::websocket::request_type& asked) {
            for (const auto& [name, value] : headers)
                asked.insert(view_of(name), view_of(value));
        }});
    beast::websocket::permessage_deflate deflate;
    deflate.client_enable = compress;
    own.stream.set_option(deflate);
    const std::string host = "127.0.0.1:" + std::to_string(port);
    (void)own.finish(
        [&](auto done) { own.stream.async_handshake(own.answer, view_of(host), view_of(path), done); });
}

websocket_client::~websocket_client() = default;
websocket_client::websocket_client(websocket_client&&) noexcept = default;

int websocket_client::status() const noexcept {
    return static_cast<int>(impl_->answer.result_int());
}

std::string websocket_client::header(std::string_view name) const {
    const auto found = impl_->answer.find(view_of(name));
    return found == impl_->answer.end() ? std::string{}
                                        : std::string{found->value().data(), found->value().size()};
}

void websocket_client::send(std::string_view text) {
    impl& own = *impl_;
    own.stream.text(true);
    (void)own.finish([&](auto done) {
        own.stream.async_write(asio::const_buffer{text.data(), text.size()},
                               [done](error_code failure, std::size_t) { done(failure); });
    });
}

void websocket_client::send_binary(std::string_view bytes) {
    impl& own = *impl_;
    own.stream.binary(true);
    (void)own.finish([&](auto done) {
        own.stream.async_write(asio::const_buffer{bytes.data(), bytes.size()},
                               [done](error_code failure, std::size_t) { done(failure); });
    });
}

std::optional<std::string> websocket_client::receive() {
    impl& own = *impl_;
    own.arrived.clear();
    if (own.finish([&](auto done) {
            own.stream.async_read(own.arrived, [done](error_code failure, std::size_t) { done(failure); });
        }))
        return std::nullopt;
    return std::string{static_cast<const char*>(own.arrived.data().data()), own.arrived.size()};
}

int websocket_client::close_code() const noexcept {
    const auto said = impl_->stream.reason().code;
    return said == beast::websocket::close_code::none ? 1006 : static_cast<int>(said);
}

void websocket_client::close() {
    impl& own = *impl_;
    (void)own.finish([&](auto done) { own.stream.async_close(beast::websocket::close_code::normal, done); });
}

void websocket_client::drop() {
    error_code ignored;
    beast::get_lowest_layer(impl_->stream).socket().close(ignored);
}

} // namespace breakwater::test
