#pragma once

#include "http/route.hpp"

namespace breakwater::http {

/// Authorizes requests and records every refusal before a handler. The api module implements it.
class access_policy {
public:
    virtual ~access_policy() = default;

    /// Authenticates the request by its `Authorization` field. `unauthenticated`, `forbidden` or
    /// `rate_limited` if its caller does not meet the requirement. Runs on the I/O thread: must not block.
    virtual result<admission> admit(const requirement& needed, const request& request) const = 0;

    /// Whether the caller is still admitted some time after `admit`: a request may wait long for its thread,
    /// and a streamed response may take hours. Reads memory only; thread-safe.
    virtual result<void> still_admitted(const admission& caller) const = 0;

    /// Records the refusal, then calls `done` with the response to send, so that no refusal is sent before it
    /// is recorded. Any thread may call, including the I/O threads: must not block. `done` may be called from
    /// any thread.
    virtual void record_refusal(const request& request, const error& reason, respond done) const = 0;

    /// Records a request that was refused before authentication: by the request validator (smuggling,
    /// malformed bytes), because of contradictory proxy fields, or because a page of another origin opens a
    /// WebSocket. Does not wait.
    virtual void record_early_refusal(std::string_view client_address, std::string_view reason) const = 0;
};

} // namespace breakwater::http
