#pragma once

#include "http/server.hpp"
#include "support/seeded_random.hpp"
#include "unit/http/raw_client.hpp"

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

/// A door that opens to `Bearer good`, and remembers whom it sent away.
class test_access final : public http::access_policy {
public:
    result<http::principal> admit(http::credential needed, const http::request& asked) const override {
        if (needed == http::credential::none)
            return http::principal{};
        const bool welcome = asked.header("authorization") == "Bearer good" && !revoked;
        ++asked_;
        if (welcome)
            return http::principal{.kind = http::principal::kind::person, .user = 7};
        return fail(errc::unauthenticated, "Who are you?");
    }
    result<void> still_admitted(const http::principal& who) const override {
        if (who.kind == http::principal::kind::anonymous || !revoked)
            return {};
        return fail(errc::unauthenticated, "Not any more.");
    }
    void refused(const http::request& asked, const error& why, http::respond done) const override {
        // From another thread, as it will be when the refusal goes on record first.
        std::thread{[detail = why.detail, done = std::move(done), this,
                     route = std::string{asked.route}]() mutable {
            {
                const std::lock_guard lock{mutex_};
                refused_.push_back(route);
            }
            done(http::problem(401, detail));
        }}.detach();
    }
    void turned_away(std::string_view client_address, std::string_view reason) const override {
        const std::lock_guard lock{mutex_};
        turned_away_.push_back(std::string{client_address} + ' ' + std::string{reason});
    }

    std::atomic<bool> revoked = false; ///< nobody is let in any more
    [[nodiscard]] int times_asked() const { return asked_; }

    std::vector<std::string> all_turned_away() const {
        const std::lock_guard lock{mutex_};
        return turned_away_;
    }
    std::vector<std::string> all_refused() const {
        const std::lock_guard lock{mutex_};
        return refused_;
    }

private:
    mutable std::atomic<int> asked_ = 0;
    mutable std::mutex mutex_;
    mutable std::vector<std::string> turned_away_;
    mutable std::vector<std::string> refused_;
};

/// Randomness that runs out when a test says so.
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

/// A server on a free port of the loopback, with the routes a test gives it.
class test_server {
public:
    explicit test_server(std::vector<http::route> table, http::server_options options = {},
                         std::chrono::seconds deadline = std::chrono::seconds{60})
        : router_{std::move(table)}, metrics_{router_}, pools{plan(deadline)} {
        options.port = 0;
        auto made = http::server::listen(options, {.router = router_,
                                                   .access = access,
                                                   .clock = clock_,
                                                   .random = random,
                                                   .metrics = metrics_,
                                                   .pools = pools});
        if (!made)
            throw std::runtime_error{made.error().detail};
        server = std::move(*made);
        server->start();
    }

    [[nodiscard]] std::uint16_t port() const { return server->port(); }
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
    /// Two threads for queries, one for hashing with a queue of one.
    static http::work_plan plan(std::chrono::seconds deadline) {
        http::work_plan all;
        for (http::work_options& each : all)
            each = {.threads = 2, .max_queue = 8, .deadline = deadline};
        all[static_cast<std::size_t>(http::work::hashing)] = {
            .threads = 1, .max_queue = 1, .deadline = deadline};
        return all;
    }

    http::work_pools pools;
    std::unique_ptr<http::server> server;
};

inline http::response text(std::string body) {
    http::response made;
    made.content_type = "text/plain";
    made.body = std::move(body);
    return made;
}

inline http::route get(std::string_view path, http::handler run) {
    return {http::method::get, path, http::credential::none, http::inline_handler{std::move(run)}, {}};
}

} // namespace breakwater::test
