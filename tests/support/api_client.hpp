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

/// Calls the API over one connection that is kept alive (and made anew where the server has closed it), with
/// a token if it has one. What comes back is never judged here: the test looks at `status`.
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
    /// Any method, any body as it is; Content-Type is application/json where `more` has none and there is a
    /// body.
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

/// A device as its maker got it.
struct made_device {
    std::string id;
    std::string secret;
};

// Each of these throws, with the answer, where the server refuses.

token_pair sign_in(const server_process& server, std::string_view email, std::string_view password);
/// A client signed in as the first administrator.
api_client as_admin(const server_process& server);
/// Registers an account (password `user_password`) and signs in.
api_client as_new_user(const server_process& server, std::string_view email);
made_device create_device(api_client& owner, std::string_view name = "Harbour mast",
                          std::string_view category = "weather_station");
std::string device_token(const server_process& server, const made_device& device);
/// A client with the device's token.
api_client as_device(const server_process& server, const made_device& device);
/// A payload that fits everywhere.
boost::json::value sample_payload(double temperature = 18.5);
/// A rule of the first administrator: `v` above 30 is critical. `more` adds members, or replaces them.
void add_hot_rule(api_client& admin, const boost::json::object& more = {});
/// In whole seconds, as a request may say it.
std::string time_of(std::chrono::system_clock::time_point at);
/// Of /admin/security-events (limit 500), how many have that type and status; an empty one fits all.
std::int64_t count_events(api_client& admin, std::string_view type, std::string_view status = {});
/// Whether the log shows such an event within 20 s. For what the server records after it answers: a request
/// that the HTTP gate refuses, and a refusal on /live. Every other event is in the log before its answer.
bool wait_for_event(api_client& admin, std::string_view type, std::string_view status = {});

} // namespace breakwater::test
