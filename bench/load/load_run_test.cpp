#include "load/load_run.hpp"

#include "load/api_client.hpp"
#include "load/fleet.hpp"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace breakwater::bench {
namespace {

using namespace std::chrono_literals;

/// A server with one thread per connection. `response` returns the response to each request by its number; an
/// empty one closes the connection.
class scripted_server {
public:
    explicit scripted_server(std::function<std::string(std::size_t)> response)
        : response_{std::move(response)} {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof any;
        EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
        EXPECT_EQ(::listen(listener_, 128), 0);
        EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&any), &length), 0);
        port_ = ntohs(any.sin_port);
        accepting_ = std::jthread{[this] {
            for (int fd = ::accept(listener_, nullptr, nullptr); fd >= 0;
                 fd = ::accept(listener_, nullptr, nullptr))
                serving_.emplace_back([this, fd] { serve(fd); });
        }};
    }
    ~scripted_server() {
        ::shutdown(listener_, SHUT_RDWR);
        accepting_.join();
        serving_.clear();
        ::close(listener_);
    }
    [[nodiscard]] endpoint at(const std::string& target) const {
        return *parse_endpoint("http://127.0.0.1:" + std::to_string(port_) + target);
    }
    [[nodiscard]] std::vector<std::string> requests() {
        const std::lock_guard lock{mutex_};
        return requests_;
    }

private:
    void serve(int fd) {
        char buffer[4096];
        for (ssize_t count = ::recv(fd, buffer, sizeof buffer, 0); count > 0;
             count = ::recv(fd, buffer, sizeof buffer, 0)) {
            std::size_t number = 0;
            {
                const std::lock_guard lock{mutex_};
                number = requests_.size();
                requests_.emplace_back(buffer, static_cast<std::size_t>(count));
            }
            const std::string response = response_(number);
            if (response.empty())
                break;
            ::send(fd, response.data(), response.size(), MSG_NOSIGNAL);
        }
        ::close(fd);
    }

    std::function<std::string(std::size_t)> response_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::vector<std::string> requests_;
    std::vector<std::jthread> serving_;
    std::jthread accepting_;
};

std::string response_with(unsigned status, const std::string& body) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

load_plan plan_for(const scripted_server& server, std::uint64_t requests) {
    load_plan plan;
    plan.server = server.at("/");
    plan.connections = 4;
    plan.threads = 2;
    plan.warm_up = 0ms;
    plan.duration = 60s; // the requests end it
    plan.max_requests = requests;
    for (int i = 0; i < 8; ++i)
        plan.requests.push_back(http_request("GET", plan.server.host, "/" + std::to_string(i), "", ""));
    return plan;
}

const std::atomic<bool> never_stop{false};

TEST(load_run, sends_all_requests_and_counts_all_responses) {
    scripted_server server{[](std::size_t) { return response_with(200, "fine"); }};
    const load_result result = run_load(plan_for(server, 401), never_stop, [](auto, auto) {});
    EXPECT_EQ(result.latencies.count(), 401U);
    EXPECT_EQ(result.statuses.at(200), 401U);
    EXPECT_EQ(result.unexpected(200), 0U);
    EXPECT_GT(result.per_second(), 0);
    std::vector<std::size_t> times(8);
    for (const std::string& request : server.requests())
        ++times.at(static_cast<std::size_t>(request[5] - '0'));
    for (const std::size_t count : times)
        EXPECT_GT(count, 20U) << "each request is sent in turn";
}

TEST(load_run, at_a_rate_sends_each_request_at_its_time) {
    scripted_server server{[](std::size_t) { return response_with(200, "fine"); }};
    load_plan plan = plan_for(server, 50);
    plan.rate = 1000;
    const auto begin = std::chrono::steady_clock::now();
    const load_result result = run_load(plan, never_stop, [](auto, auto) {});
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 48ms) << "the last requests aren't due earlier";
    EXPECT_EQ(result.latencies.count(), 50U);
    EXPECT_EQ(result.unexpected(200), 0U);
}

TEST(load_run, counts_unexpected_statuses) {
    scripted_server server{
        [](std::size_t i) { return i % 10 == 3 ? response_with(429, "slow down") : response_with(200, ""); }};
    const load_result result = run_load(plan_for(server, 100), never_stop, [](auto, auto) {});
    EXPECT_EQ(result.statuses.at(429), 10U);
    EXPECT_EQ(result.unexpected(200), 10U);
    EXPECT_NE(result.first_problem.find("slow down"), std::string::npos) << result.first_problem;
}

TEST(load_run, reconnects_after_a_broken_connection_and_counts_it) {
    scripted_server server{
        [](std::size_t i) { return i == 10 || i == 20 ? std::string{} : response_with(200, ""); }};
    const load_result result = run_load(plan_for(server, 100), never_stop, [](auto, auto) {});
    EXPECT_EQ(result.broken, 2U);
    EXPECT_EQ(result.statuses.at(200), 98U);
}

TEST(load_run, reports_that_no_server_listens) {
    load_plan plan;
    plan.server = *parse_endpoint("http://127.0.0.1:" + std::to_string(free_port()) + "/");
    plan.requests = {"GET / HTTP/1.1\r\n\r\n"};
    const load_result result = run_load(plan, never_stop, [](auto, auto) {});
    EXPECT_EQ(result.unexpected(200), 1U);
    EXPECT_NE(result.first_problem.find("No connection"), std::string::npos) << result.first_problem;
}

TEST(fleet, readings_have_the_documented_size_and_their_token) {
    for (const std::size_t device : {0U, 1U, 999U, 99'999U}) {
        EXPECT_GE(weather_payload(device).size(), 215U);
        EXPECT_LE(weather_payload(device).size(), 245U);
    }
    const auto requests = reading_requests("h:1", {"one", "two"});
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_TRUE(requests[1].starts_with("POST /device/readings HTTP/1.1\r\nHost: h:1\r\n"));
    EXPECT_NE(requests[1].find("Authorization: Bearer two\r\n"), std::string::npos);
    EXPECT_NE(requests[0], requests[1]);
}

} // namespace
} // namespace breakwater::bench
