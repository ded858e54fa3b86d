#include "http/websocket_session.hpp"

#include "http/frame_watch.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <string_view>
#include <utility>

// The only file that includes Beast, because Beast is slow to compile.
namespace breakwater::http {

namespace {

namespace beast = boost::beast;

/// During a stop, the time that a client has to close before it is disconnected.
constexpr std::chrono::seconds stop_timeout{2};
/// A close frame of code 1002 (RFC 6455 sections 5.5.1 and 7.4.1).
constexpr std::string_view protocol_error = "\x88\x02\x03\xea";

using handshake_request = beast::http::request<beast::http::empty_body>;

handshake_request make_handshake(const request& request) {
    handshake_request out{beast::http::verb::get, request.target, 11};
    for (const char* name : {"host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version",
                             "sec-websocket-extensions"})
        if (const auto value = request.list_header(name))
            out.set(name, *value);
    return out;
}

/// Small windows, because the compressor uses most of the memory of a connection.
beast::websocket::permessage_deflate compression_options() {
    beast::websocket::permessage_deflate out;
    out.server_enable = true;
    out.server_max_window_bits = 10;
    out.client_max_window_bits = 10;
    out.compLevel = 3;
    out.memLevel = 2;
    out.msg_size_threshold = 512;
    return out;
}

/// Inspects the received bytes before Beast parses them.
class input_inspector {
public:
    /// False: the bytes are not passed to Beast, and the connection ends.
    virtual bool inspect(std::string_view bytes) = 0;

protected:
    ~input_inspector() = default;
};

/// The stream below Beast. It passes all read bytes to an inspector. It is one type for plain and TLS
/// connections, so that Beast's templates are compiled once.
class inspected_stream {
public:
    using executor_type = net::asio_executor;

    inspected_stream(net::transport lower, input_inspector& inspector)
        : lower_{std::move(lower)}, inspector_{inspector} {}

    [[nodiscard]] executor_type get_executor() noexcept { return lower_.get_executor(); }
    [[nodiscard]] net::transport& lower() noexcept { return lower_; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto&& handler, const Buffers& sequence) {
                // A read may fill less than there is space for, so the first buffer is enough.
                asio::mutable_buffer first;
                for (auto buffer = asio::buffer_sequence_begin(sequence);
                     first.size() == 0 && buffer != asio::buffer_sequence_end(sequence); ++buffer)
                    first = *buffer;
                lower_.start_read(first, [this, first, handler = std::forward<decltype(handler)>(handler)](
                                             error_code failure, std::size_t count) mutable {
                    if (count != 0 && !inspector_.inspect({static_cast<const char*>(first.data()), count})) {
                        failure = beast::websocket::error::bad_close_code;
                        count = 0;
                    }
                    std::move(handler)(failure, count);
                });
            },
            token, buffers);
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(
            [this](auto&& handler, const Buffers& sequence) {
                std::array<asio::const_buffer, max_buffers_per_write> first;
                std::size_t count = 0;
                for (auto buffer = asio::buffer_sequence_begin(sequence);
                     count != first.size() && buffer != asio::buffer_sequence_end(sequence); ++buffer)
                    first[count++] = *buffer;
                lower_.start_write(std::span{first}.first(count), std::forward<decltype(handler)>(handler));
            },
            token, buffers);
    }

private:
    static constexpr std::size_t max_buffers_per_write = 64; // Asio passes as many to one system call

    net::transport lower_;
    input_inspector& inspector_;
};

// Beast finds these functions by argument-dependent lookup.
void beast_close_socket(inspected_stream& stream) {
    stream.lower().close();
}
template <class Handler>
void async_teardown(beast::role_type, inspected_stream& stream, Handler&& handler) {
    stream.lower().start_teardown(std::forward<Handler>(handler));
}

