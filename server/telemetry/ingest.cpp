#include "telemetry/ingest.hpp"

#include "base/calendar.hpp"
#include "telemetry/accept_tally.hpp"
#include "telemetry/batch_writer.hpp"
#include "telemetry/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <iterator>
#include <memory>
#include <optional>
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
    impl(const parts& with, const ingest_options& chosen)
        : options{chosen},
          store{with.store},
          devices{with.devices},
          policies{with.policies},
          audit{with.audit},
          time{with.time},
          events{with.events},
          arrivals{with.time},
          accepts{with.store, with.time},
          writer{
              with.store,
              {.max_pending = chosen.max_pending,
               .max_batch = chosen.max_batch,
               .max_bytes = chosen.max_pending_bytes},
              [this](std::span<const reading> batch, const result<void>& outcome) { settle(batch, outcome); },
              [this](const reading& what, completion done) {
                  refuse_gone(what.device_id, {}, std::move(done));
              }},
          bulk{with.store,
               {.max_pending = chosen.max_bulk_pending,
                .max_batch = chosen.max_bulk_batch,
                .max_bytes = chosen.max_bulk_pending_bytes,
                .behind = true},
               [this](std::span<const reading> batch, const result<void>& outcome) { count(batch, outcome); },
               {}} {}

    void record(const device_id& device, event_type type, const call_origin& origin, std::string detail,
                storage::audit_recorder::completion done) {
        audit.record({.actor = actor_type::device,
                      .actor_id = device.to_string(),
                      .type = type,
                      .status = event_status::denied,
                      .target = target_of(target_type::device, device),
                      .detail = std::move(detail),
                      .origin = origin},
                     std::move(done));
    }

    /// Puts the refusal on record, then tells it.
    template <class Completion>
    void refuse(const device_id& device, event_type type, const call_origin& origin, error why,
                Completion done) {
        std::string detail = why.detail;
        record(device, type, origin, std::move(detail),
               [why = std::move(why), answer = std::move(done)](result<void> recorded) mutable {
                   answer(std::unexpected(recorded ? std::move(why) : std::move(recorded).error()));
               });
    }

    template <class Completion>
    void refuse_gone(const device_id& device, const call_origin& origin, Completion done) {
        refuse(device, event_type::reading_reject, origin,
               {.code = errc::unauthenticated, .detail = "The device does not exist any more."},
               std::move(done));
    }

    [[nodiscard]] std::optional<error> too_large_for(const reading& arrived, const effective_policy& rules) {
        if (std::cmp_less_equal(arrived.payload.size(), rules.payload_limit_bytes))
            return std::nullopt;
        add(too_large);
        refused.add(arrived.device_id, refusal::too_large);
        return error{.code = errc::too_large,
                     .detail = fmt::format("The payload has {} bytes as compact JSON; {} are allowed.",
                                           arrived.payload.size(), rules.payload_limit_bytes),
                     .limit = limit_info{.name = "payload_bytes", .quota = rules.payload_limit_bytes}};
    }

    /// Takes the device's turn, or says why not.
    [[nodiscard]] std::optional<error> too_soon_for(const device_id& device, const effective_policy& rules) {
        const auto wait = turns.admit(device, time.steady_now(), rules.min_interval);
        if (!wait)
            return std::nullopt;
        add(too_soon);
        refused.add(device, refusal::too_soon);
        const std::chrono::duration<double> interval{rules.min_interval};
        return error{
            .code = errc::rate_limited,
            .detail = fmt::format("Too soon: a device may send one reading every {} s.", interval.count()),
            .retry_after = wait,
            .limit = limit_info{.name = "readings",
                                .quota = 1,
                                .window = std::chrono::ceil<std::chrono::seconds>(rules.min_interval)}};
    }

    /// Whether the device kept it for so long that it isn't part of what it sends now.
    [[nodiscard]] static bool is_late(const reading& arrived, timestamp now,
                                      const effective_policy& rules) noexcept {
        const auto window = std::max<std::chrono::microseconds>(rules.min_interval, std::chrono::seconds{1});
        return arrived.device_timestamp && *arrived.device_timestamp <= now - window;
    }

    [[nodiscard]] static token_buckets::allowance backfill_of(const effective_policy& rules) noexcept {
        return {.rate = static_cast<double>(rules.backfill_per_second),
                .burst = static_cast<std::size_t>(rules.backfill_burst)};
    }

    /// Once a batch, on the writer's thread.
    void settle(std::span<const reading> batch, const result<void>& outcome) {
        std::uint64_t own = 0;
        std::uint64_t made_up = 0;
        std::uint64_t again = 0;
        for (const reading& what : batch) {
            const bool kept = outcome && what.id != 0;
            if (kept && what.repeated) {
                turns.release(what.device_id);
                ++again;
            } else if (what.simulated) {
                made_up += kept ? 1 : 0;
            } else if (kept) {
                turns.stored(what.device_id);
                accepts.add(what.device_id, what.received_at);
                ++own;
            } else {
                turns.release(what.device_id);
            }
        }
        if (own + made_up == batch.size())
            events.stored(batch);
        else if (own + made_up > 0)
            for (const reading& what : batch)
                if (outcome && what.id != 0 && !what.repeated)
                    events.stored({&what, 1});
        add(accepted, own);
        add(simulated, made_up);
        add(repeated, again);
        count(batch, outcome);
    }

    void count(std::span<const reading> batch, const result<void>& outcome) {
        if (!outcome) {
            add(failed, batch.size());
            return;
        }
        add(batches);
        add(batch_sizes[bucket_of(batch.size(), batch_sizes.size())]);
    }

    /// When the device last took its turn, where that was within the interval: of its newest readings, the
    /// first that wasn't late. (A late one that came alone took the turn, too; that isn't told from one of a
    /// batch, and is forgiven.)
    static result<std::optional<timestamp>> last_turn(const storage::snapshot& view, const device_id& device,
                                                      const effective_policy& rules, timestamp now) {
        constexpr std::size_t page_size = 256;
        constexpr int most_pages = 64; // however much came late in that time
        const storage::reading_filter within{
            .device_id = device, .since = now - rules.min_interval, .until = {}, .include_simulated = false};
        std::optional<storage::reading_position> after;
        for (int pages = 0; pages < most_pages; ++pages) {
            const auto page =
                view.readings().page(within, storage::reading_order::newest_first, after, page_size);
            if (!page)
                return std::unexpected(page.error());
            for (const reading& each : *page)
                if (!is_late(each, each.received_at, rules))
                    return each.received_at;
            if (page->size() < page_size)
                break;
            after = {page->back().received_at, page->back().id};
        }
        return std::nullopt;
    }

    /// Saves what changed of the devices' allowances: `write` is given units of work.
    template <class Write>
    void save_allowances(Write write) {
        constexpr std::size_t rows_a_transaction = 1000; // so that no reading waits for long
        const timestamp now = time.now();
        const auto changed = backfill.take_changed(time.steady_now());
        for (std::size_t from = 0; from < changed.size(); from += rows_a_transaction) {
            const auto some =
                std::span{changed}.subspan(from, std::min(rows_a_transaction, changed.size() - from));
            std::vector<storage::limit_state> states;
            states.reserve(some.size());
            for (const token_buckets::device_level& each : some)
                states.push_back({.device = each.device, .tokens = each.tokens, .at = now});
            write(
                [states = std::move(states)](storage::transaction& tx) { return tx.limits().save(states); });
        }
    }

    const ingest_options options;
    storage::database& store;
    storage::device_registry& devices;
    const storage::policy_registry& policies;
    storage::audit_recorder& audit;
    const clock& time;
    events::event_listener& events;
    arrival_clock arrivals;
    limits turns;
    token_buckets backfill;
    accept_tally accepts;
    refusal_tally refused;

    counter accepted{0};
    counter simulated{0};
    counter too_large{0};
    counter too_soon{0};
    counter backfill_limited{0};
    counter malformed{0};
    counter repeated{0};
    counter blocked{0};
    counter overloaded{0};
    counter failed{0};
    counter batches{0};
    std::array<counter, std::tuple_size_v<decltype(ingest_counters::batch_sizes)>> batch_sizes{};

    // Last: they are drained before anything that they report to goes.
    batch_writer writer;
    batch_writer bulk; ///< a lane of its own: however much is sent late, what is live doesn't wait behind it
};

