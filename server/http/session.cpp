#include "http/session.hpp"

#include "http/chunked.hpp"
#include "http/status.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::http {

namespace {

constexpr std::size_t most_unwritten =
    16U << 10; ///< answers to pipelined requests that wait to be written together
constexpr std::size_t copied_body =
    16U << 10; ///< up to here a body is copied behind its header, and one call writes both
constexpr std::size_t write_piece = 64U << 10;   ///< what has to go out within the write timeout
constexpr std::size_t most_lingering = 1U << 20; ///< bytes read past after a refusal
constexpr std::chrono::seconds linger_time{2};
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

session::session(worker& home, transport io, std::string peer)
    : home_{home}, io_{std::move(io)}, peer_{std::move(peer)} {
    home_.enter(*this);
}

session::~session() {
    home_.leave(*this);
}

task<void> session::run() {
    bool open = true;
    if (io_.is_tls())
        open = co_await shake_hands();
    while (open) {
        open = co_await receive_head();
        if (open)
            open = co_await answer_request();
    }
    if (!broken_ && !out_.empty())
        co_await flush();
    if (!broken_)
        co_await linger();
    io_.close();
}

void session::enter(phase next, steady_point deadline) noexcept {
    phase_ = next;
    deadline_ = deadline;
    expired_ = false;
}

void session::expire(steady_point now) {
    if (now < deadline_)
        return;
    deadline_ = steady_point::max();
    expired_ = true;
    if (phase_ == phase::writing || phase_ == phase::lingering || phase_ == phase::handshake)
        io_.close();
    else
        io_.cancel();
}

void session::begin_stop() {
    if (phase_ == phase::idle)
        io_.cancel();
}

void session::abandon() {
    if (exchange_)
        exchange_->abandon();
}

task<bool> session::shake_hands() {
    enter(phase::handshake, home_.now() + home_.parts().options.header_timeout);
    error_code failure;
    co_await io_.handshake(failure);
    broken_ = static_cast<bool>(failure);
    co_return !failure;
}

task<bool> session::receive_head() {
    const shared_parts& parts = home_.parts();
    search_ = {};
    phase_ = phase::working;
    for (;;) {
        if (const verdict said = find_head(in_.view(), parts.limits, search_); said.refused()) {
            refuse(said);
            co_return false;
        }
        if (search_.end != 0)
            co_return true;
        if (!out_.empty() && !flush_now()) {
            const bool written = co_await flush();
            if (!written)
                co_return false;
        }

        if (in_.empty()) {
            if (home_.is_stopping() && !io_.has_input())
                co_return false;
            enter(phase::idle, home_.coarse_now() + parts.options.idle_timeout);
        } else if (phase_ != phase::head) {
            // Counted from the first byte and never extended: a header that trickles in is cut off.
            enter(phase::head, home_.now() + parts.options.header_timeout);
        }
        const std::span<char> room = in_.room();
        error_code failure;
        const std::size_t count = co_await io_.read_some({room.data(), room.size()}, failure);
        in_.added(count);
        if (expired_) {
            if (!in_.empty())
                answer_timeout();
            co_return false;
        }
        // Stopping wakes whoever is idle, to look once more whether something arrived in the meantime.
        if (failure && !(failure == asio::error::operation_aborted && home_.is_stopping())) {
            broken_ = failure != asio::error::eof;
            co_return false;
        }
    }
}

task<bool> session::answer_request() {
    shared_parts& parts = home_.parts();
    request_head& head = home_.scratch_head;
    const std::string_view bytes = in_.view().substr(search_.begin, search_.end - search_.begin);
    started_ = home_.now();
    if (const verdict said = read_head(bytes, parts.limits, head); said.refused()) {
        refuse(said);
        co_return false;
    }
    exchange_ = home_.take_exchange();
    exchange_->asked.lane = &home_.lane();
    frame_ = {.body = head.body,
              .content_length = head.content_length,
              .old_client = head.minor_version == 0,
              .keep_alive = head.keep_alive && !home_.is_stopping(),
              .wants_continue = head.expects_continue && head.body != framing::none,
              .wants_body = head.method != method::head};
    const auto step = parts.pipeline.receive(*exchange_, head, peer_, io_.is_tls(), home_.fresh_request_id());
    in_.consume(search_.end);

    const bool goes_on = step == pipeline::step::proceed;
    if (!goes_on && frame_.wants_continue && in_.empty()) {
        // Told before it sends its body, the client needn't, and we can't know whether it will.
        frame_.keep_alive = false;
    } else if (frame_.body != framing::none) {
        const bool passed = co_await pass_body(goes_on);
        if (!passed)
            co_return false;
    }

    if (goes_on)
        parts.pipeline.run(*exchange_);
    if (step != pipeline::step::answered && !exchange_->is_settled()) {
        const bool settled = co_await settle();
        if (!settled)
            co_return false;
    }
    const bool sent = co_await send_answer();
    home_.give_back(std::exchange(exchange_, nullptr));
    lingers_ = !frame_.keep_alive;
    const bool open = sent && frame_.keep_alive;
    co_return open;
}

/// Reads the request's body, or past it. False where that ended the connection; what is to be said is in
/// `out_` then.
task<bool> session::pass_body(bool keep) {
    const shared_parts& parts = home_.parts();
    std::string& body = exchange_->asked.body;
    if (frame_.wants_continue && in_.empty()) {
        out_ += go_on;
        if (!flush_now()) {
            const bool written = co_await flush();
            if (!written)
                co_return false;
        }
    }
    enter(phase::body, home_.now() + parts.options.body_timeout);
    chunked_decoder decoder{parts.limits.max_body_bytes};
    std::uint64_t left = frame_.content_length;
    for (;;) {
        std::string_view arrived = in_.view();
        const std::size_t size = arrived.size();
        if (frame_.body == framing::chunked) {
            if (const verdict said = decoder.feed(arrived, body); said.refused()) {
                refuse(said);
                co_return false;
            }
        } else {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(left, size));
            body.append(arrived.substr(0, length));
            arrived.remove_prefix(length);
            left -= length;
        }
        in_.consume(size - arrived.size());
        if (!keep)
            body.clear();
        if (frame_.body == framing::chunked ? decoder.done() : left == 0)
            co_return true;
        if (!out_.empty() && !flush_now()) {
            const bool written = co_await flush();
            if (!written)
                co_return false;
        }
        error_code failure;
        const bool read = co_await read_more(failure);
        if (!read) {
            broken_ = !expired_;
            if (expired_)
                answer_timeout();
            co_return false;
        }
    }
}

