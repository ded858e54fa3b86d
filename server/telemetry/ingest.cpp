#include "telemetry/ingest.hpp"

#include "telemetry/accept_tally.hpp"
#include "telemetry/batch_writer.hpp"
#include "telemetry/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <utility>

namespace breakwater::telemetry {

namespace {

using counter = std::atomic<std::uint64_t>;

void add(counter& to, std::uint64_t n = 1) {
    to.fetch_add(n, std::memory_order_relaxed);
}

/// Which of `ingest_counters::batch_sizes` a batch of `size` ≥ 1 counts in.
std::size_t bucket_of(std::size_t size, std::size_t buckets) {
    return std::min(static_cast<std::size_t>(std::bit_width(size - 1)), buckets - 1);
}

/// When readings arrived: the wall clock, that small corrections (NTP's) don't turn back, so that what came
/// later sorts later. A clock that was set back on purpose is followed.
class arrival_clock {
public:
    explicit arrival_clock(const clock& time) : clock_{time} {}

    timestamp now() noexcept {
        const timestamp wall = clock_.now();
        timestamp last = last_.load(std::memory_order_relaxed);
        do {
            if (wall <= last && last - wall <= std::chrono::seconds{1})
                return last;
        } while (!last_.compare_exchange_weak(last, wall, std::memory_order_relaxed));
        return wall;
    }

private:
    const clock& clock_;
    std::atomic<timestamp> last_{timestamp::min()};
};

} // namespace

struct ingest::impl {
    impl(storage::database& store, storage::device_registry& known, storage::audit_recorder& recorder,
         const clock& time_, const ingest_options& chosen)
        : options{chosen},
          devices{known},
          audit{recorder},
          time{time_},
          arrivals{time_},
          turns{chosen.min_interval},
          accepts{store, time_},
          writer{
              store,
              {.max_pending = chosen.max_pending, .max_batch = chosen.max_batch},
              [this](std::span<const reading> batch, const result<void>& outcome) { settle(batch, outcome); },
              [this](const reading& what, completion done) {
                  refuse_gone(what.device_id, {}, std::move(done));
              }} {}

    /// Puts the refusal on record, then tells it.
    void refuse(const device_id& device, event_type type, const call_origin& origin, error why,
                completion done) {
        security_event event{.actor = actor_type::device,
                             .actor_id = device.to_string(),
                             .type = type,
                             .status = event_status::denied,
                             .detail = why.detail,
                             .origin = origin};
        audit.record(std::move(event),
                     [why = std::move(why), answer = std::move(done)](result<void> recorded) mutable {
                         answer(std::unexpected(recorded ? std::move(why) : std::move(recorded).error()));
                     });
    }

    void refuse_gone(const device_id& device, const call_origin& origin, completion done) {
        refuse(device, event_type::reading_reject, origin,
               {.code = errc::unauthenticated, .detail = "The device does not exist any more."},
               std::move(done));
    }

    /// Once a batch, on the writer's thread.
    void settle(std::span<const reading> batch, const result<void>& outcome) {
        std::uint64_t own = 0;
        std::uint64_t made_up = 0;
        for (const reading& what : batch) {
            const bool kept = outcome && what.id != 0;
            if (what.simulated) {
                made_up += kept ? 1 : 0;
            } else if (kept) {
                turns.stored(what.device_id);
                accepts.add(what.device_id, what.received_at);
                ++own;
            } else {
                turns.release(what.device_id);
            }
        }
        if (!outcome) {
            add(failed, batch.size());
            return;
        }
        add(accepted, own);
        add(simulated, made_up);
        add(batches);
        add(batch_sizes[bucket_of(batch.size(), batch_sizes.size())]);
    }

    const ingest_options options;
    storage::device_registry& devices;
    storage::audit_recorder& audit;
    const clock& time;
    arrival_clock arrivals;
    limits turns;
    accept_tally accepts;

