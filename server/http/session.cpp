#include "http/session.hpp"

#include "http/chunked.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::http {

namespace {

// Limits for discarding input after a refusal. A client that reads the response only after it has sent its
// body receives the response if the body stays within these limits.
constexpr std::size_t max_linger_bytes = 64U << 20;
constexpr std::chrono::seconds linger_time{20};
constexpr std::chrono::seconds linger_pause{3}; ///< between two reads
/// The time that a stop waits for a client: for the rest of a request or the end of a connection.
constexpr std::chrono::seconds stop_timeout{2};
constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

session::session(protocol& protocol, net::connection accepted)
    : protocol_{protocol},
      worker_{protocol.worker()},
      transport_{std::move(accepted.stream)},
      peer_{std::move(accepted.peer_address)} {
    protocol_.add(*this);
}

session::~session() {
    protocol_.remove(*this);
}

task<void> session::run() {
    bool open = true;
    while (open) {
        open = co_await receive_head();
        if (open)
            open = co_await handle_request();
    }
    if (phase_ == phase::websocket)
        co_return;
    if (!broken_ && !out_.empty())
        co_await flush();
    if (!broken_)
        co_await linger();
    transport_.close();
}

void session::enter_phase(phase next, steady_point deadline) noexcept {
    phase_ = next;
    deadline_ = deadline;
    expired_ = false;
}

/// The usual timeout for a client, shortened during a stop.
std::chrono::seconds session::client_timeout(std::chrono::seconds usual) const noexcept {
    return worker_.is_stopping() ? std::min(usual, stop_timeout) : usual;
}

void session::check_deadline(steady_point now) {
    if (websocket_)
        websocket_->tick(now);
    if (phase_ == phase::working && context_ && context_->has_job()) {
        if (now >= deadline_ || transport_.is_hung_up())
            context_->cancel();
        return;
    }
    if (now < deadline_)
        return;
    deadline_ = steady_point::max();
    expired_ = true;
    if (phase_ == phase::writing || phase_ == phase::lingering)
        transport_.close();
    else
        transport_.cancel();
}

void session::begin_stop() {
    if (phase_ == phase::idle)
        transport_.cancel();
    // Requests in progress are finished. A client that has not sent a complete request must not delay the
    // stop.
    if (phase_ == phase::head || phase_ == phase::body || phase_ == phase::lingering)
        deadline_ = std::min(deadline_, worker_.now() + stop_timeout);
    if (websocket_)
        websocket_->begin_stop();
}

void session::abandon() {
    if (context_)
        context_->abandon();
}

task<bool> session::receive_head() {
    const shared_state& shared = protocol_.shared();
    search_ = {};
    phase_ = phase::working;
    for (;;) {
        if (const verdict outcome = find_head(in_.view(), shared.limits, search_); outcome.refused()) {
            refuse(outcome, !is_head_request());
            co_return false;
        }
        if (search_.end != 0)
            co_return true;
        if (!out_.empty() && !try_flush()) {
            const bool written = co_await flush();
            if (!written)
                co_return false;
        }

        if (in_.empty()) {
            if (worker_.is_stopping() && !transport_.has_input())
                co_return false;
            enter_phase(phase::idle, worker_.coarse_now() + shared.options.idle_timeout);
        } else if (phase_ != phase::head) {
            // Starts at the first byte and is never extended, so that a slow header cannot hold the
            // connection.
            enter_phase(phase::head, worker_.now() + client_timeout(shared.options.header_timeout));
        }
        const std::span<char> space = in_.free_space();
        error_code failure;
        const std::size_t count = co_await transport_.read_some({space.data(), space.size()}, failure);
        in_.added(count);
        if (expired_) {
            if (!in_.empty())
                respond_with_timeout(!is_head_request());
            co_return false;
        }
        // A stop cancels an idle read. Check once more for bytes that arrived in the meantime.
        if (failure && !(failure == asio::error::operation_aborted && worker_.is_stopping())) {
            broken_ = failure != asio::error::eof;
            co_return false;
        }
    }
}

task<bool> session::handle_request() {
    shared_state& shared = protocol_.shared();
    request_head& head = protocol_.scratch_head;
    const std::string_view bytes = in_.view().substr(search_.begin, search_.end - search_.begin);
    started_ = worker_.now();
    if (const verdict outcome = read_head(bytes, shared.limits, head); outcome.refused()) {
        refuse(outcome, !is_head_request());
        co_return false;
    }
    context_ = protocol_.acquire_context();
    context_->request.executor = &worker_.executor();
    frame_ = {.body = head.body,
              .content_length = head.content_length,
              .is_http_1_0 = head.minor_version == 0,
              .keep_alive = head.keep_alive && !worker_.is_stopping(),
              .wants_continue = head.expects_continue && head.body != framing::none,
              .wants_body = head.method != method::head};
    auto step =
        shared.pipeline.receive(*context_, head, peer_, transport_.is_tls(), protocol_.new_request_id());
    in_.consume(search_.end);

    const bool proceeds = step == pipeline::step::proceed;
    if (!proceeds && frame_.wants_continue && in_.empty()) {
        // After an error response to Expect the client may or may not send its body, so the connection ends.
        frame_.keep_alive = false;
    } else if (frame_.body != framing::none) {
        const bool received = co_await receive_body(proceeds);
        if (!received)
            co_return false;
        // The credential may have been revoked while the body arrived, and the client controls how long that
        // takes.
        if (proceeds && frame_.body_waited)
            step = shared.pipeline.admit(*context_);
    }

    if (step == pipeline::step::proceed)
        shared.pipeline.run(*context_);
    if (step != pipeline::step::responded && !context_->is_completed()) {
        const bool completed = co_await await_completion();
        if (!completed)
            co_return false;
    }
    if (context_->upgrade && !in_.empty()) {
        context_->upgrade.reset();
        context_->response =
            problem(400, "The client must not send data before the WebSocket handshake is complete.");
        frame_.keep_alive = false;
    }
    if (context_->upgrade) {
        co_await become_websocket();
        co_return false;
    }
    const bool sent = co_await send_response();
    protocol_.release_context(std::exchange(context_, nullptr));
    lingers_ = !frame_.keep_alive;
    const bool open = sent && frame_.keep_alive;
    co_return open;
}

/// The WebSocket session sends the response to the handshake.
task<void> session::become_websocket() {
    const shared_state& shared = protocol_.shared();
    enter_phase(phase::websocket, steady_point::max());
    shared.metrics.record_response(context_->route_index, context_->response.status,
                                   worker_.now() - started_);
    websocket_ = websocket_session::create(std::move(transport_), context_->request,
                                           std::move(context_->upgrade), shared.options.websocket);
    protocol_.release_context(std::exchange(context_, nullptr));
    in_ = {};
    websocket_->tick(worker_.now());
    if (worker_.is_stopping())
        websocket_->begin_stop();
    co_await websocket_->run();
}

/// Receives the request body, or discards it if `keep` is false. Returns false if the connection must end;
/// `out_` then contains the response, if any.
task<bool> session::receive_body(bool keep) {
    const shared_state& shared = protocol_.shared();
    std::string discarded; // separate, because the recording of the refusal may read the request
    std::string& body = keep ? context_->request.body : discarded;
    if (frame_.wants_continue && in_.empty()) {
        out_ += continue_response;
        if (!try_flush()) {
            const bool written = co_await flush();
            if (!written)
                co_return false;
        }
    }
    enter_phase(phase::body, worker_.now() + client_timeout(shared.options.body_timeout));
    if (keep)
        context_->body_share = shared.bodies.open(context_->request.client_address);
    chunked_decoder decoder{shared.limits.max_body_bytes};
    std::uint64_t remaining = frame_.content_length;
    for (;;) {
        std::string_view received = in_.view();
        const std::size_t size = received.size();
        if (frame_.body == framing::chunked) {
            if (const verdict outcome = decoder.feed(received, body); outcome.refused()) {
                refuse(outcome, frame_.wants_body);
                co_return false;
            }
        } else {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(remaining, size));
            body.append(received.substr(0, length));
            received.remove_prefix(length);
            remaining -= length;
        }
        in_.consume(size - received.size());
        if (!keep) {
            body.clear();
        } else if (!context_->body_share.grow(body.capacity())) {
            shared.metrics.body_refused();
            refuse({503, "The server is receiving too many large request bodies. Try again in a moment."},
                   frame_.wants_body);
            co_return false;
        }
        if (frame_.body == framing::chunked ? decoder.done() : remaining == 0)
            co_return true;
        if (!out_.empty() && !try_flush()) {
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
                respond_with_timeout(frame_.wants_body);
            co_return false;
        }
    }
}