task<bool> session::read_more(error_code& failure) {
    const std::span<char> room = in_.room();
    in_.added(co_await io_.read_some({room.data(), room.size()}, failure));
    co_return !failure && !expired_;
}

/// Waits for whoever works out the answer. No deadline: that it comes is the handlers' business.
task<bool> session::settle() {
    if (!out_.empty() && !flush_now()) {
        const bool written = co_await flush();
        if (!written)
            co_return false;
    }
    enter(phase::working, steady_point::max());
    if (!exchange_->is_settled())
        co_await exchange_->settled();
    co_return true;
}

task<bool> session::send_answer() {
    const pipeline& line = home_.parts().pipeline;
    exchange& with = *exchange_;
    if (line.encodes_long(with)) {
        with.begin_wait();
        if (with.run_on(line.database_pool(), [&line](exchange& on) { line.encode(on); })) {
            const bool settled = co_await settle();
            if (!settled)
                co_return false;
        } else {
            with.encoded = true; // sent as it is
        }
    }
    line.encode(with);
    if (with.answer.stream && frame_.wants_body)
        co_return co_await send_stream();

    const response& answer = with.answer;
    const std::string_view body =
        answer.static_body.empty() ? std::string_view{answer.body} : answer.static_body;
    append_header(answer.stream ? std::nullopt : std::optional{body.size()});
    if (!frame_.wants_body || answer.status == 204 || answer.status == 304)
        co_return true;
    if (body.size() > copied_body)
        co_return co_await send_large(body);
    out_ += body;
    // Whatever can be answered without waiting goes out together with this.
    if (!in_.empty() && out_.size() < most_unwritten)
        co_return true;
    if (flush_now())
        co_return true;
    co_return co_await flush();
}

task<bool> session::send_large(std::string_view body) {
    const bool written = co_await flush();
    if (!written)
        co_return false;
    co_return co_await write(body);
}

task<bool> session::send_stream() {
    exchange& with = *exchange_;
    bool pulled = co_await pull_piece();
    if (!pulled) {
        // Nothing was sent yet, so it can still be said properly.
        with.answer = with.source_failed ? internal_failure() : pipeline::too_busy();
        with.encoded = false;
        co_return co_await send_answer();
    }
    if (frame_.old_client)
        frame_.keep_alive = false; // its end is the body's end
    append_header(std::nullopt);
    for (;;) {
        if (frame_.old_client) {
            out_ += with.piece;
        } else if (!with.piece.empty()) {
            constexpr std::string_view digits = "0123456789abcdef";
            for (int shift = 28; shift >= 0; shift -= 4)
                out_ += digits[with.piece.size() >> shift & 0xf];
            out_ += "\r\n";
            out_ += with.piece;
            out_ += "\r\n";
        }
        if (!with.has_more)
            break;
        const bool written = co_await flush();
        if (!written)
            co_return false;
        pulled = co_await pull_piece();
        if (!pulled) {
            io_.abort(); // nobody is to take a half for the whole
            broken_ = true;
            co_return false;
        }
    }
    if (!frame_.old_client)
        out_ += "0\r\n\r\n";
    co_return co_await flush();
}

