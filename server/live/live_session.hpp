#pragma once

#include "domain/security_event.hpp"
#include "http/message.hpp"
#include "http/websocket.hpp"
#include "live/hub.hpp"
#include "live/subscriptions.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace breakwater::live {

/// One client that watches. Reads the log at its own pace, and is told of each event only what it wants and,
/// at that moment, may see. The messages: docs/api_usage.md.
class live_session final : public http::websocket_listener {
public:
    live_session(hub& home, const http::request& asked);
    ~live_session() override;
    live_session(const live_session&) = delete;
    live_session& operator=(const live_session&) = delete;

    void opened(http::websocket& with) override;
    void received(std::string_view text) override;
    void fruitless() override { (void)count_message(); }
    /// Where more came meanwhile it goes on at once. Else it waits to be woken, with all that will be there
    /// then: messages cost more than events do.
    void sent() override {
        if (more_ || !replies_.empty())
            flush();
    }
    void tick(steady_point now) override;
    void closed() override;

    /// Sends what there is to be sent, as far as there is room.
    void flush();
    void end_if_of(const uuid& session);

private:
    bool count_message();
    void greet(const json_document& message);
    void renew(const json_document& message);
    void subscribe(const json_document& message);
    void unsubscribe(const json_document& message);
    /// Where it fails, `refusal` gets whose the credential was, if that is certain.
    [[nodiscard]] result<http::principal> authenticate(const json_document& message,
                                                       security_event& refusal) const;
    [[nodiscard]] bool may_see(const live_event& event) const;
    /// Whether what let them in holds still, and their sign-in hasn't ended.
    [[nodiscard]] bool is_admitted(const http::principal& who) const;
    void reply(std::string text);
    void send(http::websocket::parts message);
    void send_heartbeat();
    void reply_error(std::string_view detail);
    void refuse(security_event refusal);
    void cut();
    bool send_reply();
    bool send_gap();
    bool send_events();
    [[nodiscard]] std::size_t append_wanted(const event_batch& batch, std::uint64_t& told,
                                            std::vector<std::string_view>& into) const;
    [[nodiscard]] std::string cursor() const;
    void resume_at(const json_document& message);

    hub& home_;
    io_lane& lane_;
    const call_origin origin_;
    http::websocket* connection_ = nullptr;
    http::principal who_;
    bool greeted_ = false;
    bool entered_ = false;
    bool gap_ = false;  ///< to be told
    bool more_ = false; ///< there may be more to send than was sent
    steady_point greet_by_ = steady_point::max();
    steady_point heartbeat_at_ = steady_point::max(); ///< when nothing else is sent before
    subscriptions wanted_;
    std::uint64_t next_ = 0; ///< the number of the first event that wasn't looked at
    std::deque<std::string> replies_;
    unsigned messages_ = 0; ///< and fruitless frames, since the last tick
};

} // namespace breakwater::live