task<bool> session::read_more(error_code& failure) {
    const std::span<char> space = in_.free_space();
    in_.added(co_await transport_.read_some({space.data(), space.size()}, failure));
    co_return !failure && !expired_;
}

/// Waits until the request is completed. At the deadline of its work class the ticker cancels the job, which
/// must still complete the request.
task<bool> session::await_completion() {
    if (!out_.empty() && !try_flush()) {
        const bool written = co_await flush();
        if (!written)
            co_return false;
    }
    enter_phase(phase::working, context_->has_job()
                                    ? worker_.now() + protocol_.shared().pipeline.deadline_of(context_->row)
                                    : steady_point::max());
    if (!context_->is_completed())
        co_await context_->completion();
    co_return true;
}

/// Ends the sending direction. If the client may still send, discards its bytes for a while: closing with
/// unread bytes would reset the connection, and the client would lose the error response (RFC 9112 section
/// 9.6).
task<void> session::linger() {
    const steady_point end = worker_.now() + client_timeout(linger_time);
    enter_phase(phase::lingering, worker_.now() + client_timeout(linger_pause));
    error_code failure;
    co_await transport_.finish(failure);
    std::size_t discarded = 0;
    while (lingers_ && !failure && discarded < max_linger_bytes) {
        in_.consume(in_.view().size());
        const std::span<char> space = in_.free_space();
        discarded += co_await transport_.read_raw({space.data(), space.size()}, failure);
        if (!worker_.is_stopping()) // a stop has set its own deadline
            deadline_ = std::min(end, worker_.coarse_now() + linger_pause);
    }
}

} // namespace breakwater::http
