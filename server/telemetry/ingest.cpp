#include "telemetry/ingest.hpp"

#include "telemetry/accept_tally.hpp"
#include "telemetry/admission.hpp"
#include "telemetry/arrival_clock.hpp"
#include "telemetry/fair_room.hpp"
#include "telemetry/group_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <memory>
#include <utility>

namespace breakwater::telemetry {

namespace {

using counter = std::atomic<std::uint64_t>;

void add(counter& total, std::uint64_t n = 1) {
    total.fetch_add(n, std::memory_order_relaxed);
}

/// Index in `ingest_counters::transaction_sizes` for a transaction with `size` readings, `size` ≥ 1.
std::size_t bucket_of(std::size_t size, std::size_t buckets) {
    return std::min(static_cast<std::size_t>(std::bit_width(size - 1)), buckets - 1);
}

constexpr event_type type_of(const error& refusal) noexcept {
    return refusal.code == errc::rate_limited ? event_type::reading_rate_limit : event_type::reading_reject;
}
constexpr std::array refusal_types{event_type::reading_reject, event_type::reading_rate_limit};

/// The number of items that are recorded as this event type, and the error of the first.
std::pair<std::size_t, const error*> refusals_of(const std::vector<submitted_reading>& items,
                                                 event_type type) {
    std::size_t count = 0;
    const error* first = nullptr;
    for (const submitted_reading& item : items)
        if (item.refusal && type_of(*item.refusal) == type && count++ == 0)
            first = &*item.refusal;
    return {count, first};
}

/// A submission until it is completed. Owned by the callback that it waits for.
struct pending_submission {
    submission arrived;
    user_id owner = 0;
    admission::claim claimed;
    std::vector<reading> accepted{};
    std::size_t next_type = 0; ///< index in `refusal_types` of the next event to record

    [[nodiscard]] bool is_single() const noexcept { return arrived.kind == submission::form::single; }
};
using pending_pointer = std::unique_ptr<pending_submission>;

} // namespace

struct ingest::impl {
    impl(const dependencies& deps, const ingest_options& settings)
        : options{settings},
          store{deps.store},
          preparer{deps.preparer},
          ownership{deps.ownership},
          devices{deps.devices},
          policies{deps.policies},
          audit{deps.audit},
          events{deps.events},
          arrivals{deps.time},
          limits{{deps.devices, deps.policies, deps.time}},
          accepts{deps.store, deps.time},
          acquiring{
              {.max_readings = settings.max_bulk_pending, .max_bytes = settings.max_bulk_pending_bytes}},
          writer{deps.store,
                 {.max_pending = settings.max_pending,
                  .max_per_transaction = settings.max_per_transaction,
                  .max_bytes = settings.max_pending_bytes},
                 publisher()},
          bulk{deps.store,
               {.max_pending = settings.max_bulk_pending,
                .max_per_transaction = settings.max_bulk_per_transaction,
                .max_bytes = settings.max_bulk_pending_bytes,
                .low_priority = true},
               publisher()} {}

    group_writer::observer publisher() {
        return [this](const events::committed_readings& group, const result<void>& outcome) {
            publish(group, outcome);
        };
    }

    void record(const device_id& device, event_type type, const call_origin& origin, std::string detail,
                breakwater::audit::recorder::completion done) {
        audit.record({.actor = actor_type::device,
                      .actor_id = device.to_string(),
                      .type = type,
                      .status = event_status::denied,
                      .target = target_of(target_type::device, device),
                      .detail = std::move(detail),
                      .origin = origin},
                     std::move(done));
    }

    /// Writes the refusal to the audit log, then calls `done` with it, or with the error of the log.
    void refuse(const device_id& device, event_type type, const call_origin& origin, error reason,
                std::move_only_function<void(error)> done) {
        std::string detail = reason.detail;
        record(device, type, origin, std::move(detail),
               [reason = std::move(reason), done = std::move(done)](result<void> recorded) mutable {
                   done(recorded ? std::move(reason) : std::move(recorded).error());
               });
    }
    void refuse(submission refused, error reason) {
        const device_id device = refused.device;
        const call_origin origin = refused.origin();
        refuse(device, event_type::reading_reject, origin, std::move(reason),
               [done = std::move(refused.done)](error failure) mutable {
                   done(std::unexpected(std::move(failure)));
               });
    }