class connection final : public websocket_session,
                         public websocket,
                         private input_inspector,
                         public std::enable_shared_from_this<connection> {
public:
    connection(net::transport lower, const request& request, std::unique_ptr<websocket_listener> listener,
               const websocket_limits& limits)
        : stream_{std::move(lower), static_cast<input_inspector&>(*this)},
          handshake_{make_handshake(request)},
          listener_{std::move(listener)},
          limits_{limits} {}

    task<void> run() override {
        const auto self = shared_from_this();
        stream_.set_option(
            beast::websocket::stream_base::timeout{limits_.handshake_timeout, limits_.idle_timeout, true});
        stream_.set_option(compression_options());
        stream_.read_message_max(limits_.max_message_bytes);
        error_code failure;
        co_await stream_.async_accept(handshake_, asio::redirect_error(use_task, failure));
        handshake_ = {};
        if (!failure) {
            open_ = true;
            stream_.text(true);
            stream_.auto_fragment(false); // all buffers of a message are available at once
            listener_->opened(*this);
        }
        while (!failure) {
            co_await stream_.async_read(received_, asio::redirect_error(use_task, failure));
            if (!failure)
                process_message();
        }
        // Beast does not check the close code, so the close frame is written below it. Beast sends nothing
        // after this.
        if (watch_.bad_close_code() && !sending_)
            co_await stream_.next_layer().lower().write(asio::buffer(protocol_error), failure);
        if (std::exchange(open_, false))
            listener_->closed();
        disconnect();
    }

    void tick(steady_point now) override {
        last_tick_ = now;
        // The client does not read the message or does not answer the close frame.
        if ((sending_ || closing_) && now >= deadline_) {
            disconnect();
            return;
        }
        if (open_ && !closing_)
            listener_->tick(now);
    }

    void begin_stop() override {
        close(close_code::going_away, "The server is stopping.");
        // A client that does not close in time must not delay the stop.
        deadline_ = std::min(deadline_, last_tick_ + stop_timeout);
    }

    [[nodiscard]] bool is_ready() const noexcept override { return open_ && !sending_ && !closing_; }

    void send(parts message) override {
        message_ = std::move(message);
        buffers_.clear();
        for (const std::string_view bytes : message_.bytes)
            buffers_.emplace_back(bytes.data(), bytes.size());
        sending_ = true;
        deadline_ = last_tick_ + limits_.idle_timeout;
        stream_.async_write(
            std::span<const asio::const_buffer>{buffers_},
            [self = shared_from_this()](error_code failure, std::size_t) { self->written(failure); });
    }

    void close(close_code code, std::string_view reason) override {
        if (std::exchange(closing_, true))
            return;
        close_reason_.code = static_cast<std::uint16_t>(code);
        const std::string_view truncated = reason.substr(0, close_reason_.reason.max_size());
        close_reason_.reason.assign(truncated.begin(), truncated.end());
        deadline_ = last_tick_ + limits_.handshake_timeout;
        if (!sending_)
            send_close();
    }

private:
    bool inspect(std::string_view bytes) override {
        // Posted, because Beast is in a read operation and the listener may close the stream.
        if (const std::size_t count = watch_.parse(bytes); count != 0)
            asio::post(stream_.get_executor(), [self = shared_from_this(), count] {
                for (std::size_t i = 0; i < count && self->open_ && !self->closing_; ++i)
                    self->listener_->received_empty_frame();
            });
        return !watch_.bad_close_code();
    }

    void process_message() {
        if (closing_)
            ; // ignored
        else if (!stream_.got_text())
            close(close_code::unsupported, "Only text messages are supported.");
        else
            listener_->received({static_cast<const char*>(received_.data().data()), received_.size()});
        received_.consume(received_.size());
    }

    void written(error_code failure) {
        sending_ = false;
        message_ = {};
        if (closing_)
            send_close();
        else if (!failure && open_)
            listener_->sent();
    }

    void send_close() {
        if (open_)
            stream_.async_close(close_reason_, [self = shared_from_this()](error_code) {});
    }

    void disconnect() { stream_.next_layer().lower().close(); }

    frame_watch watch_;
    beast::websocket::stream<inspected_stream> stream_;
    handshake_request handshake_;
    std::unique_ptr<websocket_listener> listener_;
    const websocket_limits limits_;
    beast::flat_buffer received_;
    parts message_;
    std::vector<asio::const_buffer> buffers_; ///< of `message_`
    beast::websocket::close_reason close_reason_;
    steady_point last_tick_{};
    steady_point deadline_{};
    bool open_ = false;
    bool sending_ = false;
    bool closing_ = false;
};

} // namespace

std::shared_ptr<websocket_session> websocket_session::create(net::transport io, const request& request,
                                                             std::unique_ptr<websocket_listener> listener,
                                                             const websocket_limits& limits) {
    return std::make_shared<connection>(std::move(io), request, std::move(listener), limits);
}

} // namespace breakwater::http
