#pragma once

#include "support/documented_messages.hpp"
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

/// A hello message that subscribes to alerts.
inline boost::json::value alerts_greeting(std::string_view token) {
    return {{"type", "hello"},
            {"token", token},
            {"subscriptions", boost::json::array{{{"id", "alerts"}, {"alerts", true}}}}};
}

/// A client of /live that parses the messages, and checks that the AsyncAPI document describes them.
class live_client {
public:
    live_client(const server_process& server, const boost::json::value& hello, bool compress = false)
        : socket_{server.port(), "/live", {}, compress} {
        socket_.send(boost::json::serialize(hello));
    }
    /// The next message except heartbeats; null if the connection ended.
    boost::json::value message() {
        boost::json::value received = receive();
        while (!received.is_null() && received.at("type") == "heartbeat")
            received = receive();
        return received;
    }
    /// The next message of that type; skips others.
    boost::json::value next(std::string_view type) {
        for (boost::json::value received = receive(); !received.is_null(); received = receive())
            if (received.at("type").as_string() == type)
                return received;
        return {};
    }
    /// The next event that satisfies the condition; null if the connection ended.
    boost::json::value event(const std::function<bool(const boost::json::value&)>& condition) {
        for (;;) {
            while (!events_.empty()) {
                boost::json::value candidate = std::move(events_.front());
                events_.erase(events_.begin());
                if (condition(candidate))
                    return candidate;
            }
            const boost::json::value batch = next("events");
            if (batch.is_null())
                return {};
            cursor_ = batch.at("cursor").as_string();
            events_.assign(batch.at("events").as_array().begin(), batch.at("events").as_array().end());
        }
    }
    boost::json::value reading_with(std::int64_t n) {
        return event([n](const boost::json::value& candidate) {
            const auto* reading = candidate.as_object().if_contains("reading");
            return reading != nullptr && reading->at("payload").as_object().contains("n") &&
                   reading->at("payload").at("n") == n;
        });
    }
    void send(const boost::json::value& body) { socket_.send(boost::json::serialize(body)); }
    [[nodiscard]] std::string cursor() const { return std::string{cursor_}; }
    websocket_client& socket() { return socket_; }
    /// Reads until the connection ends. Returns the close code.
    int end() {
        while (socket_.receive()) {
        }
        return socket_.close_code();
    }

private:
    boost::json::value receive() {
        const auto text = socket_.receive();
        if (!text)
            return {};
        boost::json::value message = boost::json::parse(*text);
        std::string name{message.at("type").as_string()};
        name[0] = static_cast<char>(name[0] - 'a' + 'A');
        expect_documented("Live" + name, message);
        return message;
    }

    websocket_client socket_;
    std::vector<boost::json::value> events_;
    boost::json::string cursor_;
};

} // namespace breakwater::test