    [[nodiscard]] static error deleted_device() {
        return {.code = errc::unauthenticated, .detail = "The device no longer exists."};
    }

    void submit(submission arrived) {
        if (ownership.owns(arrived.device))
            return admit(std::move(arrived));
        const auto device = devices.find(arrived.device);
        if (!device || device->status == device_status::blocked)
            return admit(std::move(arrived)); // refuses it
        acquire(std::move(arrived), device->owner);
    }

    [[nodiscard]] static error overloaded_error() {
        return {.code = errc::overloaded,
                .detail = "Too many readings are waiting to be stored; try again shortly.",
                .retry_after = std::chrono::seconds{1}};
    }

    /// Admits the submission when this process owns its device.
    void acquire(submission arrived, user_id account) {
        const std::size_t count = arrived.items.size();
        std::size_t bytes = 0;
        for (const submitted_reading& item : arrived.items)
            bytes += group_writer::size_of(item.reading);
        const bool has_room = [&] {
            const lock_guard lock{acquiring_mutex};
            return acquiring.take(account, count, bytes, options.max_bulk_pending);
        }();
        if (!has_room) {
            limits.count_refusal(arrived.device, refusal::overloaded, count);
            return arrived.done(std::unexpected(overloaded_error()));
        }
        const device_id device = arrived.device;
        ownership.acquire(device, [this, arrived = std::move(arrived), account, count,
                                   bytes](const result<void>& acquired) mutable {
            if (acquired) {
                admit(std::move(arrived));
            } else if (acquired.error().code == errc::not_found) {
                refuse(std::move(arrived), deleted_device());
            } else {
                limits.count_refusal(arrived.device, refusal::overloaded, count);
                arrived.done(std::unexpected(acquired.error()));
            }
            const lock_guard lock{acquiring_mutex};
            acquiring.give_back(account, count, bytes);
            if (acquiring.readings() == 0)
                acquired_all.notify_all(); // under the lock: the waiting thread may destroy this object
        });
    }

    void wait_for_acquisitions() {
        unique_lock lock{acquiring_mutex};
        acquired_all.wait(lock, [this]() REQUIRES(acquiring_mutex) { return acquiring.readings() == 0; });
    }

    /// Checks the limits of a device that this process owns, or refuses the submission.
    void admit(submission arrived) {
        const auto device = devices.find(arrived.device);
        if (!device)
            return refuse(std::move(arrived), deleted_device());
        if (device->status == device_status::blocked) {
            limits.count_refusal(arrived.device, refusal::blocked, arrived.items.size());
            return refuse(std::move(arrived), {.code = errc::forbidden, .detail = "The device is blocked."});
        }
        auto self = std::make_unique<pending_submission>(
            pending_submission{.arrived = std::move(arrived), .owner = device->owner, .claimed = {}});
        submission& checked = self->arrived;
        self->claimed = limits.check(checked, policies.of(checked.device, device->category), arrivals.now());
        self->accepted.reserve(checked.items.size());
        for (submitted_reading& item : checked.items)
            if (!item.refusal)
                self->accepted.push_back(std::move(item.reading));
        if (self->accepted.size() == checked.items.size())
            enqueue(std::move(self));
        else
            record_refusals(std::move(self));
    }

    /// Writes one audit event for each type of refusal, one after the other, then continues.
    void record_refusals(pending_pointer self) {
        while (self->next_type < refusal_types.size()) {
            const event_type type = refusal_types[self->next_type++];
            const auto [count, first] = refusals_of(self->arrived.items, type);
            if (count == 0)
                continue;
            std::string detail = self->is_single()
                                     ? first->detail
                                     : fmt::format("{} of {} readings of a batch were refused. {}", count,
                                                   self->arrived.items.size(), first->detail);
            const device_id device = self->arrived.device;
            const call_origin origin = self->arrived.origin();
            return record(device, type, origin, std::move(detail),
                          [this, self = std::move(self)](result<void> recorded) mutable {
                              if (recorded)
                                  record_refusals(std::move(self));
                              else
                                  fail_submission(*self, std::move(recorded).error());
                          });
        }
        if (self->is_single())
            self->arrived.done(std::unexpected(std::move(*self->arrived.items.front().refusal)));
        else
            enqueue(std::move(self));
    }