/// False where the source failed, or where the pool had no room: at once for the first piece, for longer
/// later on.
task<bool> session::pull_piece() {
    const pipeline& line = home_.parts().pipeline;
    const bool first = exchange_->piece.empty() && !exchange_->has_more;
    const steady_point give_up = home_.now() + home_.parts().options.write_timeout;
    for (;;) {
        exchange_->source_failed = false;
        exchange_->begin_wait();
        if (exchange_->run_on(line.database_pool(), [&line](exchange& on) { line.pull(on); })) {
            const bool settled = co_await settle();
            co_return settled && !exchange_->source_failed;
        }
        if (first || home_.now() >= give_up)
            co_return false;
        co_await home_.pause(std::chrono::milliseconds{20});
    }
}

void session::append_header(std::optional<std::size_t> content_length) {
    exchange& with = *exchange_;
    if (home_.is_stopping())
        frame_.keep_alive = false;
    home_.take_buffer(out_);
    const answer_frame said{.date = home_.date(),
                            .request_id = with.asked.request_id,
                            .origin = with.asked.header("origin").value_or(std::string_view{}),
                            .content_length = content_length,
                            .secure = with.asked.secure,
                            .old_client = frame_.old_client,
                            .keep_alive = frame_.keep_alive};
    home_.parts().writer.append_header(with.answer, said, out_);
    home_.parts().metrics.answered(with.row != nullptr ? with.route_index : metrics::unrouted,
                                   with.answer.status, home_.now() - started_);
}

/// The last thing said on a connection, to a request that is not worth reading on.
void session::append_closing(response answer) {
    exchange_ = home_.take_exchange();
    exchange_->asked.headers.clear();
    exchange_->asked.request_id = home_.fresh_request_id();
    exchange_->asked.secure = io_.is_tls();
    exchange_->answer = std::move(answer);
    home_.parts().pipeline.encode(*exchange_);
    frame_ = {};
    append_header(exchange_->answer.body.size());
    out_ += exchange_->answer.body;
    home_.give_back(std::exchange(exchange_, nullptr));
    lingers_ = true;
}

void session::refuse(const verdict& said) {
    started_ = home_.now();
    home_.parts().metrics.request_turned_away();
    home_.parts().pipeline.access().turned_away(peer_, said.reason);
    append_closing(problem(said.status, said.reason));
}

void session::answer_timeout() {
    started_ = home_.now();
    append_closing(problem(408, "The request took too long to arrive."));
}

/// Whether all of `out_` could be written without waiting. Where not, `flush` goes on.
bool session::flush_now() {
    error_code failure;
    const std::size_t written = io_.write_now({out_.data(), out_.size()}, failure);
    if (failure || written != out_.size()) {
        out_.erase(0, written);
        return false;
    }
    home_.give_back(out_);
    return true;
}

task<bool> session::flush() {
    if (flush_now())
        co_return true;
    const bool written = co_await write(out_);
    out_.clear();
    home_.give_back(out_);
    co_return written;
}

task<bool> session::write(std::string_view bytes) {
    while (!bytes.empty()) {
        error_code failure;
        std::size_t count = io_.write_now({bytes.data(), bytes.size()}, failure);
        if (!failure && count == 0) {
            enter(phase::writing, home_.now() + home_.parts().options.write_timeout);
            count = co_await io_.write({bytes.data(), std::min(bytes.size(), write_piece)}, failure);
        }
        if (failure) {
            broken_ = true;
            co_return false;
        }
        bytes.remove_prefix(count);
    }
    co_return true;
}

/// Says goodbye, and where the client may be sending still, reads past that for a while: closing with unread
/// bytes would reset the connection, and take from the client the answer that says why (RFC 9112
/// section 9.6).
task<void> session::linger() {
    enter(phase::lingering, home_.now() + linger_time);
    error_code failure;
    co_await io_.finish(failure);
    std::size_t passed = in_.view().size();
    while (lingers_ && !failure && passed < most_lingering) {
        in_.consume(in_.view().size());
        const std::span<char> room = in_.room();
        const std::size_t count = co_await io_.read_some({room.data(), room.size()}, failure);
        in_.added(count);
        passed += count;
    }
}

} // namespace breakwater::http
