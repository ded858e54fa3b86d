#include "contract/backend.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

namespace breakwater::storage::contract {
namespace {

constexpr std::size_t devices = 3;

/// One operation on the store.
struct step {
    enum class kind {
        append,
        burst,
        compact,
        page,
        summary,
        aggregates,
        latest,
        expire,
        remove,
        purge,
        reopen
    } type;
    std::size_t device;
    std::int64_t from; ///< seconds: start of the readings or of the range
    std::size_t count;
    bool flag;
};

void showValue(const step& value, std::ostream& out) {
    constexpr std::array names{"append", "burst",  "compact", "page",  "summary", "aggregates",
                               "latest", "expire", "remove",  "purge", "reopen"};
    out << names[static_cast<std::size_t>(value.type)] << "(device " << value.device << ", from "
        << value.from << ", " << value.count << ", " << value.flag << ")";
}

rc::Gen<step> any_step() {
    using kind = step::kind;
    return rc::gen::build<step>(
        rc::gen::set(&step::type, rc::gen::weightedElement<kind>({{8, kind::append},
                                                                  {2, kind::burst},
                                                                  {4, kind::compact},
                                                                  {6, kind::page},
                                                                  {3, kind::summary},
                                                                  {4, kind::aggregates},
                                                                  {4, kind::latest},
                                                                  {1, kind::expire},
                                                                  {1, kind::remove},
                                                                  {1, kind::purge},
                                                                  {1, kind::reopen}})),
        rc::gen::set(&step::device, rc::gen::inRange<std::size_t>(0, devices)),
        rc::gen::set(&step::from, rc::gen::inRange<std::int64_t>(0, 2000)),
        rc::gen::set(&step::count, rc::gen::inRange<std::size_t>(1, 40)),
        rc::gen::set(&step::flag, rc::gen::arbitrary<bool>()));
}

bool before(const reading& a, const reading& b) {
    return std::pair{a.received_at, a.id} < std::pair{b.received_at, b.id};
}

/// The store together with a model of its expected content.
class model_fixture : public storage_test {
protected:
    void run(const std::vector<step>& steps) {
        owner_ = add_user("owner" + std::to_string(next_name_++) + "@example.com");
        model_.clear();
        for (std::size_t i = 0; i < devices; ++i) {
            ids_[i] = add_device(owner_, "device").id;
            model_[ids_[i]] = {};
        }
        for (const step& next : steps)
            run_step(next);
        for (const device_id& id : ids_)
            expect_page({.device_id = id, .include_simulated = true}, reading_order::oldest_first, 1000);
    }

private:
    void run_step(const step& next) {
        const device_id id = ids_[next.device];
        reading_filter filter{.device_id = id,
                              .since = at(next.from / 2),
                              .until = at(next.from / 2 + static_cast<std::int64_t>(next.count) * 20),
                              .include_simulated = next.flag};
        switch (next.type) {
        case step::kind::append: append(id, next, next.count); break;
        case step::kind::burst: append(id, next, next.count * 40, next.count % 2 == 0); break;
        case step::kind::compact: RC_ASSERT(db_->compact(next.flag).has_value()); break;
        case step::kind::page:
            if (next.count % 3 == 0)
                filter.since.reset();
            if (next.count % 4 == 0)
                filter.until.reset();
            expect_page(filter, next.flag ? reading_order::newest_first : reading_order::oldest_first,
                        next.count);
            break;
        case step::kind::summary: expect_summary(filter); break;
        case step::kind::aggregates:
            if (!expired_.contains(id))
                expect_aggregates(id, next);
            break;
        case step::kind::latest:
            if (!expired_.contains(id))
                expect_latest(id, next.flag);
            break;
        case step::kind::expire: expire(id, at(next.from / 2)); break;
        case step::kind::remove:
            write([&](transaction& tx) { return tx.devices().remove(id); });
            model_.erase(id);
            ids_[next.device] = add_device(owner_, "another").id;
            model_[ids_[next.device]] = {};
            break;
        case step::kind::purge:
            write([&](transaction& tx) -> result<void> {
                const auto done = tx.readings().purge(static_cast<std::int64_t>(next.count) * 10);
                return done ? result<void>{} : std::unexpected(done.error());
            });
            break;
        case step::kind::reopen: reopen(); break;
        }
    }