    void enqueue(pending_pointer self) {
        pending_submission& queued = *self;
        if (queued.accepted.empty())
            return queued.arrived.done(submission_outcome{std::move(queued.arrived.items), {}});
        const bool is_single = queued.is_single();
        auto prepared = is_single ? nullptr : preparer.prepare(queued.accepted);
        group_writer::completion done = [this,
                                         self = std::move(self)](result<events::committed_upload> stored) {
            complete(*self, std::move(stored));
        };
        group_writer& target = is_single ? writer : bulk;
        if (target.try_submit(queued.owner, queued.accepted, prepared, done,
                              is_single ? options.max_pending : options.max_bulk_pending))
            return;
        limits.count_refusal(queued.arrived.device, refusal::overloaded, queued.accepted.size());
        fail_submission(queued, overloaded_error()); // `done` still owns it
    }

    /// After the commit, before the completions of the group. Writes wait for it, so it must not block.
    void publish(const events::committed_readings& group, const result<void>& outcome) {
        const auto readings = group->readings();
        if (!outcome)
            return add(failed, readings.size());
        add(transactions);
        add(transaction_sizes[bucket_of(readings.size(), transaction_sizes.size())]);
        std::uint64_t uploaded_count = 0;
        std::uint64_t simulated_count = 0;
        std::uint64_t repeated_count = 0;
        for (const reading& item : readings) {
            repeated_count += item.outcome == append_outcome::repeated ? 1 : 0;
            if (events::readings_committed::is_new(item))
                ++(item.simulated ? simulated_count : uploaded_count);
        }
        add(accepted, uploaded_count);
        add(simulated, simulated_count);
        add(repeated, repeated_count);
        if (uploaded_count + simulated_count > 0)
            events.readings_stored(group);
    }

    /// After the commit. Writes wait for it, so it must not block.
    void complete(pending_submission& finished, result<events::committed_upload> stored) {
        if (!stored)
            return fail_submission(finished, std::move(stored).error());
        const auto readings = stored->readings();
        submission& arrived = finished.arrived;
        if (readings.front().outcome == append_outcome::no_device) {
            limits.release(arrived.device, finished.claimed);
            return refuse(std::move(arrived), deleted_device());
        }
        if (readings.front().outcome == append_outcome::elsewhere)
            return fail_submission(finished,
                                   fail_with_retry(errc::overloaded,
                                                   "Another server holds the device; try again shortly.",
                                                   std::chrono::seconds{1})
                                       .error());
        limits.commit(arrived.device, finished.claimed, readings);
        const auto first_new = std::ranges::find_if(readings, events::readings_committed::is_new);
        if (first_new != readings.end())
            accepts.add(arrived.device, first_new->received_at,
                        std::ranges::count_if(first_new, readings.end(), events::readings_committed::is_new));
        arrived.done(submission_outcome{std::move(arrived.items), std::move(*stored)});
    }

    void fail_submission(pending_submission& failed_one, error reason) {
        limits.release(failed_one.arrived.device, failed_one.claimed);
        failed_one.arrived.done(std::unexpected(std::move(reason)));
    }

    const ingest_options options;
    storage::catalogue& store;
    const storage::series_preparer& preparer;
    storage::device_ownership& ownership;
    const registry::device_registry& devices;
    const registry::policy_registry& policies;
    breakwater::audit::recorder& audit;
    events::event_listener& events;
    arrival_clock arrivals;
    admission limits;
    accept_tally accepts;

    counter accepted{0};
    counter simulated{0};
    counter dropped{0}; ///< simulated readings for which the queue had no room
    counter repeated{0};
    counter failed{0};
    counter transactions{0};
    std::array<counter, std::tuple_size_v<decltype(ingest_counters::transaction_sizes)>> transaction_sizes{};

    mutex acquiring_mutex;
    condition_variable acquired_all;
    fair_room acquiring GUARDED_BY(acquiring_mutex); ///< submissions whose device is being acquired

