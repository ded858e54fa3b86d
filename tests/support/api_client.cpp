#include "support/api_client.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <thread>

namespace breakwater::test {

using namespace std::chrono_literals;

namespace {

http_response expect(int status, http_response response, std::string_view request) {
    if (response.status != status)
        throw std::runtime_error{std::string{request} + " returned " + std::to_string(response.status) +
                                 ": " + response.body.substr(0, 1000)};
    return response;
}

} // namespace

http_response api_client::send(std::string_view method, std::string_view target,
                               std::optional<std::string_view> body, const http_fields& more) {
    http_fields fields = more;
    const auto is_set = [&](std::string_view name) {
        return std::ranges::any_of(fields, [&](const auto& field) { return field.first == name; });
    };
    if (!token_.empty() && !is_set("Authorization"))
        fields.emplace_back("Authorization", "Bearer " + token_);
    if (body && !is_set("Content-Type"))
        fields.emplace_back("Content-Type", "application/json");

    const bool reused = connection_.has_value();
    if (!reused)
        connection_.emplace(port_);
    const auto exchange = [&] {
        http_response response = connection_->request(method, target, fields, body);
        if (response.field("Connection") == "close")
            connection_.reset();
        return response;
    };
    try {
        return exchange();
    } catch (const connection_closed&) {
        connection_.reset();
        // The server may have closed a reused connection, so retry. On a new connection this is a failure.
        if (!reused)
            throw;
    }
    connection_.emplace(port_);
    return exchange();
}

http_response api_client::get(std::string_view target, const http_fields& more) {
    return send("GET", target, std::nullopt, more);
}

http_response api_client::post(std::string_view target, const boost::json::value& body,
                               const http_fields& more) {
    return send("POST", target, boost::json::serialize(body), more);
}

http_response api_client::post(std::string_view target) {
    return send("POST", target, "");
}

http_response api_client::put(std::string_view target, const boost::json::value& body) {
    return send("PUT", target, boost::json::serialize(body));
}

http_response api_client::del(std::string_view target) {
    return send("DELETE", target);
}

token_pair sign_in(const server_process& server, std::string_view email, std::string_view password) {
    api_client client{server};
    const auto answer = expect(200, client.post("/auth/login", {{"email", email}, {"password", password}}),
                               "POST /auth/login");
    return {answer.text("/access_token"), answer.text("/refresh_token")};
}

api_client as_admin(const server_process& server) {
    return api_client{server, sign_in(server, admin_email, admin_password).access};
}

api_client as_new_user(const server_process& server, std::string_view email) {
    api_client client{server};
    expect(201, client.post("/auth/register", {{"email", email}, {"password", user_password}}),
           "POST /auth/register");
    client.set_token(sign_in(server, email, user_password).access);
    return client;
}

device_credentials create_device(api_client& owner, std::string_view name, std::string_view category) {
    const auto answer =
        expect(201, owner.post("/devices", {{"name", name}, {"category", category}}), "POST /devices");
    return {answer.text("/device_id"), answer.text("/device_secret")};
}

std::string device_token(const server_process& server, const device_credentials& device) {
    api_client client{server};
    return expect(200,
                  client.post("/device/token", {{"device_id", device.id}, {"device_secret", device.secret}}),
                  "POST /device/token")
        .text("/access_token");
}

api_client as_device(const server_process& server, const device_credentials& device) {
    return api_client{server, device_token(server, device)};
}

boost::json::value sample_payload(double temperature) {
    return {{"payload", {{"metrics", {{"temperature_c", temperature}}}, {"status", "outdoor"}}}};
}

void add_hot_rule(api_client& admin, const boost::json::object& more) {
    boost::json::object rule{{"name", "Hot"}, {"severity", "critical"}, {"kind", "field"},
                             {"field", "v"},  {"test", "above"},        {"high", 30}};
    for (const auto& member : more)
        rule.insert_or_assign(member.key(), member.value());
    expect(201, admin.post("/alert-rules", rule), "POST /alert-rules");
}

std::string time_of(std::chrono::system_clock::time_point at) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    if (gmtime_r(&seconds, &parts) == nullptr)
        throw std::runtime_error{"the time is out of range"};
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%FT%TZ", &parts)};
}

std::int64_t count_events(api_client& admin, std::string_view type, std::string_view status) {
    const auto answer =
        expect(200, admin.get("/admin/security-events?limit=500"), "GET /admin/security-events");
    const boost::json::value events = answer.json();
    return std::ranges::count_if(events.as_array(), [&](const boost::json::value& event) {
        return (type.empty() || event.at("event_type").as_string() == type) &&
               (status.empty() || event.at("status").as_string() == status);
    });
}

bool wait_for_event(api_client& admin, std::string_view type, std::string_view status) {
    using std::chrono::steady_clock;
    for (const auto deadline = steady_clock::now() + 20s; steady_clock::now() < deadline;) {
        if (count_events(admin, type, status) > 0)
            return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

} // namespace breakwater::test
