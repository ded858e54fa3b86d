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

/// The outcome of an attempt.
struct attempt_outcome {
    delivery_id id = 0;
    std::optional<std::int64_t> status{}; ///< HTTP status, if there was a response
    std::string error{};                  ///< a sentence; empty if the message was delivered
    bool is_permanent = false;            ///< a retry would fail in the same way
    /// The delay from Retry-After (RFC 9110 section 10.2.3), from now on. Nothing if the field is absent or
    /// not valid.
    std::optional<std::chrono::seconds> retry_after{};
};

/// Carries out attempts concurrently. One thread, except for `interrupt`.
class transport {
public:
    virtual ~transport() = default;
    virtual void start(attempt delivery) = 0;
    /// Blocks until an attempt has finished, `interrupt` was called (even before this call), or the timeout.
    virtual std::vector<attempt_outcome> wait(std::chrono::milliseconds timeout) = 0;
    /// Any thread may call. Does not block.
    virtual void interrupt() noexcept = 0;
};

} // namespace breakwater::webhooks
