#pragma once

#include "support/http_client.hpp"
#include "support/server_process.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::test {

inline constexpr std::string_view admin_email = "admin@example.com";
inline constexpr std::string_view admin_password = "Admin123!";
inline constexpr std::string_view user_password = "correct horse battery staple";

/// Calls the API over one persistent connection (reconnects if the server has closed it), with a token if
/// set. Returns every response; the test checks `status`.
class api_client {
public:
    explicit api_client(std::uint16_t port, std::string token = {}) : port_{port}, token_{std::move(token)} {}
    explicit api_client(const server_process& server, std::string token = {})
        : api_client{server.port(), std::move(token)} {}

    http_response get(std::string_view target, const http_fields& more = {});
    http_response post(std::string_view target, const boost::json::value& body, const http_fields& more = {});
    http_response post(std::string_view target); ///< without a body
    http_response put(std::string_view target, const boost::json::value& body);
    http_response del(std::string_view target);
    /// Sends any method with an unchanged body. Content-Type is application/json if there is a body and
    /// `more` does not set it.
    http_response send(std::string_view method, std::string_view target,
                       std::optional<std::string_view> body = std::nullopt, const http_fields& more = {});

    [[nodiscard]] const std::string& token() const noexcept { return token_; }
    void set_token(std::string token) { token_ = std::move(token); }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    std::uint16_t port_;
    std::string token_;
    std::optional<http_connection> connection_;
};

struct token_pair {
    std::string access;
    std::string refresh;
};

/// The id and secret of a new device.
struct device_credentials {
    std::string id;
    std::string secret;
};

// These functions throw with the response if the server refuses.

token_pair sign_in(const server_process& server, std::string_view email, std::string_view password);
/// A client signed in as the first administrator.
api_client as_admin(const server_process& server);
/// Registers an account (password `user_password`) and signs in.
api_client as_new_user(const server_process& server, std::string_view email);
device_credentials create_device(api_client& owner, std::string_view name = "Harbour mast",
                                 std::string_view category = "weather_station");
std::string device_token(const server_process& server, const device_credentials& device);
/// A client with the device's token.
api_client as_device(const server_process& server, const device_credentials& device);
/// A payload that every category accepts.
boost::json::value sample_payload(double temperature = 18.5);
/// Creates a critical rule `v` above 30. `more` adds or replaces members.
void add_hot_rule(api_client& admin, const boost::json::object& more = {});
/// The time in whole seconds, in the format of the API.
std::string time_of(std::chrono::system_clock::time_point at);
/// Counts the events of /admin/security-events (limit 500) with this type and status; empty matches all.
std::int64_t count_events(api_client& admin, std::string_view type, std::string_view status = {});
/// Waits up to 20 s for such an event. Needed for events that the server records after its response: requests
/// refused by the request validator, and refusals on /live. The server records all others before it responds.
bool wait_for_event(api_client& admin, std::string_view type, std::string_view status = {});

} // namespace breakwater::test