    counter accepted{0};
    counter simulated{0};
    counter too_large{0};
    counter too_soon{0};
    counter blocked{0};
    counter overloaded{0};
    counter failed{0};
    counter batches{0};
    std::array<counter, std::tuple_size_v<decltype(ingest_counters::batch_sizes)>> batch_sizes{};

    batch_writer writer; ///< last: it is drained before anything that it reports to goes
};

ingest::ingest(storage::database& store, storage::device_registry& devices, storage::audit_recorder& audit,
               const clock& time, const ingest_options& chosen)
    : impl_{std::make_unique<impl>(store, devices, audit, time, chosen)} {}

ingest::~ingest() = default;

void ingest::upload(reading arrived, const call_origin& origin, completion done) {
    const device_id device = arrived.device_id;
    const auto known = impl_->devices.find(device);
    if (!known)
        return impl_->refuse_gone(device, origin, std::move(done));
    if (known->status == device_status::blocked) {
        add(impl_->blocked);
        return impl_->refuse(device, event_type::reading_reject, origin,
                             {.code = errc::forbidden, .detail = "The device is blocked."}, std::move(done));
    }
    if (arrived.payload.size() > impl_->options.payload_limit_bytes) {
        add(impl_->too_large);
        return impl_->refuse(
            device, event_type::reading_reject, origin,
            {.code = errc::too_large,
             .detail = fmt::format("The payload has {} bytes as compact JSON; {} are allowed.",
                                   arrived.payload.size(), impl_->options.payload_limit_bytes)},
            std::move(done));
    }
    if (const auto wait = impl_->turns.admit(device, impl_->time.steady_now())) {
        add(impl_->too_soon);
        const std::chrono::duration<double> interval{impl_->options.min_interval};
        return impl_->refuse(
            device, event_type::reading_rate_limit, origin,
            {.code = errc::rate_limited,
             .detail = fmt::format("Too soon: a device may send one reading every {} s.", interval.count()),
             .retry_after = wait},
            std::move(done));
    }
    arrived.id = 0;
    arrived.simulated = false;
    arrived.received_at = impl_->arrivals.now();
    if (!impl_->writer.try_submit(arrived, done, impl_->options.max_pending)) {
        impl_->turns.release(device);
        add(impl_->overloaded);
        done(fail_later(errc::overloaded, "Too many readings wait to be stored; try again shortly.",
                        std::chrono::seconds{1}));
    }
}

void ingest::simulate(std::vector<reading> made) {
    for (reading& what : made) {
        const auto known = impl_->devices.find(what.device_id);
        if (!known || known->status == device_status::blocked)
            continue;
        what.id = 0;
        what.simulated = true;
        what.received_at = impl_->arrivals.now();
        // At most half of the room: where it is tight, what is made up gives way to what was measured.
        completion nobody;
        if (!impl_->writer.try_submit(what, nobody, impl_->options.max_pending / 2))
            add(impl_->overloaded);
    }
}

void ingest::tick() {
    impl_->turns.prune(impl_->time.steady_now());
    impl_->accepts.tick();
}

void ingest::close() {
    impl_->writer.drain();
    // What could not be written is in the log; at shutdown nobody is left to tell.
    [[maybe_unused]] const auto written = impl_->accepts.close();
}

void ingest::forget(const device_id& device) {
    impl_->turns.forget(device);
}

ingest_counters ingest::counters() const {
    ingest_counters out{.accepted = impl_->accepted,
                        .simulated = impl_->simulated,
                        .too_large = impl_->too_large,
                        .too_soon = impl_->too_soon,
                        .blocked = impl_->blocked,
                        .overloaded = impl_->overloaded,
                        .failed = impl_->failed,
                        .batches = impl_->batches,
                        .pending = impl_->writer.pending()};
    std::ranges::transform(impl_->batch_sizes, out.batch_sizes.begin(),
                           [](const counter& one) { return one.load(std::memory_order_relaxed); });
    return out;
}

} // namespace breakwater::telemetry