/// A batch on its way. It is owned by whatever it waits for.
class ingest::batch_upload {
public:
    batch_upload(impl& door, const device_id& device, user_id owner, const effective_policy& rules,
                 std::vector<batch_item> items, const call_origin& origin, batch_completion done)
        : door_{door},
          device_{device},
          owner_{owner},
          rules_{rules},
          items_{std::move(items)},
          origin_{origin},
          done_{std::move(done)} {}

    /// Decides on every item, and does what can be done about the accepted ones before the writer has them.
    void admit() {
        decide();
        for (batch_item& item : items_)
            if (!item.refused)
                accepted_.readings.push_back(std::move(item.what));
        accepted_.prepared = door_.store.prepare(accepted_.readings);
    }

    /// Puts the refusals on record, one kind after the other, then submits what is left.
    static void record_refusals(std::unique_ptr<batch_upload> self) {
        while (self->next_kind_ < refusal_kinds.size()) {
            const event_type kind = refusal_kinds[self->next_kind_++];
            const auto [count, first] = self->refused_as(kind);
            if (count == 0)
                continue;
            std::string detail =
                fmt::format("{} of {} readings of a batch. {}", count, self->items_.size(), first->detail);
            impl& door = self->door_;
            const device_id device = self->device_;
            const call_origin origin = self->origin_;
            door.record(device, kind, origin, std::move(detail),
                        [self = std::move(self)](result<void> recorded) mutable {
                            if (recorded)
                                return record_refusals(std::move(self));
                            self->undo();
                            self->done_(pass(std::move(recorded)));
                        });
            return;
        }
        submit(std::move(self));
    }

private:
    static constexpr std::array refusal_kinds{event_type::reading_reject, event_type::reading_rate_limit};

