// alert_bench: measures what it costs to evaluate the alert rules for a reading of the simulator's weather
// station: with only the rules of its category, and with a thousand more for other devices, categories and
// fields. Also measures a batch of a thousand late readings: the cost per batch on the thread that stored it,
// and the cost per reading in the rule engine. Prints one line of name=value pairs, in nanoseconds.

#include "alerts/field_rules.hpp"
#include "alerts/rule_engine.hpp"
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

/// A random id, like real ones: the hash of an id is a part of its bytes.
device_id random_id(std::size_t seed) {
    std::mt19937_64 random{seed};
    device_id out;
    for (std::uint8_t& byte : out.bytes)
        byte = static_cast<std::uint8_t>(random());
    return out;
}

alert_rule above(rule_id id, std::string field, double high) {
    return {.id = id, .name = "a rule", .when = field_condition{.field = std::move(field), .high = high}};
}

std::vector<alert_rule> category_rules() {
    std::vector<alert_rule> rules{above(1, "metrics.temperature_c", 1000),
                                  above(2, "metrics.wind_speed_ms", 1000)};
    for (alert_rule& rule : rules)
        rule.category = category::weather_station;
    return rules;
}

std::vector<alert_rule> rules_with_others() {
    std::vector<alert_rule> rules = category_rules();
    for (rule_id id = 3; rules.size() < 1002; ++id) {
        alert_rule other = above(id, fmt::format("metrics.other_{}", id), 1000);
        if (id % 3 == 0)
            other.category = category::ip_camera;
        else if (id % 3 == 1)
            other.device = random_id(device_count + static_cast<std::size_t>(id));
        rules.push_back(std::move(other));
    }
    return rules;
}

/// The fastest of several repetitions: the least disturbed by other work.
double nanoseconds_per_reading(const std::vector<alert_rule>& rules) {
    alerts::field_rules engine;
    engine.replace(rules);
    timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
    std::vector<reading> readings;
    for (std::size_t i = 0; i < device_count; ++i)
        readings.push_back({.device_id = random_id(i),
                            .payload = simulator::simulated_payload(category::weather_station, i, now)});
    std::size_t transitions = 0;
    double best = 1e18;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        const auto start = stopwatch::now();
        for (int round = 0; round < rounds; ++round) {
            now += std::chrono::seconds{30};
            for (reading& item : readings) {
                item.received_at = now;
                engine.evaluate({&item, 1}, category::weather_station, {.wall = now, .steady = {}},
                                [&transitions](const alerts::field_transition&) { ++transitions; });
            }
        }
        const std::chrono::duration<double, std::nano> elapsed = stopwatch::now() - start;
        best = std::min(best, elapsed.count() / (rounds * static_cast<double>(device_count)));
    }
    if (transitions != 0)
        fmt::print(stderr, "A rule held that should never hold.\n");
    return best;
}

struct backfill_costs {
    double enqueue_ns = std::numeric_limits<double>::max();  ///< per batch, on the thread that stored it
    double evaluate_ns = std::numeric_limits<double>::max(); ///< per reading, in the rule engine
};

/// Each batch has a thousand readings of one device, one second apart, that arrived ten minutes late.
backfill_costs measure_backfill() {
    constexpr std::size_t batch_size = 1000;
    constexpr int batches = 10;
    const system_clock time;
    registry::device_registry devices;
    const registry::policy_registry policies{effective_policy{}};
    device sender{.id = random_id(1), .category = category::weather_station};
    devices.put(sender);
    alerts::rule_engine engine{{devices,
                                policies,
                                time,
                                []() -> result<std::vector<alert_rule>> { return category_rules(); },
                                [](std::span<const rule_evaluation>) -> result<std::vector<rule_evaluation>> {
                                    return std::vector<rule_evaluation>{};
                                },
                                {}},
                               {.has_own_thread = false}};
    if (!engine.start({}))
        return {};
    backfill_costs best;
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        std::vector<events::committed_readings> stored;
        for (int batch = 0; batch < batches; ++batch) {
            std::vector<reading> readings;
            const timestamp now = time.now();
            for (std::size_t i = 0; i < batch_size; ++i)
                readings.push_back(
                    {.id = 1,
                     .device_id = sender.id,
                     .device_timestamp = now - std::chrono::minutes{10} + std::chrono::seconds{i},
                     .received_at = now,
                     .payload = simulator::simulated_payload(sender.category, i, now),
                     .outcome = append_outcome::stored,
                     .late = true});
            stored.push_back(std::make_shared<const events::readings_committed>(std::move(readings),
                                                                                std::vector{batch_size}));
        }
        const auto start = stopwatch::now();
        for (const events::committed_readings& batch : stored)
            engine.readings_stored(batch);
        const auto enqueued = stopwatch::now();
        engine.step();
        const auto done = stopwatch::now();
        using nanoseconds = std::chrono::duration<double, std::nano>;
        best.enqueue_ns = std::min(best.enqueue_ns, nanoseconds{enqueued - start}.count() / batches);
        best.evaluate_ns = std::min(best.evaluate_ns, nanoseconds{done - enqueued}.count() /
                                                          (batches * static_cast<double>(batch_size)));
    }
    return best;
}

} // namespace

int main() {
    const double few = nanoseconds_per_reading(category_rules());
    const double many = nanoseconds_per_reading(rules_with_others());
    const backfill_costs late = measure_backfill();
    fmt::print("few_ns={:.0f} many_ns={:.0f} batch_noted_ns={:.0f} late_watched_ns={:.0f}\n", few, many,
               late.enqueue_ns, late.evaluate_ns);
    return 0;
}
