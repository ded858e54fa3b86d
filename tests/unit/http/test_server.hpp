#pragma once

#include "http/server.hpp"
#include "support/seeded_random.hpp"
#include "unit/http/raw_client.hpp"
#include "unit/http/requirements.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace breakwater::test {

/// Admits `Bearer good` only, and records all refusals.
class test_access final : public http::access_policy {
public:
    /// What the policy stores with the requests that it admits.
    struct user_name {
        char initial = 0;
    };

    result<http::admission> admit(const http::requirement& needed,
                                  const http::request& request) const override {
        if (needed.what == test::open_to_all.what)
            return http::admission{};
        const bool admitted = request.header("authorization") == "Bearer good" && !revoked;
        ++admissions_;
        if (admitted)
            return http::admission{7, user_name{'a'}};
        return fail(errc::unauthenticated, "Authentication is required.");
    }
    result<void> still_admitted(const http::admission& caller) const override {
        if (caller.account() == 0 || !revoked)
            return {};
        return fail(errc::unauthenticated, "The credential was revoked.");
    }
    void record_refusal(const http::request& request, const error& reason,
                        http::respond done) const override {
        // From another thread, like the real policy, which records the refusal first.
        std::thread{[detail = reason.detail, done = std::move(done), this,
                     route = std::string{request.route}]() mutable {
            {
                const std::lock_guard lock{mutex_};
                refusals_.push_back(route);
            }
            done(http::problem(401, detail));
        }}.detach();
    }
    void record_early_refusal(std::string_view client_address, std::string_view reason) const override {
        const std::lock_guard lock{mutex_};
        early_refusals_.push_back(std::string{client_address} + ' ' + std::string{reason});
    }

    std::atomic<bool> revoked = false; ///< refuses everyone from then on
    [[nodiscard]] int admission_checks() const { return admissions_; }

    std::vector<std::string> early_refusals() const {
        const std::lock_guard lock{mutex_};
        return early_refusals_;
    }
    std::vector<std::string> refusals() const {
        const std::lock_guard lock{mutex_};
        return refusals_;
    }

private:
    mutable std::atomic<int> admissions_ = 0;
    mutable std::mutex mutex_;
    mutable std::vector<std::string> early_refusals_;
    mutable std::vector<std::string> refusals_;
};

/// A random source that throws while `fails` is set.
class failing_random final : public random_source {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        if (fails)
            throw std::runtime_error{"no randomness"};
        inner_.fill(bytes);
    }
    std::atomic<bool> fails = false;

private:
    seeded_random inner_;
};

/// A server with the routes of a test, on a free port of the loopback interface.
class test_server {
public:
    explicit test_server(std::vector<http::route> table, http::server_options options = {},
                         std::chrono::seconds deadline = std::chrono::seconds{60})
        : router_{std::move(table)}, metrics_{router_}, pools{make_plan(deadline)} {
        options.port = 0;
        auto listening = http::server::listen(options, {.router = router_,
                                                        .access = access,
                                                        .clock = clock_,
                                                        .random = random,
                                                        .metrics = metrics_,
                                                        .pools = pools});
        if (!listening)
            throw std::runtime_error{listening.error().detail};
        server_ = std::move(*listening);
        server_->start();
    }

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    void stop() { server_->stop(); }
    result<void> reload_tls() { return server_->reload_tls(); }
    void destroy() { server_.reset(); }
    [[nodiscard]] std::string metrics() const {
        std::string text;
        metrics_.append_to(text);
        return text;
    }

    test_access access;
    failing_random random;

private:
    system_clock clock_;
    http::router router_;
    http::metrics metrics_;

public:
    /// Two threads and a queue of eight for each class, but one thread and a queue of one for hashing.
    static http::work_plan make_plan(std::chrono::seconds deadline) {
        http::work_plan plan;
        for (http::work_options& options : plan)
            options = {.threads = 2, .max_queue = 8, .deadline = deadline};
        plan[static_cast<std::size_t>(http::work::hashing)] = {
            .threads = 1, .max_queue = 1, .deadline = deadline};
        return plan;
    }

    http::work_pools pools;

private:
    std::unique_ptr<http::server> server_;
};

inline http::response text(std::string body) {
    http::response response;
    response.content_type = "text/plain";
    response.body = std::move(body);
    return response;
}

inline http::route get(std::string_view path, http::handler run) {
    return {http::method::get, path, test::open_to_all, http::inline_handler{std::move(run)}, {}};
}

} // namespace breakwater::test
