#pragma once

#include "http/route.hpp"

namespace breakwater::http {

/// Decides who may pass, and hears of every refusal that happens before a handler. The api room implements
/// it.
class access_policy {
public:
    virtual ~access_policy() = default;

    /// Turns the request's `Authorization` into a principal that satisfies `needed`, or says why not
    /// (`unauthenticated` or `forbidden`). On the I/O thread: must not block.
    virtual result<principal> admit(credential needed, const request& asked) const = 0;

    /// Whether what `admit` found holds still, where time has passed since: a call may wait long for its
    /// thread, and a streamed answer may go on for hours. From memory; any thread.
    virtual result<void> still_admitted(const principal& who) const = 0;

    /// Records the refusal, then calls `done` with the response to send: the denial is answered once it is on
    /// record. Any thread, the I/O threads among them: must not block; `done` may be called
    /// from any thread.
    virtual void refused(const request& asked, const error& why, respond done) const = 0;

    /// The gate turned a request away before there was one to speak of (smuggling, malformed bytes). Doesn't
    /// wait.
    virtual void turned_away(std::string_view client_address, std::string_view reason) const = 0;
};

} // namespace breakwater::http
