#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/reading.hpp"
#include "domain/security_event.hpp"
#include "events/event_bus.hpp"
#include "registry/device_registry.hpp"
#include "registry/policy_registry.hpp"
#include "storage/catalogue.hpp"
#include "storage/device_ownership.hpp"
#include "telemetry/refusal_tally.hpp"
#include "telemetry/submission.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace breakwater::telemetry {

struct ingest_options {
    std::size_t max_pending = 65'536;       ///< queued single readings; past the limit: `overloaded`
    std::size_t max_per_transaction = 4096; ///< single readings in one transaction
    std::size_t max_bulk_pending = 131'072; ///< queued readings of batches; past the limit: `overloaded`
    /// Readings of batches in one transaction, for which other writes wait. A batch is never split, so one
    /// transaction may exceed this limit by a batch.
    std::size_t max_bulk_per_transaction = 1024;
    /// Bytes of the two queues. `group_writer::options::max_bytes` describes the share of an account.
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
    std::uint64_t repeated = 0; ///< the message_id was stored before: acknowledged, but not stored again
    std::uint64_t blocked = 0;
    std::uint64_t overloaded = 0;
    std::uint64_t failed = 0;       ///< readings that could not be committed
    std::uint64_t transactions = 0; ///< with readings, committed
    std::size_t pending = 0;        ///< readings in both queues, and those whose device is being acquired
    std::size_t pending_bytes = 0;
    /// The committed transactions with 1 reading, 2, up to 4, up to 8, … up to 256, and more. Each is counted
    /// once.
    std::array<std::uint64_t, 10> transaction_sizes{};
};

/// The entry point for readings from devices, over any protocol, and from the simulator. `breakwater import`
/// and the sample readings of a new device bypass it and go to the storage directly. Checks the limits
/// (`admission`) and passes accepted readings to `group_writer`, which commits them in groups. Completes each
/// submission after the commit. Any thread may call. Functions that block say so.
class ingest final : public storage::change_follower, public storage::ownership_follower {
public:
    struct dependencies {
        storage::catalogue& store;
        const storage::series_preparer& preparer;
        storage::device_ownership& ownership;
        const registry::device_registry& devices;
        const registry::policy_registry& policies;
        breakwater::audit::recorder& audit;
        const clock& time;
        events::event_listener& events; ///< receives the readings after they are stored
    };
    ingest(const dependencies& deps, const ingest_options& settings);
    ~ingest() override;

    /// Stores the readings of a submission. If another process owns the device, this one acquires it first,
    /// because only the owner knows what is left of the device's limits. The whole submission fails with
    /// `forbidden` (device blocked), `unauthenticated` (device deleted), `overloaded` or the storage's
    /// errors. A `single` submission also fails if its reading is refused. Before `done` is called, the audit
    /// log has each refusal except `overloaded`; for a batch, one event of each type. Refused readings, and
    /// readings whose transaction failed, use nothing of the device's limits. A late reading that was stored
    /// before uses its allowance, because the check costs as much.
    void submit(submission arrived);
    /// Refuses a whole submission whose bytes could not be parsed. `done` is called once, on any thread,
    /// with `reason` after it is in the audit log, or with the storage's error.
    void refuse_malformed(const device_id& device, const call_origin& origin, error reason,
                          std::move_only_function<void(error)> done);

    /// Stores readings of the simulator. The rate limit does not apply to them, and they do not count towards
    /// it. Drops readings of devices that are blocked, deleted or not simulated, or that another process owns
    /// until this one has acquired them. Drops all readings while `max_pending` / 2 or more readings are
    /// queued, and those of an account whose share of bytes is full.
    void simulate(std::vector<reading> readings);

    /// Call at startup, before the first upload. Loads from the database how much of its limits each device
    /// had used before the restart. Blocks.
    result<void> restore_limits();
    /// Call about once a second. Writes `reading_accept` events for the hours that ended. Saves the devices'
    /// remaining allowances for late readings. Forgets limits that are unused.
    void tick();
    /// Call at shutdown, after the last upload. Waits for queued readings, writes the counts of the current
    /// hour and saves the remaining allowances. Blocks. REQUIRES (the destructor too): the database still
    /// answers.
    void close();
    /// Drops the limits and counters of deleted devices.
    void follow(const change& committed) override;
    // The limits of a device move with its owner.
    result<void> take_over(storage::transaction& tx, std::span<const device_id> devices) override;
    void finish(std::span<const device_id> devices, std::move_only_function<void()> done) override;
    result<void> hand_over(storage::transaction& tx, std::span<const device_id> devices) override;

    [[nodiscard]] ingest_counters counters() const;
    [[nodiscard]] const refusal_tally& refusals() const;
    /// The number of late readings that the device may send now. 0 if the device does not exist.
    [[nodiscard]] std::size_t backfill_remaining(const device_id& id) const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace breakwater::telemetry
