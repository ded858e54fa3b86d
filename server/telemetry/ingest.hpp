#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/reading.hpp"
#include "domain/security_event.hpp"
#include "events/event_bus.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"
#include "storage/device_registry.hpp"
#include "storage/policy_registry.hpp"
#include "telemetry/refusal_tally.hpp"
#include "telemetry/token_buckets.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace breakwater::telemetry {

struct ingest_options {
    std::size_t max_pending = 65'536;       ///< readings that wait for the writer; past it: `overloaded`
    std::size_t max_batch = 4096;           ///< readings in one transaction
    std::size_t max_bulk_pending = 131'072; ///< readings of batches that wait; past it: `overloaded`
    std::size_t max_bulk_batch = 1024;      ///< readings in one transaction of batches, which others wait for
    /// What may wait in bytes, of readings and of batches; `batch_writer` has the shares of accounts.
    std::size_t max_pending_bytes = std::size_t{32} << 20;
    std::size_t max_bulk_pending_bytes = std::size_t{64} << 20;
};

struct ingest_counters {
    std::uint64_t accepted = 0;
    std::uint64_t simulated = 0;
    std::uint64_t too_large = 0;
    std::uint64_t too_soon = 0;
    std::uint64_t backfill_limited = 0;
    std::uint64_t malformed = 0;
    std::uint64_t repeated = 0; ///< known by their message_id: answered, and not stored again
    std::uint64_t blocked = 0;
    std::uint64_t overloaded = 0;
    std::uint64_t failed = 0; ///< the storage could not make them durable
    std::uint64_t batches = 0;
    std::size_t pending = 0;
    std::size_t pending_bytes = 0;
    std::array<std::uint64_t, 10> batch_sizes{}; ///< of 1, ≤2, ≤4, … ≤256, more: not cumulative
};

/// One reading of a batch, and what became of it.
struct batch_item {
    reading what; ///< in: device_timestamp, payload, message_id; out: as it is stored, without its payload
    std::optional<error> refused{}; ///< in: why it can't be read at all; out: why it wasn't stored
};

/// The one door for every reading. Checks the limits, hands what passes to the group-committed writer, and
/// answers after the commit. Any thread may call; nothing blocks.
class ingest {
public:
    using completion = std::move_only_function<void(result<reading>)>;

    struct parts {
        storage::database& store;
        storage::device_registry& devices;
        const storage::policy_registry& policies;
        storage::audit_recorder& audit;
        const clock& time;
        events::event_listener& events; ///< hears of what is stored
    };
    ingest(const parts& with, const ingest_options& chosen);
    ~ingest();

    /// A device's own upload. `arrived` carries device_id, payload (compact, checked) and device_timestamp;
    /// the rest is set here. Fails with `too_large`, `rate_limited` (too soon), `forbidden` (blocked),
    /// `unauthenticated` (gone), `overloaded` or the storage's errors. Refusals are on record before `done`
    /// hears of them. A reading that was not stored doesn't count towards the interval. `done` is called
    /// once, from any thread.
    void upload(reading arrived, const call_origin& origin, completion done);

    using batch_completion = std::move_only_function<void(result<std::vector<batch_item>>)>;
    /// What a device, or a gateway in its name, kept until it could send it. Each item is accepted or refused
    /// by itself, with the errors of `upload`. One that its device took earlier than the interval before now
    /// is late: those have an allowance of their own (`backfill`), so that they neither use up the device's
    /// turn nor need one. Fails as a whole with `forbidden`, `unauthenticated`, `overloaded` or the storage's
    /// errors. Refusals are on record, one event for all of a kind, before `done` hears of them; it is called
    /// once, from any thread.
    void upload_batch(const device_id& device, std::vector<batch_item> items, const call_origin& origin,
                      batch_completion done);

    /// From the simulator: past the frequency limit, and not counted towards it. Devices that are blocked,
    /// gone or real by now are left out silently, and so is what comes while half of `max_pending` is taken.
    void simulate(std::vector<reading> made);

    /// At the start, before anything is uploaded: what the devices used up of their limits before a restart.
    /// Blocks.
    result<void> recall_limits();
    /// About once a second: writes `reading_accept` for the hours that ended, and what devices used up of
    /// their allowances.
    void tick();
    /// At shutdown, once nobody uploads: waits for what is under way, and writes the counts of the running
    /// hour. Blocks. REQUIRES (the destructor too): the database still answers.
    void close();
    /// Of a deleted device.
    void forget(const device_id& device);

    /// Counts what a device sent that was refused before it came here.
    void count_malformed(const device_id& device);

    [[nodiscard]] ingest_counters counters() const;
    [[nodiscard]] const refusal_tally& refusals() const;
    /// How many late readings the device may still send at once.
    [[nodiscard]] std::size_t backfill_left(const device_id& device) const;

private:
    struct impl;
    class batch_upload;
    std::unique_ptr<impl> impl_;
};

} // namespace breakwater::telemetry