    // Declared last, so that they are drained before the members that their callbacks use are destroyed.
    group_writer writer;
    group_writer bulk; ///< of its own, so that live readings never wait behind large batches
};

ingest::ingest(const dependencies& deps, const ingest_options& settings)
    : impl_{std::make_unique<impl>(deps, settings)} {}

ingest::~ingest() = default;

void ingest::submit(submission arrived) {
    impl_->submit(std::move(arrived));
}

void ingest::refuse_malformed(const device_id& device, const call_origin& origin, error reason,
                              std::move_only_function<void(error)> done) {
    impl_->limits.count_refusal(device, refusal::malformed);
    impl_->refuse(device, event_type::reading_reject, origin, std::move(reason), std::move(done));
}

void ingest::simulate(std::vector<reading> readings) {
    for (reading& item : readings) {
        const auto device = impl_->devices.find(item.device_id);
        if (!device || !device->simulated || device->status == device_status::blocked)
            continue;
        if (!impl_->ownership.owns(item.device_id)) {
            impl_->ownership.acquire(item.device_id, [](const result<void>&) {});
            continue;
        }
        item.simulated = true;
        item.received_at = impl_->arrivals.now();
        // At most half of the queue, so that simulated readings never displace real ones.
        group_writer::completion no_completion;
        group_writer::prepared_readings unprepared;
        if (!impl_->writer.try_submit(device->owner, {&item, 1}, unprepared, no_completion,
                                      impl_->options.max_pending / 2))
            add(impl_->dropped);
    }
}

result<void> ingest::restore_limits() {
    return impl_->limits.restore(impl_->store);
}

void ingest::tick() {
    impl_->limits.prune();
    impl_->accepts.tick();
    // A failure is ignored: while the storage fails, readings cannot be stored and use no allowance either.
    impl_->limits.save([this](storage::catalogue::unit_of_work work) {
        impl_->store.write_async(std::move(work), [](const result<void>&) {});
    });
}

void ingest::close() {
    impl_->wait_for_acquisitions();
    impl_->writer.drain();
    impl_->bulk.drain();
    // `close` logs a failure; at shutdown no caller is left to report it to.
    [[maybe_unused]] const auto written = impl_->accepts.close();
    impl_->limits.save([this](storage::catalogue::unit_of_work work) {
        [[maybe_unused]] const auto saved = impl_->store.write(std::move(work));
    });
}

void ingest::follow(const change& committed) {
    if (const auto* removed = std::get_if<device_removed>(&committed))
        impl_->limits.forget(removed->id);
}

result<void> ingest::take_over(storage::transaction& tx, std::span<const device_id> devices) {
    return impl_->limits.take_over(tx, devices);
}

void ingest::finish(std::span<const device_id> devices, std::move_only_function<void()> done) {
    impl_->limits.finish(devices);
    done();
}

result<void> ingest::hand_over(storage::transaction& tx, std::span<const device_id> devices) {
    return impl_->limits.hand_over(tx, devices);
}

const refusal_tally& ingest::refusals() const {
    return impl_->limits.refusals();
}

std::size_t ingest::backfill_remaining(const device_id& id) const {
    return impl_->limits.backfill_remaining(id);
}

ingest_counters ingest::counters() const {
    const admission& limits = impl_->limits;
    ingest_counters out{.accepted = impl_->accepted,
                        .simulated = impl_->simulated,
                        .too_large = limits.refused(refusal::too_large),
                        .too_soon = limits.refused(refusal::too_soon),
                        .backfill_limited = limits.refused(refusal::backfill_limited),
                        .malformed = limits.refused(refusal::malformed),
                        .repeated = impl_->repeated,
                        .blocked = limits.refused(refusal::blocked),
                        .overloaded = limits.refused(refusal::overloaded) + impl_->dropped,
                        .failed = impl_->failed,
                        .transactions = impl_->transactions,
                        .pending = impl_->writer.pending() + impl_->bulk.pending(),
                        .pending_bytes = impl_->writer.pending_bytes() + impl_->bulk.pending_bytes()};
    {
        const lock_guard lock{impl_->acquiring_mutex};
        out.pending += impl_->acquiring.readings();
        out.pending_bytes += impl_->acquiring.bytes();
    }
    std::ranges::transform(impl_->transaction_sizes, out.transaction_sizes.begin(),
                           [](const counter& count) { return count.load(std::memory_order_relaxed); });
    return out;
}

} // namespace breakwater::telemetry
