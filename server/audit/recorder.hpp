#pragma once

#include "base/clock.hpp"
#include "storage/catalogue.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace breakwater::audit {

/// Writes denials to the audit log, and limits the rows that a flood can cause. The first denial of a kind
/// opens a window. The recorder writes it at once, and its caller gets the answer when it is on disk. The
/// recorder counts repeats within the window, and writes one row with the count when the window ends. Denials
/// are of the same kind if they have the same event type, actor, network of the source address
/// (`client_network`) and route. For sign-ins (`event_type::login`) the detail, which names the account, is
/// also part of the kind. An attacker can vary all these. So the number of open windows is limited for each
/// type, and for each network within a type. Further kinds share one window of their network or type
/// (decision 0010).
///
/// A successful action does not use this class, but writes its event in its own transaction. There is one
/// exception: some successful actions change nothing, but a client can repeat them without end. They use a
/// recorder of their own.
class recorder {
public:
    struct options {
        std::chrono::seconds window{60};
        std::size_t max_windows_per_type = 512;
        /// For each event type, and each IPv4 address or IPv6 /64 within it. A /56 may have 1.5 times as many
        /// windows, a /48 twice as many.
        std::size_t max_windows_per_network = 32;
        std::size_t max_unwritten = 4096; ///< rows kept in memory while the catalogue cannot write
        /// Called for each denial, including repeats, on the caller's thread.
        std::function<void(const security_event&)> on_denied{};
    };
    using completion = std::move_only_function<void(result<void>)>;

    recorder(storage::catalogue& store, const clock& time, const options& settings);
    ~recorder();
    recorder(const recorder&) = delete;
    recorder& operator=(const recorder&) = delete;

    /// Sets `denial.created_at`. Calls `done` once, on any thread: with success when the denial is on disk or
    /// counted in an open window, otherwise with the storage error. Does not block. Any thread may call.
    void record(security_event denial, completion done);
    /// Like `record`, but waits for the outcome. For code that runs on a blocking pool.
    result<void> record_and_wait(security_event denial);

    /// Writes the counts of the windows that have ended. Call it about once a second.
    void tick();
    /// Writes the counts of all windows. Call it at shutdown.
    void close();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace breakwater::audit
