#pragma once

#include "domain/security_event.hpp"
#include "live/hub.hpp"
#include "live/sink.hpp"
#include "live/subscriptions.hpp"
#include "net/io_executor.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace breakwater::live {

/// One live client. Reads the event log at its own pace and sends the events that the client subscribed to
/// and may see at that moment. docs/api_usage.md describes the messages. Belongs to one I/O thread, which
/// alone calls the members. They do not block or throw.
class live_session {
public:
    /// `executor`: of the I/O thread. REQUIRES: both outlive the session.
    live_session(hub& hub, net::io_executor& executor, call_origin origin);
    ~live_session();
    live_session(const live_session&) = delete;
    live_session& operator=(const live_session&) = delete;

    /// The connection is open. `connection` lives until `closed`.
    void opened(sink& connection);
    /// A complete message in valid UTF-8.
    void received(std::string_view text);
    /// A frame without a message, such as a ping. It costs some work, so it counts as a message.
    void received_ping() { (void)count_message(); }
    /// The last message was written. Continues at once if there is more to send. Otherwise waits for the next
    /// `flush`, so that more events share a message: messages cost more than events.
    void sent() {
        if (has_more_ || !replies_.empty())
            flush();
    }
    /// Call about once a second.
    void tick(steady_point now);
    /// The connection is closed. No calls may follow.
    void closed();

    /// Sends the next message, if there is one and the connection is ready.
    void flush();
    /// Closes the connection if it belongs to that sign-in session.
    void close_if_of(const uuid& session);

private:
    bool count_message();
    void wait(std::string_view text);
    void handle(std::string_view text);
    void subscribe(const json_document& message);
    void unsubscribe(const json_document& message);
    // A hello or a renewal. These check the ticket or token of the message, then continue with `begin` or
    // `renew`. A ticket takes a commit: until then, further messages wait.
    void authenticate(const json_document& message, std::string_view text);
    void redeemed(result<identity::principal> holder);
    /// `refusal`: what to record if there is no principal. Its actor is set if it is certain.
    void authenticated(const json_document& message, const result<identity::principal>& principal,
                       security_event refusal);
    void begin(const json_document& message, const identity::principal& principal);
    void renew(const identity::principal& principal);
    [[nodiscard]] bool may_see(const live_event& event) const;
    /// Whether the credential is still valid and its sign-in session has not ended.
    [[nodiscard]] bool is_admitted(const identity::principal& principal) const;
    void reply(std::string text);
    void send(sink::parts message);
    void send_text(std::string text);
    void send_heartbeat();
    void reply_error(std::string_view detail);
    void refuse(security_event refusal);
    void close(close_reason reason, std::string_view detail);
    void close_unauthenticated();
    bool send_reply();
    bool send_gap();
    bool send_events();
    [[nodiscard]] std::size_t append_events(const event_batch& batch, std::uint64_t& count,
                                            std::vector<std::string_view>& pieces) const;
    [[nodiscard]] std::string cursor() const;
    void resume_at(const json_document& message);

    hub& hub_;
    net::io_executor& executor_;
    const call_origin origin_;
    sink* connection_ = nullptr;
    identity::principal principal_;
    bool is_authenticated_ = false;
    bool is_added_ = false; ///< to the hub
    bool has_gap_ = false;  ///< a gap message is due
    bool has_more_ = false; ///< there may be unsent events
    steady_point hello_deadline_ = steady_point::max();
    steady_point heartbeat_at_ = steady_point::max(); ///< every sent message postpones it
    subscriptions subscriptions_;
    std::uint64_t next_ = 0; ///< number of the next event to read
    std::deque<std::string> replies_;
    unsigned messages_ = 0; ///< messages and empty frames since the last tick
    bool is_redeeming_ = false;
    /// Messages that wait. The first is the one whose ticket is being redeemed.
    std::deque<std::string> waiting_;
    /// For the end of a redemption, which may come after the end of the session.
    const std::shared_ptr<live_session*> self_ = std::make_shared<live_session*>(this);
};

} // namespace breakwater::live
