#include "http/session.hpp"

#include "http/status.hpp"

#include <algorithm>
#include <optional>
#include <utility>

// The sending half of a session.

namespace breakwater::http {

namespace {

constexpr std::size_t most_unwritten =
    16U << 10; ///< answers to pipelined requests that wait to be written together
constexpr std::size_t copied_body =
    16U << 10; ///< up to here a body is copied behind its header, and one call writes both
constexpr std::size_t write_piece = 64U << 10; ///< what has to go out within the write timeout
constexpr std::chrono::milliseconds pool_pause{20};

} // namespace

task<bool> session::send_answer() {
    const pipeline& line = home_.parts().pipeline;
    exchange& with = *exchange_;
    if (line.encodes_long(with)) {
        with.begin_wait();
        const auto admitted = with.run_on(
            line.pool_of(with.row), [&line](exchange& on) { line.encode(on); },
            [](exchange& on, exchange::dropped) { on.encoded = true; });
        if (admitted == blocking_pool::admission::taken) {
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
        with.answer = with.source_failed && !with.source_dropped ? internal_failure() : pipeline::too_busy();
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
        exchange_->source_failed = exchange_->source_dropped = false;
        exchange_->begin_wait();
        const auto admitted = exchange_->run_on(
            line.pool_of(exchange_->row), [&line](exchange& on) { line.pull(on); },
            [](exchange& on, exchange::dropped) { on.source_failed = on.source_dropped = true; });
        if (admitted == blocking_pool::admission::taken) {
            const bool settled = co_await settle();
            co_return settled && !exchange_->source_failed;
        }
        if (first || home_.now() >= give_up)
            co_return false;
        co_await home_.pause(pool_pause);
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
void session::append_closing(response answer, bool wants_body) {
    exchange_ = home_.take_exchange();
    exchange_->asked.headers.clear();
    exchange_->asked.request_id = home_.fresh_request_id();
    exchange_->asked.secure = io_.is_tls();
    exchange_->answer = std::move(answer);
    home_.parts().pipeline.encode(*exchange_);
    frame_ = {};
    append_header(exchange_->answer.body.size());
    if (wants_body)
        out_ += exchange_->answer.body;
    home_.give_back(std::exchange(exchange_, nullptr));
    lingers_ = true;
}

/// Of the request whose header is being read, as far as it arrived: an answer to HEAD has no body, whatever
/// it says (RFC 9110 section 9.3.2).
bool session::is_head_request() const noexcept {
    const std::string_view arrived = in_.view();
    return arrived.substr(std::min(search_.begin, arrived.size())).starts_with("HEAD ");
}

void session::refuse(const verdict& said, bool wants_body) {
    started_ = home_.now();
    home_.parts().metrics.request_turned_away();
    home_.parts().pipeline.access().turned_away(peer_, said.reason);
    std::optional<limit_info> limit;
    if (said.status == 413)
        limit = {.name = "body_bytes",
                 .quota = static_cast<std::int64_t>(home_.parts().limits.max_body_bytes)};
    response answer = problem(said.status, said.reason, {}, limit);
    if (said.status == 503)
        answer.headers.emplace_back("Retry-After", "1");
    append_closing(std::move(answer), wants_body);
}

void session::answer_timeout(bool wants_body) {
    started_ = home_.now();
    append_closing(problem(408, "The request took too long to arrive."), wants_body);
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
    const phase before = phase_;
    const steady_point deadline = deadline_;
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
    enter(before, deadline);
    co_return true;
}

} // namespace breakwater::http
