#include "base/cancellation.hpp"

#include <utility>

namespace breakwater {

namespace {

thread_local const cancellation* of_this_thread = nullptr;

} // namespace

cancellation_scope::cancellation_scope(const cancellation& of) noexcept
    : outer_{std::exchange(of_this_thread, &of)} {}

cancellation_scope::~cancellation_scope() {
    of_this_thread = outer_;
}

const cancellation* cancellation_scope::current() noexcept {
    return of_this_thread;
}

} // namespace breakwater
