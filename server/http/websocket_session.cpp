#include "http/websocket_session.hpp"

#include "http/frame_watch.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <chrono>
#include <span>
#include <string_view>
#include <utility>

// The one file that knows Beast, which is slow to compile.
namespace breakwater::http {

namespace {

namespace beast = boost::beast;

using tls_stream = asio::ssl::stream<tcp_socket>;
/// After the server's begin of a stop, until a client that hasn't closed is cut off.
constexpr std::chrono::seconds stop_patience{2};
/// A close frame of code 1002 (RFC 6455 sections 5.5.1 and 7.4.1).
constexpr std::string_view protocol_error = "\x88\x02\x03\xea";

using handshake_request = beast::http::request<beast::http::empty_body>;

handshake_request handshake_of(const request& asked) {
    handshake_request out{beast::http::verb::get, asked.target, 11};
    for (const char* name : {"host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version",
                             "sec-websocket-extensions"})
        if (const auto value = asked.list_header(name))
            out.set(name, *value);
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

/// Sees what arrives before Beast does.
class arrivals {
public:
    /// False: Beast is not to see it, and the connection is over.
    virtual bool arrived(std::string_view bytes) = 0;

protected:
    ~arrivals() = default;
};

/// The connection below Beast, whose reads go by somebody who looks on.
template <class Layer>
class watched {
public:
    using next_layer_type = Layer;
    using executor_type = typename Layer::executor_type;

    watched(Layer layer, arrivals& to) : layer_{std::move(layer)}, to_{to} {}

    [[nodiscard]] executor_type get_executor() noexcept { return layer_.get_executor(); }
    [[nodiscard]] Layer& next_layer() noexcept { return layer_; }
    [[nodiscard]] const Layer& next_layer() const noexcept { return layer_; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& into, Token&& token) {
        return asio::async_compose<Token, void(error_code, std::size_t)>(
            [this, into, begun = false](auto& self, error_code failure = {}, std::size_t count = 0) mutable {
                if (!std::exchange(begun, true)) {
                    layer_.async_read_some(into, std::move(self));
                    return;
                }
                std::size_t left = count;
                for (auto piece = asio::buffer_sequence_begin(into);
                     left != 0 && piece != asio::buffer_sequence_end(into); ++piece) {
                    const asio::mutable_buffer bytes{*piece};
                    const std::size_t size = std::min(left, bytes.size());
                    if (!to_.arrived({static_cast<const char*>(bytes.data()), size}))
                        failure = beast::websocket::error::bad_close_code;
                    left -= size;
                }
                self.complete(failure, failure ? 0 : count);
            },
            token, layer_);
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& from, Token&& token) {
        return layer_.async_write_some(from, std::forward<Token>(token));
    }

private:
    Layer layer_;
    arrivals& to_;
};

/// Beast finds these where the stream's type is.
template <class Layer, class Handler>
void async_teardown(beast::role_type role, watched<Layer>& stream, Handler&& handler) {
    using beast::websocket::async_teardown;
    async_teardown(role, stream.next_layer(), std::forward<Handler>(handler));
}

template <class Layer>
class connection final : public websocket_session,
                         public websocket,
                         private arrivals,
                         public std::enable_shared_from_this<connection<Layer>> {
public:
    connection(Layer layer, const request& asked, std::unique_ptr<websocket_listener> listener,
               const websocket_limits& limits)
        : stream_{std::move(layer), static_cast<arrivals&>(*this)},
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
        // Beast took no notice of the code, so it can't say what is wrong with it; it says nothing more after
        // this.
        if (watch_.bad_close_code() && !busy_)
            co_await asio::async_write(stream_.next_layer().next_layer(), asio::buffer(protocol_error),
                                       asio::redirect_error(use_task, failure));
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

    void begin_stop() override {
        close(close_code::going_away, "The server stops.");
        // Whoever doesn't say goodbye, or doesn't even read ours, is not waited for.
        stuck_at_ = std::min(stuck_at_, last_tick_ + stop_patience);
    }

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
    bool arrived(std::string_view bytes) override {
        // Later, since Beast is in the midst of reading: the listener may want to close.
        if (const std::size_t count = watch_.pass(bytes); count != 0)
            asio::post(stream_.get_executor(), [self = this->shared_from_this(), count] {
                for (std::size_t i = 0; i < count && self->open_ && !self->closing_; ++i)
                    self->listener_->fruitless();
            });
        return !watch_.bad_close_code();
    }

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

    frame_watch watch_;
    beast::websocket::stream<watched<Layer>> stream_;
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
