#pragma once

#include "domain/webhook.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::webhooks {

/// One attempt to deliver a message.
struct attempt {
    delivery_id id = 0;
    std::string url{};
    std::vector<std::string> headers{}; ///< `Name: value`
    std::string body{};
};

/// How it went.
struct attempt_outcome {
    delivery_id id = 0;
    std::optional<std::int64_t> status{}; ///< HTTP's, where there was an answer
    std::string error{};                  ///< a sentence; empty: it was delivered
    bool hopeless = false;                ///< it would go the same way again
    /// What the answer's Retry-After asks for (RFC 9110 section 10.2.3), from now; none: nothing, or nothing
    /// that can be read.
    std::optional<std::chrono::seconds> retry_after{};
};

/// What carries attempts out, many at once. One thread, but for `interrupt`.
class transport {
public:
    virtual ~transport() = default;
    virtual void start(attempt what) = 0;
    /// Blocks until an attempt is over, `interrupt` was called (also before), or the time is.
    virtual std::vector<attempt_outcome> wait(std::chrono::milliseconds at_most) = 0;
    /// Any thread may call. Doesn't block.
    virtual void interrupt() noexcept = 0;
};

} // namespace breakwater::webhooks