    void decide() {
        const timestamp now = door_.arrivals.now();
        std::vector<std::size_t> late;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            batch_item& item = items_[i];
            if (item.refused) {
                add(door_.malformed);
                door_.refused.add(device_, refusal::malformed);
                continue;
            }
            item.what.device_id = device_;
            item.what.received_at = now;
            item.refused = door_.too_large_for(item.what, rules_);
            if (item.refused)
                continue;
            if (impl::is_late(item.what, now, rules_))
                late.push_back(i);
            else if (item.refused = door_.too_soon_for(device_, rules_); !item.refused)
                live_.push_back(i);
        }
        if (late.empty())
            return;
        const auto allowance = impl::backfill_of(rules_);
        const auto allowed = door_.backfill.take(device_, late.size(), door_.time.steady_now(), allowance);
        late_taken_ = allowed.granted;
        add(door_.backfill_limited, late.size() - allowed.granted);
        door_.refused.add(device_, refusal::backfill_limited, late.size() - allowed.granted);
        for (const std::size_t i : std::span{late}.subspan(allowed.granted))
            items_[i].refused = error{
                .code = errc::rate_limited,
                .detail =
                    fmt::format("Too many late readings: a device may send {} at once, and {} a second in "
                                "the long run.",
                                rules_.backfill_burst, rules_.backfill_per_second),
                .retry_after = allowed.retry_after,
                .limit = limit_info{
                    .name = "late_readings",
                    .quota = rules_.backfill_burst,
                    .left = static_cast<std::int64_t>(allowed.left),
                    .window = std::chrono::seconds{(rules_.backfill_burst + rules_.backfill_per_second - 1) /
                                                   rules_.backfill_per_second}}};
    }

    [[nodiscard]] std::pair<std::size_t, const error*> refused_as(event_type kind) const {
        std::pair<std::size_t, const error*> found{0, nullptr};
        for (const batch_item& item : items_) {
            if (!item.refused)
                continue;
            const bool limited = item.refused->code == errc::rate_limited;
            if (limited == (kind == event_type::reading_rate_limit) && found.first++ == 0)
                found.second = &*item.refused;
        }
        return found;
    }

    static void submit(std::unique_ptr<batch_upload> self) {
        if (self->accepted_.readings.empty())
            return self->done_(std::move(self->items_));
        impl& door = self->door_;
        batch_upload& kept = *self;
        const std::size_t count = kept.accepted_.readings.size();
        batch_writer::bundle_completion settled =
            [self = std::move(self)](result<std::span<reading>> stored) { self->settle(std::move(stored)); };
        if (door.bulk.try_submit_bundle(kept.owner_, kept.accepted_, settled, door.options.max_bulk_pending))
            return;
        add(door.overloaded, count);
        door.refused.add(kept.device_, refusal::overloaded, count);
        kept.undo(); // `settled`, which owns it, wasn't taken
        kept.done_(fail_later(errc::overloaded, "Too many readings wait to be stored; try again shortly.",
                              std::chrono::seconds{1}));
    }

    void settle(result<std::span<reading>> stored) {
        if (!stored) {
            undo();
            return done_(pass(std::move(stored)));
        }
        if (stored->front().id == 0) {
            undo();
            return door_.refuse_gone(device_, origin_, std::move(done_));
        }
        const auto kept = std::make_shared<std::vector<reading>>();
        kept->reserve(stored->size());
        std::vector<reading> live;
        live.reserve(live_.size());
        events::backfill late{.device = device_,
                              .count = 0,
                              .oldest = timestamp::max(),
                              .newest = timestamp::min(),
                              .received_at = stored->front().received_at};
        std::size_t next = 0;
        std::size_t repeated = 0;
        auto next_live = live_.cbegin();
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const bool is_live = next_live != live_.cend() && *next_live == i;
            next_live += is_live ? 1 : 0;
            if (items_[i].refused)
                continue;
            reading& what = (*stored)[next++];
            items_[i].what = {.id = what.id,
                              .device_id = what.device_id,
                              .device_timestamp = what.device_timestamp,
                              .received_at = what.received_at,
                              .message_id = what.message_id,
                              .repeated = what.repeated};
            if (is_live)
                what.repeated ? door_.turns.release(device_) : door_.turns.stored(device_);
            if (what.repeated) {
                ++repeated;
            } else if (is_live) {
                live.push_back(std::move(what));
            } else {
                const timestamp at = measured_at(what);
                late.oldest = std::min(late.oldest, at);
                late.newest = std::max(late.newest, at);
                ++late.count;
                kept->push_back(std::move(what));
            }
        }
        std::ranges::move(live, std::back_inserter(*kept));
        if (!kept->empty())
            door_.events.batch_stored({.readings = kept, .late = late});
        add(door_.accepted, next - repeated);
        add(door_.repeated, repeated);
        if (next > repeated)
            door_.accepts.add(device_, door_.arrivals.now(), static_cast<std::int64_t>(next - repeated));
        done_(std::move(items_));
    }

    /// Nothing was stored: nothing counts.
    void undo() {
        if (!live_.empty())
            door_.turns.release(device_);
        door_.backfill.give_back(device_, late_taken_);
    }

    impl& door_;
    const device_id device_;
    const user_id owner_;
    const effective_policy rules_;
    std::vector<batch_item> items_;
    const call_origin origin_;
    batch_completion done_;
    /// The items that took the device's turn: one at most, unless there is no least interval.
    std::vector<std::size_t> live_;
    batch_writer::bundle accepted_; ///< in the order of the items
    std::size_t late_taken_ = 0;
    std::size_t next_kind_ = 0;
};

