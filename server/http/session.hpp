#pragma once

#include "http/input_buffer.hpp"
#include "http/protocol.hpp"
#include "http/request_context.hpp"
#include "http/request_validator.hpp"
#include "http/websocket_session.hpp"
#include "net/transport.hpp"

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace breakwater::http {

/// One connection. Reads requests and writes their responses in the same order. Belongs to the I/O thread of
/// its protocol object.
///
/// Processes pipelined requests one at a time. Collects responses in `out_` as long as it can produce the
/// next one without waiting, and writes them together. The input buffer limits the bytes that are read ahead;
/// `max_unwritten` limits the bytes that are not written yet.
///
/// A session has no timer. Each phase has a deadline that the ticker of the worker checks once a second.
class session : public boost::intrusive::list_base_hook<> {
public:
    session(protocol& protocol, net::connection accepted);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    [[nodiscard]] task<void> run();

    /// Cancels the current operation if its deadline has passed. Called by the ticker.
    void check_deadline(steady_point now);
    /// Accepts no further requests. Ends at once if it waits for one.
    void begin_stop();
    /// Releases the waiting coroutine, because the worker is being destroyed.
    void abandon();

private:
    enum class phase : std::uint8_t { idle, head, body, working, writing, lingering, websocket };

    /// The properties of the request that are needed after its header was removed from the input.
    struct frame {
        framing body = framing::none;
        std::uint64_t content_length = 0;
        bool is_http_1_0 = false;
        bool keep_alive = false;
        bool wants_continue = false;
        bool wants_body = true;   ///< false for HEAD
        bool body_waited = false; ///< the body was incomplete when the header was parsed
    };

    task<bool> receive_head();
    task<bool> handle_request();
    task<bool> receive_body(bool keep);
    task<bool> read_more(error_code& failure);
    task<bool> await_completion();
    task<void> become_websocket();
    task<bool> send_response();
    task<bool> send_large(std::string_view body);
    task<bool> send_stream();
    task<bool> pull_piece();
    task<bool> flush();
    task<bool> write(std::string_view bytes);
    task<void> linger();

    bool try_flush();
    void refuse(const verdict& verdict, bool wants_body);
    void respond_with_timeout(bool wants_body);
    [[nodiscard]] bool is_head_request() const noexcept;
    [[nodiscard]] std::chrono::seconds client_timeout(std::chrono::seconds usual) const noexcept;
    void append_header(std::optional<std::size_t> content_length);
    void append_final_response(response response, bool wants_body);
    void enter_phase(phase next, steady_point deadline) noexcept;

    protocol& protocol_;
    net::worker& worker_; ///< of `protocol_`
    net::transport transport_;
    const std::string peer_;
    phase phase_ = phase::working;
    steady_point deadline_ = steady_point::max();
    bool expired_ = false; ///< the deadline cancelled the last operation
    bool broken_ = false;  ///< the connection failed: write nothing more
    bool lingers_ = false; ///< the client may still send: let it read the response before closing
    input_buffer in_;
    head_search search_;
    std::string out_;
    std::shared_ptr<request_context> context_;
    frame frame_;
    steady_point started_{};
    std::shared_ptr<websocket_session> websocket_; ///< set after an upgrade
};

} // namespace breakwater::http
