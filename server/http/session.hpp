#pragma once

#include "http/exchange.hpp"
#include "http/gate.hpp"
#include "http/input_buffer.hpp"
#include "http/transport.hpp"
#include "http/websocket_session.hpp"
#include "http/worker.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace breakwater::http {

/// One connection: requests in, answers out, one after the other in the order they came. Lives on its
/// worker's thread.
///
/// Pipelined requests are answered one at a time; answers wait in `out_` while more of them can be made
/// without waiting, and are written together. What is read ahead is bounded by the input buffer, what waits
/// to be written by `most_unwritten`.
///
/// Nothing here has a timer of its own. Each phase has a deadline, which the worker's ticker looks at once a
/// second.
class session : public boost::intrusive::list_base_hook<> {
public:
    session(worker& home, transport io, std::string peer);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    [[nodiscard]] task<void> run();

    /// The ticker's question: is its time up?
    void expire(steady_point now);
    /// Takes no further requests; ends at once where it waits for one.
    void begin_stop();
    /// The worker is going away.
    void abandon();

private:
    enum class phase : std::uint8_t { handshake, idle, head, body, working, writing, lingering, websocket };

    /// What is to be known of the request after its header is gone from the input.
    struct frame {
        framing body = framing::none;
        std::uint64_t content_length = 0;
        bool old_client = false;
        bool keep_alive = false;
        bool wants_continue = false;
        bool wants_body = true;   ///< all but HEAD
        bool body_waited = false; ///< it was not all there when the header was read
    };

    task<bool> shake_hands();
    task<bool> receive_head();
    task<bool> answer_request();
    task<bool> pass_body(bool keep);
    task<bool> read_more(error_code& failure);
    task<bool> settle();
    task<void> become_websocket();
    task<bool> send_answer();
    task<bool> send_large(std::string_view body);
    task<bool> send_stream();
    task<bool> pull_piece();
    task<bool> flush();
    task<bool> write(std::string_view bytes);
    task<void> linger();

    bool flush_now();
    void refuse(const verdict& said, bool wants_body);
    void answer_timeout(bool wants_body);
    [[nodiscard]] bool is_head_request() const noexcept;
    [[nodiscard]] std::chrono::seconds patience(std::chrono::seconds usual) const noexcept;
    void append_header(std::optional<std::size_t> content_length);
    void append_closing(response answer, bool wants_body);
    void enter(phase next, steady_point deadline) noexcept;

    worker& home_;
    transport io_;
    const std::string peer_;
    phase phase_ = phase::handshake;
    steady_point deadline_ = steady_point::max();
    bool expired_ = false; ///< the deadline cut the last operation short
    bool broken_ = false;  ///< no use in writing any more
    bool lingers_ = false; ///< the client may be sending still, and has to get its answer first
    input_buffer in_;
    head_search search_;
    std::string out_;
    std::shared_ptr<exchange> exchange_;
    frame frame_;
    steady_point started_{};
    std::shared_ptr<websocket_session> websocket_; ///< it has become one
};

} // namespace breakwater::http