ingest::ingest(const parts& with, const ingest_options& chosen)
    : impl_{std::make_unique<impl>(with, chosen)} {}

ingest::~ingest() = default;

void ingest::upload(reading arrived, const call_origin& origin, completion done) {
    const device_id device = arrived.device_id;
    const auto known = impl_->devices.find(device);
    if (!known)
        return impl_->refuse_gone(device, origin, std::move(done));
    if (known->status == device_status::blocked) {
        add(impl_->blocked);
        impl_->refused.add(device, refusal::blocked);
        return impl_->refuse(device, event_type::reading_reject, origin,
                             {.code = errc::forbidden, .detail = "The device is blocked."}, std::move(done));
    }
    const effective_policy rules = impl_->policies.of(device, known->category);
    if (auto refused = impl_->too_large_for(arrived, rules))
        return impl_->refuse(device, event_type::reading_reject, origin, std::move(*refused),
                             std::move(done));
    if (auto refused = impl_->too_soon_for(device, rules))
        return impl_->refuse(device, event_type::reading_rate_limit, origin, std::move(*refused),
                             std::move(done));
    arrived.id = 0;
    arrived.simulated = false;
    arrived.received_at = impl_->arrivals.now();
    if (!impl_->writer.try_submit(known->owner, arrived, done, impl_->options.max_pending)) {
        impl_->turns.release(device);
        add(impl_->overloaded);
        impl_->refused.add(device, refusal::overloaded);
        done(fail_later(errc::overloaded, "Too many readings wait to be stored; try again shortly.",
                        std::chrono::seconds{1}));
    }
}

void ingest::upload_batch(const device_id& device, std::vector<batch_item> items, const call_origin& origin,
                          batch_completion done) {
    const auto known = impl_->devices.find(device);
    if (!known)
        return impl_->refuse_gone(device, origin, std::move(done));
    if (known->status == device_status::blocked) {
        add(impl_->blocked, items.size());
        impl_->refused.add(device, refusal::blocked, items.size());
        return impl_->refuse(device, event_type::reading_reject, origin,
                             {.code = errc::forbidden, .detail = "The device is blocked."}, std::move(done));
    }
    auto going = std::make_unique<batch_upload>(*impl_, device, known->owner,
                                                impl_->policies.of(device, known->category), std::move(items),
                                                origin, std::move(done));
    going->admit();
    batch_upload::record_refusals(std::move(going));
}