    /// Appends readings whose times rise, stay equal or fall.
    void append(const device_id& id, const step& current, std::size_t count, bool prepared = false) {
        std::vector<reading> batch;
        for (std::size_t i = 0; i < count; ++i) {
            const auto n = static_cast<std::int64_t>(i);
            batch.push_back(
                {.device_id = id,
                 .device_timestamp = n % 4 == 0 ? std::nullopt : std::optional{at(current.from - n * 60)},
                 .received_at = at(current.from + (current.flag ? n / 3 : -n % 7)),
                 .payload = R"({"n":)" + std::to_string(current.from * 100 + n) + "}",
                 .simulated = n % 5 == 1});
        }
        for (const reading& added : add_readings(std::move(batch), prepared)) {
            RC_ASSERT(added.id > last_id_);
            last_id_ = added.id;
            model_[id].push_back(added);
        }
        std::ranges::sort(model_[id], before);
    }

    std::vector<reading> expected(const reading_filter& filter) const {
        std::vector<reading> out;
        for (const reading& item : model_.at(filter.device_id))
            if ((filter.include_simulated || !item.simulated) &&
                item.received_at >= filter.since.value_or(at(-10'000)) &&
                item.received_at <= filter.until.value_or(at(100'000)))
                out.push_back(item);
        return out;
    }

    void expect_page(const reading_filter& filter, reading_order order, std::size_t limit) {
        auto all = expected(filter);
        if (order == reading_order::newest_first)
            std::ranges::reverse(all);
        std::optional<reading_position> after;
        for (std::size_t from = 0;; from += limit) {
            std::vector<reading> page;
            read([&](const snapshot& state) {
                page = state.readings().page(filter, order, after, limit).value();
            });
            RC_ASSERT(page.size() == std::min(limit, all.size() - from));
            for (std::size_t i = 0; i < page.size(); ++i) {
                const reading& item = all[from + i];
                RC_ASSERT(page[i].id == item.id);
                RC_ASSERT(page[i].payload == item.payload);
                RC_ASSERT(page[i].received_at == item.received_at);
                RC_ASSERT(page[i].device_timestamp == item.device_timestamp);
                RC_ASSERT(page[i].simulated == item.simulated);
            }
            if (page.size() < limit)
                break;
            after = {page.back().received_at, page.back().id};
        }
    }

    void expect_summary(const reading_filter& filter) {
        const auto all = expected(filter);
        read([&](const snapshot& state) {
            const auto summary = state.readings().summary(filter).value();
            RC_ASSERT(summary.total == static_cast<std::int64_t>(all.size()));
            RC_ASSERT(summary.oldest ==
                      (all.empty() ? std::nullopt : std::optional{all.front().received_at}));
            RC_ASSERT(summary.newest == (all.empty() ? std::nullopt : std::optional{all.back().received_at}));
            for (const bool simulated : {false, true}) {
                const auto counted =
                    expected({.device_id = filter.device_id, .include_simulated = simulated});
                const auto last = counted.empty() ? std::nullopt : std::optional{counted.back().received_at};
                RC_ASSERT(state.readings().last_received(filter.device_id, simulated).value() == last);
            }
        });
    }

    void expect_aggregates(const device_id& id, const step& current) {
        using namespace std::chrono;
        constexpr std::array<microseconds, 6> steps{seconds{7}, minutes{1}, minutes{15},
                                                    hours{1},   hours{6},   days{1}};
        series_query query{.device_id = id,
                           .from = at(-static_cast<std::int64_t>(current.count) * 3000, current.from),
                           .to = at(current.from * 3),
                           .include_simulated = current.flag,
                           .fields = {"n", "nothing"},
                           .step = steps[current.count % steps.size()]};
        if (current.from % 2 == 0) { // buckets as in a calendar: of similar length, with any bounds
            constexpr std::array<microseconds, 5> lengths{minutes{7}, hours{1}, hours{23}, minutes{90},
                                                          hours{25}};
            query.bounds.push_back(query.from - minutes{current.count % 90});
            for (std::size_t i = current.count; query.bounds.back() < query.to; ++i)
                query.bounds.push_back(query.bounds.back() + lengths[i % lengths.size()]);
        }
        const auto bucket_of = [&query](timestamp measured) {
            if (!query.bounds.empty())
                return *std::prev(std::ranges::upper_bound(query.bounds, measured));
            return timestamp{measured.time_since_epoch() - measured.time_since_epoch() % query.step};
        };
        series expected_buckets;
        for (const reading& item : model_.at(id)) {
            const timestamp measured = measured_at(item);
            if ((item.simulated && !current.flag) || measured < query.from || measured >= query.to)
                continue;
            expected_buckets[bucket_of(measured)].add(std::stod(item.payload.substr(5)), measured);
        }
        std::vector<series> result_series;
        read([&](const snapshot& state) { result_series = state.readings().aggregates(query).value(); });
        RC_ASSERT(result_series.size() == 2U);
        RC_ASSERT(result_series[1].empty());
        RC_ASSERT(result_series[0].size() == expected_buckets.size());
        auto actual = result_series[0].begin();
        for (const auto& [start, values] : expected_buckets) {
            RC_ASSERT(actual->first == start);
            RC_ASSERT(actual->second.count == values.count);
            RC_ASSERT(actual->second.min == values.min);
            RC_ASSERT(actual->second.max == values.max);
            RC_ASSERT(actual->second.sum == values.sum);
            RC_ASSERT(actual->second.first_at == values.first_at);
            RC_ASSERT(actual->second.last_at == values.last_at);
            ++actual;
        }
    }

    /// Rollups and last values stay, so from then on they contain more than the readings.
    void expire(const device_id& id, timestamp before_time) {
        RC_ASSERT(db_->compact(true).has_value());
        std::int64_t removed = 0;
        do {
            write([&](transaction& tx) -> result<void> {
                removed = tx.readings().expire(id, before_time, std::nullopt, 600).value();
                return {};
            });
        } while (removed >= 600);
        std::erase_if(model_[id], [&](const reading& item) { return item.received_at < before_time; });
        expired_.insert(id);
    }

    void expect_latest(const device_id& id, bool include_simulated) {
        std::optional<timestamp> last;
        std::vector<std::string> values; // any of the values of the last time is correct
        for (const reading& item : model_.at(id)) {
            const timestamp measured = measured_at(item);
            if ((item.simulated && !include_simulated) || (last && measured < *last))
                continue;
            if (last != measured)
                values.clear();
            last = measured;
            values.push_back(item.payload.substr(5, item.payload.size() - 6));
        }
        std::vector<latest_state> states;
        const std::array<device_id, 2> ids{id, new_id()};
        read(
            [&](const snapshot& state) { states = state.readings().latest(ids, include_simulated).value(); });
        RC_ASSERT(states.size() == 2U);
        RC_ASSERT(states[1].fields.empty());
        RC_ASSERT(!states[1].received_at);
        RC_ASSERT(states[0].fields.size() == (last ? 1U : 0U));
        if (last) {
            RC_ASSERT(states[0].fields.at("n").measured_at == *last);
            RC_ASSERT(std::ranges::find(values, states[0].fields.at("n").value) != values.end());
        }
    }

    user_id owner_ = 0;
    int next_name_ = 0;
    reading_id last_id_ = 0;
    std::set<device_id> expired_;
    std::array<device_id, devices> ids_;
    std::map<device_id, std::vector<reading>> model_;
};

class reading_model : public model_fixture {};
INSTANTIATE_TEST_SUITE_P(, reading_model, testing::ValuesIn(backends()), backend_name);

TEST_P(reading_model, agrees_with_a_plain_list_after_any_operations) {
    EXPECT_TRUE(rc::check("the store contains the readings that were appended",
                          [this] { run(*rc::gen::container<std::vector<step>>(any_step())); }));
}

} // namespace
} // namespace breakwater::storage::contract
