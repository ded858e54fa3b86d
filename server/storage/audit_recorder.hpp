#pragma once

#include "base/clock.hpp"
#include "storage/database.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace breakwater::storage {

/// Puts denials on record, bounded against floods: the first of a kind within a window is written (and
/// answered once it is on disk), its repeats are counted and written as one row with the count when the
/// window ends. A kind is type, actor, the network of the source address (`client_network`) and route. An
/// attacker varies them: so there is room for some kinds of each network, and for some of each type; further
/// ones share a row of their network, or of their type (decision 0010). What an action records of itself goes
/// into its own transaction instead, not through here; but for what changes nothing and may come without end,
/// which has a recorder of its own.
class audit_recorder {
public:
    struct options {
        std::chrono::seconds window{60};
        std::size_t max_open_of_type = 512;
        /// Kinds of a type: of an IPv4 address or a /64; of a /56 half as many again, of a /48 twice as many.
        std::size_t max_open_of_network = 32;
        std::size_t max_unwritten = 4096; ///< rows with counts, while the disk takes nothing
        /// Hears of each denial as it happens, repeats too, on the caller's thread.
        std::function<void(const security_event&)> on_denied{};
    };
    using completion = std::move_only_function<void(result<void>)>;

    audit_recorder(database& store, const clock& time, const options& chosen);
    ~audit_recorder();
    audit_recorder(const audit_recorder&) = delete;
    audit_recorder& operator=(const audit_recorder&) = delete;

    /// `denied.created_at` is set here. `done` is called once, from any thread: with success when the denial
    /// is on record (or counted into an open window), with the storage's failure otherwise. Doesn't block;
    /// any thread may call.
    void record(security_event denied, completion done);
    /// The same, waiting for it: for code that runs on a blocking pool.
    result<void> record_and_wait(security_event denied);

    /// Writes the windows that have ended. Called about once a second; `close` writes all, at shutdown.
    void tick();
    void close();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace breakwater::storage
