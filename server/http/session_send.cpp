#include "http/session.hpp"

#include "http/status.hpp"

#include <algorithm>
#include <optional>
#include <utility>

// The sending part of `session`.

namespace breakwater::http {

namespace {

constexpr std::size_t max_unwritten =
    16U << 10; ///< responses to pipelined requests that are collected for one write
constexpr std::size_t max_copied_body =
    16U << 10; ///< bodies up to this size are copied after the header and written with it
constexpr std::size_t write_piece = 64U << 10;      ///< must be written within the write timeout
constexpr std::chrono::milliseconds pool_pause{20}; ///< between attempts to submit to a full pool

} // namespace

task<bool> session::send_response() {
    const pipeline& pipeline = protocol_.shared().pipeline;
    request_context& context = *context_;
    if (pipeline.encodes_long(context)) {
        context.begin_wait();
        const auto admitted = context.run_on(
            pipeline.pool_of(context.row),
            [&pipeline](request_context& job_context) { pipeline.encode(job_context); },
            [](request_context& job_context, request_context::dropped) { job_context.encoded = true; });
        if (admitted == blocking_pool::admission::accepted) {
            const bool completed = co_await await_completion();
            if (!completed)
                co_return false;
        } else {
            context.encoded = true; // no room in the pool: send it unencoded
        }
    }
    pipeline.encode(context);
    if (context.response.stream && frame_.wants_body)
        co_return co_await send_stream();

    const response& response = context.response;
    const std::string_view body =
        response.static_body.empty() ? std::string_view{response.body} : response.static_body;
    append_header(response.stream ? std::nullopt : std::optional{body.size()});
    if (!frame_.wants_body || response.status == 204 || response.status == 304)
        co_return true;
    if (body.size() > max_copied_body)
        co_return co_await send_large(body);
    out_ += body;
    // Collect the responses to further pipelined requests, to write them together.
    if (!in_.empty() && out_.size() < max_unwritten)
        co_return true;
    if (try_flush())
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
    request_context& context = *context_;
    bool pulled = co_await pull_piece();
    if (!pulled) {
        // Nothing was sent yet, so a regular error response is possible.
        context.response =
            context.source_failed && !context.source_dropped ? internal_failure() : pipeline::too_busy();
        context.encoded = false;
        co_return co_await send_response();
    }
    if (frame_.is_http_1_0)
        frame_.keep_alive = false; // the end of the connection marks the end of the body
    append_header(std::nullopt);
    for (;;) {
        if (frame_.is_http_1_0) {
            out_ += context.piece;
        } else if (!context.piece.empty()) {
            constexpr std::string_view digits = "0123456789abcdef";
            for (int shift = 28; shift >= 0; shift -= 4)
                out_ += digits[context.piece.size() >> shift & 0xf];
            out_ += "\r\n";
            out_ += context.piece;
            out_ += "\r\n";
        }
        if (!context.has_more)
            break;
        const bool written = co_await flush();
        if (!written)
            co_return false;
        pulled = co_await pull_piece();
        if (!pulled) {
            transport_.abort(); // so that the client does not mistake a partial body for a complete one
            broken_ = true;
            co_return false;
        }
    }
    if (!frame_.is_http_1_0)
        out_ += "0\r\n\r\n";
    co_return co_await flush();
}

/// Returns false if the source failed or the pool had no room. Does not retry for the first piece; for a
/// later one retries up to the write timeout.
task<bool> session::pull_piece() {
    const pipeline& pipeline = protocol_.shared().pipeline;
    const bool first = context_->piece.empty() && !context_->has_more;
    const steady_point retry_deadline = worker_.now() + protocol_.shared().options.write_timeout;
    for (;;) {
        context_->source_failed = context_->source_dropped = false;
        context_->begin_wait();
        const auto admitted = context_->run_on(
            pipeline.pool_of(context_->row),
            [&pipeline](request_context& context) { pipeline.pull(context); },
            [](request_context& context, request_context::dropped) {
                context.source_failed = context.source_dropped = true;
            });
        if (admitted == blocking_pool::admission::accepted) {
            const bool completed = co_await await_completion();
            co_return completed && !context_->source_failed;
        }
        if (first || worker_.now() >= retry_deadline)
            co_return false;
        co_await worker_.pause(pool_pause);
    }
}

void session::append_header(std::optional<std::size_t> content_length) {
    request_context& context = *context_;
    if (worker_.is_stopping())
        frame_.keep_alive = false;
    protocol_.acquire_buffer(out_);
    const response_frame header_frame{.date = protocol_.date(),
                                      .request_id = context.request.request_id,
                                      .origin = context.request.header("origin").value_or(std::string_view{}),
                                      .content_length = content_length,
                                      .secure = context.request.secure,
                                      .is_http_1_0 = frame_.is_http_1_0,
                                      .keep_alive = frame_.keep_alive};
    protocol_.shared().writer.append_header(context.response, header_frame, out_);
    const std::size_t index = context.row != nullptr ? context.route_index : metrics::unrouted;
    protocol_.shared().metrics.record_response(index, context.response.status, worker_.now() - started_);
}

/// Appends the last response of the connection, for a request that is not read any further.
void session::append_final_response(response response, bool wants_body) {
    context_ = protocol_.acquire_context();
    context_->request.headers.clear();
    context_->request.request_id = protocol_.new_request_id();
    context_->request.secure = transport_.is_tls();
    context_->response = std::move(response);
    protocol_.shared().pipeline.encode(*context_);
    frame_ = {};
    append_header(context_->response.body.size());
    if (wants_body)
        out_ += context_->response.body;
    protocol_.release_context(std::exchange(context_, nullptr));
    lingers_ = true;
}

/// Whether the partly received request is a HEAD, whose response has no body (RFC 9110 section 9.3.2).
bool session::is_head_request() const noexcept {
    const std::string_view received = in_.view();
    return received.substr(std::min(search_.begin, received.size())).starts_with("HEAD ");
}

void session::refuse(const verdict& verdict, bool wants_body) {
    started_ = worker_.now();
    protocol_.shared().metrics.request_refused();
    protocol_.shared().pipeline.access().record_early_refusal(peer_, verdict.reason);
    std::optional<limit_info> limit;
    if (verdict.status == 413)
        limit = {.name = "body_bytes",
                 .quota = static_cast<std::int64_t>(protocol_.shared().limits.max_body_bytes)};
    response response = problem(verdict.status, verdict.reason, {}, limit);
    if (verdict.status == 503)
        response.headers.emplace_back("Retry-After", "1");
    append_final_response(std::move(response), wants_body);
}

void session::respond_with_timeout(bool wants_body) {
    started_ = worker_.now();
    append_final_response(problem(408, "The request did not arrive in time."), wants_body);
}

/// Writes as much of `out_` as possible without waiting. Returns whether that was all; otherwise call
/// `flush`.
bool session::try_flush() {
    error_code failure;
    const std::size_t written = transport_.write_now({out_.data(), out_.size()}, failure);
    if (failure || written != out_.size()) {
        out_.erase(0, written);
        return false;
    }
    protocol_.release_buffer(out_);
    return true;
}

task<bool> session::flush() {
    if (try_flush())
        co_return true;
    const bool written = co_await write(out_);
    out_.clear();
    protocol_.release_buffer(out_);
    co_return written;
}

task<bool> session::write(std::string_view bytes) {
    const phase previous = phase_;
    const steady_point deadline = deadline_;
    while (!bytes.empty()) {
        error_code failure;
        std::size_t count = transport_.write_now({bytes.data(), bytes.size()}, failure);
        if (!failure && count == 0) {
            enter_phase(phase::writing, worker_.now() + protocol_.shared().options.write_timeout);
            count = co_await transport_.write({bytes.data(), std::min(bytes.size(), write_piece)}, failure);
        }
        if (failure) {
            broken_ = true;
            co_return false;
        }
        bytes.remove_prefix(count);
    }
    enter_phase(previous, deadline);
    co_return true;
}

} // namespace breakwater::http
