#include "api/live_connection.hpp"

#include "live/live_session.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace breakwater::api {

namespace {

http::close_code close_code_of(live::close_reason reason) noexcept {
    switch (reason) {
    case live::close_reason::unauthenticated: return http::close_code::unauthenticated;
    case live::close_reason::too_late: return http::close_code::too_late;
    case live::close_reason::too_many: return http::close_code::too_many;
    case live::close_reason::unavailable: return http::close_code::try_again_later;
    case live::close_reason::policy: return http::close_code::policy;
    }
    return http::close_code::policy;
}

class live_connection final : public http::websocket_listener, private live::sink {
public:
    live_connection(live::hub& hub, const http::request& request)
        : session_{hub,
                   *request.executor,
                   {request.client_address, request.request_id, std::string{request.route}}} {}

    void opened(http::websocket& connection) override {
        websocket_ = &connection;
        session_.opened(*this);
    }
    void received(std::string_view text) override { session_.received(text); }
    void received_empty_frame() override { session_.received_ping(); }
    void sent() override { session_.sent(); }
    void tick(steady_point now) override { session_.tick(now); }
    void closed() override { session_.closed(); }

private:
    [[nodiscard]] bool is_ready() const noexcept override { return websocket_->is_ready(); }
    void send(parts message) override {
        websocket_->send({.bytes = std::move(message.bytes), .owners = std::move(message.owners)});
    }
    void close(live::close_reason reason, std::string_view detail) override {
        websocket_->close(close_code_of(reason), detail);
    }

    http::websocket* websocket_ = nullptr; ///< the session uses it between `opened` and `closed` only
    live::live_session session_;
};

} // namespace

std::unique_ptr<http::websocket_listener> open_live(live::hub& hub, const http::request& request) {
    return std::make_unique<live_connection>(hub, request);
}

} // namespace breakwater::api
