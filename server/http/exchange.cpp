#include "http/exchange.hpp"

#include "base/free_memory.hpp"
#include "base/ip_address.hpp"
#include "http/status.hpp"

#include <boost/asio/async_result.hpp>

#include <utility>

namespace breakwater::http {

namespace {

/// Of a body of a request or an answer: what the next one may use.
constexpr std::size_t kept_body_bytes = 4U << 10;
constexpr std::size_t kept_headers = 32;

/// To whom the work is fair: the person, the owner of the device, or whoever is behind the address.
std::string account_of(const request& asked) {
    if (asked.principal.kind == principal::kind::anonymous)
        return client_network(asked.client_address);
    return "user " + std::to_string(asked.principal.user);
}

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
    for (std::string* text : {&asked.body, &answer.body, &piece}) {
        text->clear();
        if (text->capacity() > kept_body_bytes)
            free_memory(*text);
    }
    body_share.release();
    if (asked.headers.size() > kept_headers)
        asked.headers = {};
    answer = {};
    row = nullptr;
    accept_encoding.clear();
    encoded = false;
    upgrade.reset();
    compressor.reset();
}

respond exchange::promise() {
    return promise_holder{shared_from_this()};
}

blocking_pool::admission exchange::run_on(blocking_pool& pool, job work, fallback instead) {
    return start_on(
        pool,
        [work = std::move(work)](exchange& on) mutable {
            work(on);
            work = nullptr;
            on.settle_from_anywhere();
        },
        instead);
}

blocking_pool::admission exchange::start_on(blocking_pool& pool, job work, fallback instead) {
    const std::uint64_t number = state_.load(std::memory_order_relaxed) / stages + 1;
    cancelled_.reset();
    instead_ = instead;
    state_.store(at(number, stage::waiting), std::memory_order_release);
    const auto admitted = pool.submit(
        account_of(asked), asked.body.size(),
        [self = shared_from_this(), number, work = std::move(work)](blocking_pool::turn turn) mutable {
            if (!self->claim(number, stage::running))
                return; // cancelled, and answered
            if (turn == blocking_pool::turn::displaced) {
                self->instead_(*self, dropped::displaced);
                self->settle_from_anywhere();
                return;
            }
            const cancellation_scope scope{self->cancelled_};
            work(*self);
        });
    if (admitted != blocking_pool::admission::taken)
        state_.store(at(number, stage::idle), std::memory_order_relaxed);
    return admitted;
}

bool exchange::claim(std::uint64_t number, stage next) noexcept {
    std::uint64_t expected = at(number, stage::waiting);
    return state_.compare_exchange_strong(expected, at(number, next), std::memory_order_acq_rel);
}

bool exchange::is_at_work() const noexcept {
    const auto now = static_cast<stage>(state_.load(std::memory_order_relaxed) % stages);
    return now == stage::waiting || now == stage::running;
}

void exchange::cancel() {
    if (claim(state_.load(std::memory_order_relaxed) / stages, stage::idle)) {
        instead_(*this, dropped::cancelled);
        settle_from_anywhere(); // later: whoever waits isn't resumed in the midst of the caller
    } else {
        cancelled_.request();
    }
}

void exchange::settle_from_anywhere() {
    const std::uint64_t number = state_.load(std::memory_order_relaxed) / stages;
    state_.store(at(number, stage::idle), std::memory_order_relaxed); // from now on the next may begin
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
