#include "load/fleet.hpp"

#include "load/api_client.hpp"

#include <boost/json.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <mutex>
#include <thread>

namespace breakwater::bench {

namespace {

using text_or_error = std::expected<std::string, std::string>;

/// The string member `name` of a JSON object.
text_or_error member(const std::string& text, std::string_view name) {
    boost::system::error_code code;
    const boost::json::value root = boost::json::parse(text, code);
    if (!code)
        if (const auto* object = root.if_object())
            if (const auto* value = object->if_contains(name); value != nullptr && value->is_string())
                return std::string{value->get_string()};
    return std::unexpected(fmt::format("The server's response has no \"{}\".", name));
}

/// Sends a POST request and returns a member of the response.
text_or_error post(api_client& client, std::string_view target, std::string_view token,
                   const boost::json::object& body, std::string_view result_member) {
    const text_or_error text = client.call("POST", target, token, boost::json::serialize(body));
    return text ? member(*text, result_member) : text;
}

text_or_error create_device(api_client& client, const std::string& access, std::size_t number) {
    const auto created =
        client.call("POST", "/devices", access,
                    boost::json::serialize(boost::json::object{{"name", fmt::format("Load {:06}", number)},
                                                               {"category", "weather_station"}}));
    if (!created)
        return std::unexpected(created.error());
    const text_or_error id = member(*created, "device_id");
    const text_or_error secret = member(*created, "device_secret");
    if (!id || !secret)
        return id ? secret : id;
    return post(client, "/device/token", "", {{"device_id", *id}, {"device_secret", *secret}},
                "access_token");
}

} // namespace

std::expected<std::vector<std::string>, std::string>
create_fleet(const fleet_plan& plan, const std::function<void(std::size_t)>& progress) {
    api_client first{plan.server};
    const text_or_error access =
        post(first, "/auth/login", "", {{"email", plan.email}, {"password", plan.password}}, "access_token");
    if (!access)
        return std::unexpected(access.error());

    std::vector<std::string> tokens(plan.devices);
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::size_t created = 0;
    std::string problem;
    const auto create = [&] {
        api_client client{plan.server};
        for (std::size_t i = next++; i < plan.devices; i = next++) {
            text_or_error token = create_device(client, *access, i);
            const std::lock_guard lock{mutex};
            if (!token) {
                if (problem.empty())
                    problem = token.error();
                next = plan.devices;
                return;
            }
            tokens[i] = std::move(*token);
            progress(++created);
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < plan.threads; ++i)
            threads.emplace_back(create);
    }
    if (!problem.empty())
        return std::unexpected(problem);
    return tokens;
}

std::string weather_payload(std::size_t device) {
    const auto tenths = [device](std::size_t salt, std::size_t range) {
        return static_cast<double>(device * (2 * salt + 1) * 2654435761U % range) / 10;
    };
    return fmt::format(
        R"({{"timestamp":"2026-01-15T12:00:00.000000Z","status":"outdoor","metrics":{{)"
        R"("temperature_c":{:.1f},"humidity_pct":{:.1f},"wind_speed_ms":{:.1f},"pressure_hpa":{:.1f},)"
        R"("rainfall_mm":0.0,"uv_index":{:.1f}}},"firmware":"2.4.1","sequence":{:08}}})",
        tenths(1, 300), 30 + tenths(2, 600), tenths(3, 120), 990 + tenths(4, 400), tenths(5, 90),
        10'000'000 + device);
}

std::string weather_payload_at(std::size_t step) {
    const auto vary = [step](double middle, double swing, std::size_t salt) {
        const double phase = static_cast<double>(step) / 400 + static_cast<double>(salt);
        const auto noise = static_cast<double>((step * 2654435761U + salt * 40503U) % 7919 % 11) / 10 - 0.5;
        return middle + swing * std::sin(phase) + noise;
    };
    const std::chrono::sys_seconds time{
        std::chrono::seconds{1'768'478'400 + 30 * static_cast<std::int64_t>(step)}};
    return fmt::format(
        R"({{"timestamp":"{:%Y-%m-%dT%H:%M:%S}Z","status":"outdoor","metrics":{{)"
        R"("temperature_c":{:.1f},"humidity_pct":{:.1f},"wind_speed_ms":{:.1f},"pressure_hpa":{:.1f},)"
        R"("rainfall_mm":0.0,"uv_index":{:.1f}}},"firmware":"2.4.1","sequence":{:08}}})",
        time, vary(12, 6, 1), vary(60, 20, 2), vary(6, 4, 3), vary(1010, 9, 4), vary(4, 3, 5),
        10'000'000 + step);
}

std::string batch_body(std::size_t size, std::size_t first) {
    std::string body{"["};
    for (std::size_t i = first; i < first + size; ++i) {
        const std::chrono::sys_seconds time{
            std::chrono::seconds{1'768'478'400 + 30 * static_cast<std::int64_t>(i)}};
        body += fmt::format(R"({}{{"payload":{},"device_timestamp":"{:%Y-%m-%dT%H:%M:%S}Z"}})",
                            i == first ? "" : ",", weather_payload_at(i), time);
    }
    return body + "]";
}

std::vector<std::string> batch_requests(std::string_view host, const std::vector<std::string>& tokens,
                                        std::size_t body_size) {
    std::vector<std::string> requests;
    requests.reserve(tokens.size());
    for (const std::string& token : tokens)
        requests.push_back(
            fmt::format("POST /device/readings/batch HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n"
                        "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                        host, token, body_size));
    return requests;
}

std::vector<std::string> reading_requests(std::string_view host, const std::vector<std::string>& tokens) {
    std::vector<std::string> requests;
    requests.reserve(tokens.size());
    for (std::size_t i = 0; i < tokens.size(); ++i)
        requests.push_back(http_request("POST", host, "/device/readings", tokens[i],
                                        fmt::format(R"({{"payload":{}}})", weather_payload(i))));
    return requests;
}

} // namespace breakwater::bench
