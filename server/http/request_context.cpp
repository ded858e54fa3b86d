#include "http/request_context.hpp"

#include "base/free_memory.hpp"
#include "base/ip_address.hpp"
#include "http/status.hpp"

#include <boost/asio/async_result.hpp>

#include <utility>

namespace breakwater::http {

namespace {

/// A request or response body keeps at most this capacity for the next request.
constexpr std::size_t kept_body_bytes = 4U << 10;
constexpr std::size_t kept_headers = 32;

/// Whose share of the queue the request uses.
std::string account_of(const request& request) {
    const std::int64_t account = request.admission.account();
    return account == 0 ? client_network(request.client_address) : "user " + std::to_string(account);
}

} // namespace

/// The target of a `respond` function.
class request_context::promise_holder {
public:
    explicit promise_holder(std::shared_ptr<request_context> context) noexcept
        : context_{std::move(context)} {}
    promise_holder(promise_holder&&) noexcept = default;
    promise_holder& operator=(promise_holder&&) = delete;
    ~promise_holder() {
        if (context_)
            fulfil(internal_failure());
    }

    void operator()(http::response response) {
        if (context_)
            fulfil(std::move(response));
    }

private:
    void fulfil(http::response&& response) {
        std::shared_ptr<request_context> context = std::exchange(context_, nullptr);
        context->response = std::move(response);
        context->end_job();
        if (!context->is_on_io_thread())
            post_resume(std::move(context));
        else if (context->wake_)
            resume(std::move(context));
        else
            context->completed_ = true; // the handler responded before it returned
    }

    std::shared_ptr<request_context> context_;
};

void request_context::clear() {
    request.path_parameters.clear();
    request.route = {};
    request.admission = {};
    request.secure = false;
    for (std::string* text : {&request.body, &response.body, &piece}) {
        text->clear();
        if (text->capacity() > kept_body_bytes)
            free_memory(*text);
    }
    body_share.release();
    if (request.headers.size() > kept_headers)
        request.headers = {};
    response = {};
    row = nullptr;
    accept_encoding.clear();
    encoded = false;
    upgrade.reset();
    compressor.reset();
}

respond request_context::promise() {
    return promise_holder{shared_from_this()};
}

blocking_pool::admission request_context::run_on(blocking_pool& pool, job work, fallback on_drop) {
    return start_on(
        pool,
        [work = std::move(work)](request_context& context) mutable {
            work(context);
            work = nullptr;
            context.complete_from_any_thread();
        },
        on_drop);
}

blocking_pool::admission request_context::start_on(blocking_pool& pool, job work, fallback on_drop) {
    const std::uint64_t number = state_.load(std::memory_order_relaxed) / stages + 1;
    cancellation_.reset();
    on_drop_ = on_drop;
    state_.store(encode(number, stage::waiting), std::memory_order_release);
    const auto admission = pool.submit(account_of(request), request.body.size(),
                                       [self = shared_from_this(), number, work = std::move(work)](
                                           blocking_pool::disposition disposition) mutable {
                                           if (!self->claim(number, stage::running))
                                               return; // cancelled: `on_drop_` has responded already
                                           if (disposition == blocking_pool::disposition::displaced) {
                                               self->on_drop_(*self, dropped::displaced);
                                               self->complete_from_any_thread();
                                               return;
                                           }
                                           const cancellation_scope scope{self->cancellation_};
                                           work(*self);
                                       });
    if (admission != blocking_pool::admission::accepted)
        state_.store(encode(number, stage::idle), std::memory_order_relaxed);
    return admission;
}

bool request_context::claim(std::uint64_t number, stage next) noexcept {
    std::uint64_t expected = encode(number, stage::waiting);
    return state_.compare_exchange_strong(expected, encode(number, next), std::memory_order_acq_rel);
}

bool request_context::has_job() const noexcept {
    const auto current = static_cast<stage>(state_.load(std::memory_order_relaxed) % stages);
    return current == stage::waiting || current == stage::running;
}

void request_context::cancel() {
    if (claim(state_.load(std::memory_order_relaxed) / stages, stage::idle)) {
        on_drop_(*this, dropped::cancelled);
        complete_from_any_thread(); // posts, so the waiting coroutine does not resume inside this call
    } else {
        cancellation_.request();
    }
}

bool request_context::is_on_io_thread() const {
    const std::shared_ptr<net::io_executor> executor = executor_.lock();
    return executor && executor->context().get_executor().running_in_this_thread();
}

void request_context::complete_from_any_thread() {
    end_job();
    post_resume(shared_from_this());
}

void request_context::post_resume(std::shared_ptr<request_context> context) {
    if (const std::shared_ptr<net::io_executor> executor = context->executor_.lock())
        executor->post([context = std::move(context)]() mutable { resume(std::move(context)); });
}

void request_context::resume(std::shared_ptr<request_context> context) {
    context->completed_ = true;
    auto wake = std::exchange(context->wake_, nullptr);
    context.reset(); // the session reuses the context only if nothing else holds it
    if (wake)
        wake();
}

/// The next job may start now.
void request_context::end_job() noexcept {
    const std::uint64_t number = state_.load(std::memory_order_relaxed) / stages;
    state_.store(encode(number, stage::idle), std::memory_order_relaxed);
}

task<void> request_context::completion() {
    return asio::async_initiate<decltype(use_task), void()>(
        [this](auto&& resume) {
            wake_ = [resume = std::forward<decltype(resume)>(resume)]() mutable { std::move(resume)(); };
        },
        use_task);
}

} // namespace breakwater::http
