#include "http/websocket_session.hpp"

#include "http/characters.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <span>
#include <utility>

// The one file that knows Beast, which is slow to compile.
namespace breakwater::http {

namespace {

namespace beast = boost::beast;

using tls_stream = asio::ssl::stream<tcp_socket>;
using handshake_request = beast::http::request<beast::http::empty_body>;

handshake_request handshake_of(const request& asked) {
    handshake_request out{beast::http::verb::get, asked.target, 11};
    for (const char* name : {"host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version",
                             "sec-websocket-extensions"})
        if (const auto value = asked.header(name))
            out.set(name, beast::string_view{value->data(), value->size()});
    return out;
}

/// Small windows: a compressor's memory is what a subscriber costs.
beast::websocket::permessage_deflate compression() {
    beast::websocket::permessage_deflate out;
    out.server_enable = true;
    out.server_max_window_bits = 10;
    out.client_max_window_bits = 10;
    out.compLevel = 3;
    out.memLevel = 2;
    out.msg_size_threshold = 512;
    return out;
}

template <class Layer>
class connection final : public websocket_session,
                         public websocket,
                         public std::enable_shared_from_this<connection<Layer>> {
public:
    connection(Layer layer, const request& asked, std::unique_ptr<websocket_listener> listener,
               const websocket_limits& limits)
        : stream_{std::move(layer)},
          handshake_{handshake_of(asked)},
          listener_{std::move(listener)},
          limits_{limits} {}

    task<void> run() override {
        const auto self = this->shared_from_this();
        stream_.set_option(
            beast::websocket::stream_base::timeout{limits_.handshake_timeout, limits_.idle_timeout, true});
        stream_.set_option(compression());
        stream_.read_message_max(limits_.max_message_bytes);
        error_code failure;
        co_await stream_.async_accept(handshake_, asio::redirect_error(use_task, failure));
        handshake_ = {};
        if (!failure) {
            open_ = true;
            stream_.text(true);
            stream_.auto_fragment(false); // a message is made of pieces that are there already
            listener_->opened(*this);
        }
        while (!failure) {
            co_await stream_.async_read(arrived_, asio::redirect_error(use_task, failure));
            if (!failure)
                take_message();
        }
        if (std::exchange(open_, false))
            listener_->closed();
        cut();
    }

    void tick(steady_point now) override {
        last_tick_ = now;
        // Whoever doesn't take what is sent, or doesn't say goodbye, isn't waited for.
        if ((busy_ || closing_) && now >= stuck_at_) {
            cut();
            return;
        }
        if (open_ && !closing_)
            listener_->tick(now);
    }

    void begin_stop() override { close(close_code::going_away, "The server stops."); }

    [[nodiscard]] bool is_ready() const noexcept override { return open_ && !busy_ && !closing_; }

    void send(parts message) override {
        sending_ = std::move(message);
        buffers_.clear();
        for (const std::string_view bytes : sending_.bytes)
            buffers_.emplace_back(bytes.data(), bytes.size());
        busy_ = true;
        stuck_at_ = last_tick_ + limits_.idle_timeout;
        stream_.async_write(
            std::span<const asio::const_buffer>{buffers_},
            [self = this->shared_from_this()](error_code failure, std::size_t) { self->written(failure); });
    }

    void close(close_code code, std::string_view reason) override {
        if (std::exchange(closing_, true))
            return;
        goodbye_.code = static_cast<std::uint16_t>(code);
        const std::string_view fits = reason.substr(0, goodbye_.reason.max_size());
        goodbye_.reason.assign(fits.begin(), fits.end());
        stuck_at_ = last_tick_ + limits_.handshake_timeout;
        if (!busy_)
            say_goodbye();
    }

private:
    void take_message() {
        if (closing_)
            ; // it is read past
        else if (!stream_.got_text())
            close(close_code::unsupported, "Only text messages are understood.");
        else
            listener_->received({static_cast<const char*>(arrived_.data().data()), arrived_.size()});
        arrived_.consume(arrived_.size());
    }

    void written(error_code failure) {
        busy_ = false;
        sending_ = {};
        if (closing_)
            say_goodbye();
        else if (!failure && open_)
            listener_->sent();
    }

    void say_goodbye() {
        if (open_)
            stream_.async_close(goodbye_, [self = this->shared_from_this()](error_code) {});
    }

    void cut() {
        error_code ignored;
        beast::get_lowest_layer(stream_).close(ignored);
    }

    beast::websocket::stream<Layer> stream_;
    handshake_request handshake_;
    std::unique_ptr<websocket_listener> listener_;
    const websocket_limits limits_;
    beast::flat_buffer arrived_;
    parts sending_;
    std::vector<asio::const_buffer> buffers_; ///< of `sending_`
    beast::websocket::close_reason goodbye_;
    steady_point last_tick_{};
    steady_point stuck_at_{};
    bool open_ = false;
    bool busy_ = false;
    bool closing_ = false;
};

} // namespace

std::shared_ptr<websocket_session> websocket_session::make(transport io, const request& asked,
                                                           std::unique_ptr<websocket_listener> listener,
                                                           const websocket_limits& limits) {
    if (io.is_tls())
        return std::make_shared<connection<tls_stream>>(io.take_tls(), asked, std::move(listener), limits);
    return std::make_shared<connection<tcp_socket>>(io.take_plain(), asked, std::move(listener), limits);
}

} // namespace breakwater::http
