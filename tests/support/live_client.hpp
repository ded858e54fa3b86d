#pragma once

#include "support/server_process.hpp"
#include "support/websocket_client.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater::test {

/// The first message of who wants to hear of alerts.
inline boost::json::value alerts_greeting(std::string_view token) {
    return {{"type", "hello"},
            {"token", token},
            {"subscriptions", boost::json::array{{{"id", "alerts"}, {"alerts", true}}}}};
}

/// A client of /live that knows the messages.
class live_client {
public:
    live_client(const server_process& server, const boost::json::value& hello, bool compress = false)
        : socket_{server.port(), "/live", {}, compress} {
        socket_.send(boost::json::serialize(hello));
    }
    /// The next message that isn't a heartbeat; null where the connection ended.
    boost::json::value message() {
        boost::json::value one = receive();
        while (!one.is_null() && one.at("type") == "heartbeat")
            one = receive();
        return one;
    }
    /// The next one of that type; others are passed over.
    boost::json::value next(std::string_view type) {
        for (boost::json::value one = receive(); !one.is_null(); one = receive())
            if (one.at("type").as_string() == type)
                return one;
        return {};
    }
    /// The next event that satisfies that, of messages with events; null at the end.
    boost::json::value event(const std::function<bool(const boost::json::value&)>& wanted) {
        for (;;) {
            while (!events_.empty()) {
                boost::json::value one = std::move(events_.front());
                events_.erase(events_.begin());
                if (wanted(one))
                    return one;
            }
            const boost::json::value more = next("events");
            if (more.is_null())
                return {};
            cursor_ = more.at("cursor").as_string();
            events_.assign(more.at("events").as_array().begin(), more.at("events").as_array().end());
        }
    }
    boost::json::value reading_with(std::int64_t n) {
        return event([n](const boost::json::value& one) {
            const auto* of = one.as_object().if_contains("reading");
            return of != nullptr && of->at("payload").as_object().contains("n") &&
                   of->at("payload").at("n") == n;
        });
    }
    void send(const boost::json::value& what) { socket_.send(boost::json::serialize(what)); }
    [[nodiscard]] std::string cursor() const { return std::string{cursor_}; }
    websocket_client& socket() { return socket_; }
    /// Reads to the end: why it was closed.
    int end() {
        while (socket_.receive()) {
        }
        return socket_.close_code();
    }

private:
    boost::json::value receive() {
        const auto text = socket_.receive();
        return text ? boost::json::parse(*text) : boost::json::value{};
    }

    websocket_client socket_;
    std::vector<boost::json::value> events_;
    boost::json::string cursor_;
};

} // namespace breakwater::test