void ingest::simulate(std::vector<reading> made) {
    for (reading& what : made) {
        const auto known = impl_->devices.find(what.device_id);
        if (!known || !known->simulated || known->status == device_status::blocked)
            continue;
        what.id = 0;
        what.simulated = true;
        what.received_at = impl_->arrivals.now();
        // At most half of the room: where it is tight, what is made up gives way to what was measured.
        completion nobody;
        if (!impl_->writer.try_submit(known->owner, what, nobody, impl_->options.max_pending / 2))
            add(impl_->overloaded);
    }
}

result<void> ingest::recall_limits() {
    const timestamp now = impl_->time.now();
    const steady_point steady_now = impl_->time.steady_now();
    // A wall clock that was set back meanwhile makes nothing later than now.
    // One that was far off then counts as a year ago, which is as good as for ever.
    const auto steady_at = [&](timestamp at) {
        return steady_now - (now - std::clamp(at, shifted(now, -std::chrono::days{365}), now));
    };
    return impl_->store.read([&](const storage::snapshot& view) -> result<void> {
        const auto states = view.limits().list();
        if (!states)
            return std::unexpected(states.error());
        for (const storage::limit_state& each : *states)
            if (const auto device = impl_->devices.find(each.device))
                impl_->backfill.restore({each.device, each.tokens}, steady_at(each.at),
                                        impl::backfill_of(impl_->policies.of(each.device, device->category)));
        // Whoever was silent for longer than any interval has no turn to wait for.
        const auto longest = impl_->policies.longest_min_interval();
        if (longest <= std::chrono::microseconds::zero())
            return {};
        const auto heard = view.readings().heard_since(shifted(now, -longest));
        if (!heard)
            return std::unexpected(heard.error());
        for (const device_id& device : *heard) {
            const auto known = impl_->devices.find(device);
            if (!known)
                continue;
            const effective_policy rules = impl_->policies.of(device, known->category);
            if (rules.min_interval <= std::chrono::microseconds::zero())
                continue;
            const auto last = impl::last_turn(view, device, rules, now);
            if (!last)
                return std::unexpected(last.error());
            if (*last)
                impl_->turns.restore(device, steady_at(**last), rules.min_interval);
        }
        return {};
    });
}

void ingest::tick() {
    impl_->turns.prune(impl_->time.steady_now());
    impl_->backfill.prune(impl_->time.steady_now());
    impl_->accepts.tick();
    // What can't be saved isn't spent either: the readings themselves can't be stored.
    impl_->save_allowances([this](storage::database::unit_of_work work) {
        impl_->store.write_async(std::move(work), [](const result<void>&) {});
    });
}

void ingest::close() {
    impl_->writer.drain();
    impl_->bulk.drain();
    // What could not be written is in the log; at shutdown nobody is left to tell.
    [[maybe_unused]] const auto written = impl_->accepts.close();
    impl_->save_allowances([this](storage::database::unit_of_work work) {
        [[maybe_unused]] const auto saved = impl_->store.write(std::move(work));
    });
}

void ingest::forget(const device_id& device) {
    impl_->turns.forget(device);
    impl_->backfill.forget(device);
    impl_->refused.forget(device);
}

void ingest::count_malformed(const device_id& device) {
    add(impl_->malformed);
    impl_->refused.add(device, refusal::malformed);
}

const refusal_tally& ingest::refusals() const {
    return impl_->refused;
}

std::size_t ingest::backfill_left(const device_id& device) const {
    const auto known = impl_->devices.find(device);
    if (!known)
        return 0;
    return impl_->backfill.left(device, impl_->time.steady_now(),
                                impl::backfill_of(impl_->policies.of(device, known->category)));
}

ingest_counters ingest::counters() const {
    ingest_counters out{.accepted = impl_->accepted,
                        .simulated = impl_->simulated,
                        .too_large = impl_->too_large,
                        .too_soon = impl_->too_soon,
                        .backfill_limited = impl_->backfill_limited,
                        .malformed = impl_->malformed,
                        .repeated = impl_->repeated,
                        .blocked = impl_->blocked,
                        .overloaded = impl_->overloaded,
                        .failed = impl_->failed,
                        .batches = impl_->batches,
                        .pending = impl_->writer.pending() + impl_->bulk.pending(),
                        .pending_bytes = impl_->writer.pending_bytes() + impl_->bulk.pending_bytes()};
    std::ranges::transform(impl_->batch_sizes, out.batch_sizes.begin(),
                           [](const counter& one) { return one.load(std::memory_order_relaxed); });
    return out;
}

} // namespace breakwater::telemetry
