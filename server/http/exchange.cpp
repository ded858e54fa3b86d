#include "http/exchange.hpp"

#include "http/status.hpp"

#include <boost/asio/async_result.hpp>

#include <utility>

namespace breakwater::http {

namespace {

constexpr std::size_t kept_body_bytes = 4U << 10;
constexpr std::size_t kept_headers = 32;

} // namespace

/// What a `respond` is made of.
class exchange::promise_holder {
public:
    explicit promise_holder(std::shared_ptr<exchange> to) noexcept : to_{std::move(to)} {}
    promise_holder(promise_holder&&) noexcept = default;
    promise_holder& operator=(promise_holder&&) = delete;
    ~promise_holder() {
        if (to_)
            give(internal_failure());
    }

    void operator()(response given) {
        if (to_)
            give(std::move(given));
    }

private:
    void give(response&& given) {
        const std::shared_ptr<exchange> to = std::exchange(to_, nullptr);
        to->answer = std::move(given);
        to->settle_from_anywhere();
    }

    std::shared_ptr<exchange> to_;
};

void exchange::clear() {
    asked.path_parameters.clear();
    asked.route = {};
    asked.principal = {};
    asked.secure = false;
    if (asked.body.capacity() > kept_body_bytes)
        asked.body = {};
    asked.body.clear();
    if (asked.headers.size() > kept_headers)
        asked.headers = {};
    answer = {};
    row = nullptr;
    accept_encoding.clear();
    encoded = false;
    upgrade.reset();
    piece = {};
    compressor.reset();
}

respond exchange::promise() {
    return promise_holder{shared_from_this()};
}

bool exchange::run_on(blocking_pool& pool, std::move_only_function<void(exchange&)> work) {
    return pool.try_submit([self = shared_from_this(), work = std::move(work)]() mutable {
        work(*self);
        work = nullptr;
        self->settle_from_anywhere();
    });
}

void exchange::settle_from_anywhere() {
    const std::shared_ptr<io_lane> lane = lane_.lock();
    if (!lane)
        return;
    // On the I/O thread and nobody waiting yet: the handler answered before it returned.
    if (lane->context().get_executor().running_in_this_thread() && !wake_) {
        settled_ = true;
        return;
    }
    lane->post([self = shared_from_this()] { self->settle(); });
}

void exchange::settle() {
    settled_ = true;
    if (auto wake = std::exchange(wake_, nullptr))
        wake();
}

task<void> exchange::settled() {
    return asio::async_initiate<decltype(use_task), void()>(
        [this](auto&& resume) {
            wake_ = [resume = std::forward<decltype(resume)>(resume)]() mutable { std::move(resume)(); };
        },
        use_task);
}

} // namespace breakwater::http
