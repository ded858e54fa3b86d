#include "http/session.hpp"

#include "http/chunked.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::http {

namespace {

// After a refusal: what is read past, in all and between two pieces. A client that sends a body and only then
// reads gets its answer where the body is no larger, and comes in time.
constexpr std::size_t most_lingering = 64U << 20; ///< bytes
constexpr std::chrono::seconds linger_time{20};
constexpr std::chrono::seconds linger_pause{3};
/// How long a stop waits for a client's move: the rest of a request, the end of a connection.
constexpr std::chrono::seconds stop_patience{2};
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
    if (phase_ == phase::websocket)
        co_return;
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

/// How long a client has for its part.
std::chrono::seconds session::patience(std::chrono::seconds usual) const noexcept {
    return home_.is_stopping() ? std::min(usual, stop_patience) : usual;
}

void session::expire(steady_point now) {
    if (websocket_)
        websocket_->tick(now);
    if (phase_ == phase::working && exchange_ && exchange_->is_at_work()) {
        if (now >= deadline_ || io_.is_hung_up())
            exchange_->cancel();
        return;
    }
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
    // What is being answered is finished; a client that hasn't asked its question yet doesn't hold the stop
    // up.
    if (phase_ == phase::handshake || phase_ == phase::head || phase_ == phase::body ||
        phase_ == phase::lingering)
        deadline_ = std::min(deadline_, home_.now() + stop_patience);
    if (websocket_)
        websocket_->begin_stop();
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
            refuse(said, !is_head_request());
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
            enter(phase::head, home_.now() + patience(parts.options.header_timeout));
        }
        const std::span<char> room = in_.room();
        error_code failure;
        const std::size_t count = co_await io_.read_some({room.data(), room.size()}, failure);
        in_.added(count);
        if (expired_) {
            if (!in_.empty())
                answer_timeout(!is_head_request());
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
        refuse(said, !is_head_request());
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
    auto step = parts.pipeline.receive(*exchange_, head, peer_, io_.is_tls(), home_.fresh_request_id());
    in_.consume(search_.end);

    const bool goes_on = step == pipeline::step::proceed;
    if (!goes_on && frame_.wants_continue && in_.empty()) {
        // Told before it sends its body, the client needn't, and we can't know whether it will.
        frame_.keep_alive = false;
    } else if (frame_.body != framing::none) {
        const bool passed = co_await pass_body(goes_on);
        if (!passed)
            co_return false;
        // What let it in may have been taken back while the body was on its way, and its sender picks how
        // long that is.
        if (goes_on && frame_.body_waited)
            step = parts.pipeline.admit(*exchange_);
    }

    if (step == pipeline::step::proceed)
        parts.pipeline.run(*exchange_);
    if (step != pipeline::step::answered && !exchange_->is_settled()) {
        const bool settled = co_await settle();
        if (!settled)
            co_return false;
    }
    if (exchange_->upgrade && !in_.empty()) {
        exchange_->upgrade.reset();
        exchange_->answer = problem(400, "Nothing may be sent before the WebSocket is open.");
        frame_.keep_alive = false;
    }
    if (exchange_->upgrade) {
        co_await become_websocket();
        co_return false;
    }
    const bool sent = co_await send_answer();
    home_.give_back(std::exchange(exchange_, nullptr));
    lingers_ = !frame_.keep_alive;
    const bool open = sent && frame_.keep_alive;
    co_return open;
}

/// The handshake's answer is the WebSocket's to give.
task<void> session::become_websocket() {
    const shared_parts& parts = home_.parts();
    enter(phase::websocket, steady_point::max());
    parts.metrics.answered(exchange_->route_index, exchange_->answer.status, home_.now() - started_);
    websocket_ = websocket_session::make(std::move(io_), exchange_->asked, std::move(exchange_->upgrade),
                                         parts.options.websocket);
    home_.give_back(std::exchange(exchange_, nullptr));
    in_ = {};
    websocket_->tick(home_.now());
    if (home_.is_stopping())
        websocket_->begin_stop();
    co_await websocket_->run();
}

/// Reads the request's body, or past it. False where that ended the connection; what is to be said is in
/// `out_` then.
task<bool> session::pass_body(bool keep) {
    const shared_parts& parts = home_.parts();
    std::string passed; // not the request's: whoever puts the refusal on record may be reading that
    std::string& body = keep ? exchange_->asked.body : passed;
    if (frame_.wants_continue && in_.empty()) {
        out_ += go_on;
        if (!flush_now()) {
            const bool written = co_await flush();
            if (!written)
                co_return false;
        }
    }
    enter(phase::body, home_.now() + patience(parts.options.body_timeout));
    if (keep)
        exchange_->body_share = parts.bodies.open(exchange_->asked.client_address);
    chunked_decoder decoder{parts.limits.max_body_bytes};
    std::uint64_t left = frame_.content_length;
    for (;;) {
        std::string_view arrived = in_.view();
        const std::size_t size = arrived.size();
        if (frame_.body == framing::chunked) {
            if (const verdict said = decoder.feed(arrived, body); said.refused()) {
                refuse(said, frame_.wants_body);
                co_return false;
            }
        } else {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(left, size));
            body.append(arrived.substr(0, length));
            arrived.remove_prefix(length);
            left -= length;
        }
        in_.consume(size - arrived.size());
        if (!keep) {
            body.clear();
        } else if (!exchange_->body_share.grow(body.capacity())) {
            parts.metrics.body_refused();
            refuse({503, "Too many large bodies are on their way. Try again in a moment."},
                   frame_.wants_body);
            co_return false;
        }
        if (frame_.body == framing::chunked ? decoder.done() : left == 0)
            co_return true;
        if (!out_.empty() && !flush_now()) {
            const bool written = co_await flush();
            if (!written)
                co_return false;
        }
        frame_.body_waited = true;
        error_code failure;
        const bool read = co_await read_more(failure);
        if (!read) {
            broken_ = !expired_;
            if (expired_)
                answer_timeout(frame_.wants_body);
            co_return false;
        }
    }
}

task<bool> session::read_more(error_code& failure) {
    const std::span<char> room = in_.room();
    in_.added(co_await io_.read_some({room.data(), room.size()}, failure));
    co_return !failure && !expired_;
}

/// Waits for whoever works out the answer. Past the deadline of its class it is told that nobody waits any
/// more; that an answer comes is the handlers' business all the same.
task<bool> session::settle() {
    if (!out_.empty() && !flush_now()) {
        const bool written = co_await flush();
        if (!written)
            co_return false;
    }
    enter(phase::working, exchange_->is_at_work()
                              ? home_.now() + home_.parts().pipeline.deadline_of(exchange_->row)
                              : steady_point::max());
    if (!exchange_->is_settled())
        co_await exchange_->settled();
    co_return true;
}

/// Says goodbye, and where the client may be sending still, reads past that for a while: closing with unread
/// bytes would reset the connection, and take from the client the answer that says why (RFC 9112
/// section 9.6).
task<void> session::linger() {
    const steady_point end = home_.now() + patience(linger_time);
    enter(phase::lingering, home_.now() + patience(linger_pause));
    error_code failure;
    co_await io_.finish(failure);
    std::size_t passed = 0;
    while (lingers_ && !failure && passed < most_lingering) {
        in_.consume(in_.view().size());
        const std::span<char> room = in_.room();
        passed += co_await io_.pass_some({room.data(), room.size()}, failure);
        if (!home_.is_stopping()) // a stop has set its own
            deadline_ = std::min(end, home_.coarse_now() + linger_pause);
    }
}

} // namespace breakwater::http
