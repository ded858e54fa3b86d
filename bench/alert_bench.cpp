// alert_bench: what it costs to ask the alert rules about a reading of the simulator's weather station: with
// the rules of its category alone, and with a thousand more that are about other devices, categories and
// fields. And what a batch of a thousand late readings costs: the thread that stored it, and the watcher, for
// each reading. Prints one line of name=value pairs; nanoseconds.

#include "alerts/field_rules.hpp"
#include "alerts/watcher.hpp"
#include "simulator/profiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace breakwater;
using stopwatch = std::chrono::steady_clock;

constexpr std::size_t device_count = 1000;
constexpr int rounds = 200;
constexpr int repetitions = 5;

/// As random as real ones: the hash of an id is a part of it.
device_id device_number(std::size_t number) {
    std::mt19937_64 random{number};
    device_id out;
    for (std::uint8_t& byte : out.bytes)
        byte = static_cast<std::uint8_t>(random());
    return out;
}

alert_rule above(rule_id id, std::string field, double high) {
    return {.id = id, .name = "a rule", .when = field_condition{.field = std::move(field), .high = high}};
}

std::vector<alert_rule> of_its_category() {
    std::vector<alert_rule> rules{above(1, "metrics.temperature_c", 1000),
                                  above(2, "metrics.wind_speed_ms", 1000)};
    for (alert_rule& each : rules)
        each.category = category::weather_station;
    return rules;
}

std::vector<alert_rule> with_others() {
    std::vector<alert_rule> rules = of_its_category();
    for (rule_id id = 3; rules.size() < 1002; ++id) {
        alert_rule other = above(id, fmt::format("metrics.other_{}", id), 1000);
        if (id % 3 == 0)
            other.category = category::ip_camera;
        else if (id % 3 == 1)
            other.device = device_number(device_count + static_cast<std::size_t>(id));
        rules.push_back(std::move(other));
    }
    return rules;
}

/// The fastest of some repetitions: what the work takes where nothing else comes between.
double nanoseconds_a_reading(const std::vector<alert_rule>& rules) {
    alerts::field_rules watch;
    watch.replace(rules);
    timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
    std::vector<reading> readings;
    for (std::size_t i = 0; i < device_count; ++i)
        readings.push_back({.device_id = device_number(i),
                            .payload = simulator::simulated_payload(category::weather_station, i, now)});
    std::size_t told = 0;
    double best = 1e18;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        const auto start = stopwatch::now();
        for (int round = 0; round < rounds; ++round) {
            now += std::chrono::seconds{30};
            for (reading& each : readings) {
                each.received_at = now;
                watch.take({&each, 1}, category::weather_station, {.wall = now, .steady = {}},
                           [&told](const alerts::field_turn&) { ++told; });
            }
        }
        const std::chrono::duration<double, std::nano> took = stopwatch::now() - start;
        best = std::min(best, took.count() / (rounds * static_cast<double>(device_count)));
    }
    if (told != 0)
        fmt::print(stderr, "A rule that should never hold did.\n");
    return best;
}

struct backfill_costs {
    double noted_ns = std::numeric_limits<double>::max();   ///< a batch
    double watched_ns = std::numeric_limits<double>::max(); ///< a reading
};

/// Every batch is a thousand readings of one device, a second each, that came ten minutes late.
backfill_costs costs_of_a_backfill() {
    constexpr std::size_t batch_size = 1000;
    constexpr int batches = 10;
    const system_clock time;
    storage::device_registry devices;
    const storage::policy_registry policies{effective_policy{}};
    device sender{.id = device_number(1), .category = category::weather_station};
    devices.put(sender);
    alerts::watcher watch{{devices,
                           policies,
                           time,
                           []() -> result<std::vector<alert_rule>> { return of_its_category(); },
                           [](std::span<const alert_finding>) -> result<std::vector<alert_finding>> {
                               return std::vector<alert_finding>{};
                           },
                           {}},
                          {.runs_by_itself = false}};
    if (!watch.start({}))
        return {};
    backfill_costs best;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        std::vector<events::stored_batch> sent;
        for (int batch = 0; batch < batches; ++batch) {
            const auto readings = std::make_shared<std::vector<reading>>();
            const timestamp now = time.now();
            for (std::size_t i = 0; i < batch_size; ++i)
                readings->push_back(
                    {.device_id = sender.id,
                     .device_timestamp = now - std::chrono::minutes{10} + std::chrono::seconds{i},
                     .received_at = now,
                     .payload = simulator::simulated_payload(sender.category, i, now)});
            sent.push_back({.readings = readings, .late = {.device = sender.id, .count = batch_size}});
        }
        const auto start = stopwatch::now();
        for (const events::stored_batch& each : sent)
            watch.batch_stored(each);
        const auto noted = stopwatch::now();
        watch.step();
        const auto done = stopwatch::now();
        using nanoseconds = std::chrono::duration<double, std::nano>;
        best.noted_ns = std::min(best.noted_ns, nanoseconds{noted - start}.count() / batches);
        best.watched_ns = std::min(best.watched_ns, nanoseconds{done - noted}.count() /
                                                        (batches * static_cast<double>(batch_size)));
    }
    return best;
}

} // namespace

int main() {
    const double few = nanoseconds_a_reading(of_its_category());
    const double many = nanoseconds_a_reading(with_others());
    const backfill_costs late = costs_of_a_backfill();
    fmt::print("few_ns={:.0f} many_ns={:.0f} batch_noted_ns={:.0f} late_watched_ns={:.0f}\n", few, many,
               late.noted_ns, late.watched_ns);
    return 0;
}
