#include "base/cancellation.hpp"

#include <utility>

namespace breakwater {

namespace {

thread_local const cancellation* thread_cancellation = nullptr;

} // namespace

cancellation_scope::cancellation_scope(const cancellation& work) noexcept
    : outer_{std::exchange(thread_cancellation, &work)} {}

cancellation_scope::~cancellation_scope() {
    thread_cancellation = outer_;
}

const cancellation* cancellation_scope::current() noexcept {
    return thread_cancellation;
}

} // namespace breakwater
