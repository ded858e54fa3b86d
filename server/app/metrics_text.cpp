#include "app/metrics_text.hpp"

#include "http/metrics_format.hpp"

#include <fmt/format.h>

namespace breakwater::app {

using http::metric_head;
using http::metric_sample;
using http::renamed_metric;

void append_ingest_metrics(std::string& out, const telemetry::ingest_counters& counters) {
    metric_head(out, "breakwater_readings_total", "counter", "Received readings by outcome.");
    metric_sample(out, "breakwater_readings_total", R"({outcome="accepted"})", counters.accepted);
    metric_sample(out, "breakwater_readings_total", R"({outcome="simulated"})", counters.simulated);
    metric_sample(out, "breakwater_readings_total", R"({outcome="too_large"})", counters.too_large);
    metric_sample(out, "breakwater_readings_total", R"({outcome="too_soon"})", counters.too_soon);
    metric_sample(out, "breakwater_readings_total", R"({outcome="backfill_limited"})",
                  counters.backfill_limited);
    metric_sample(out, "breakwater_readings_total", R"({outcome="malformed"})", counters.malformed);
    metric_sample(out, "breakwater_readings_total", R"({outcome="repeated"})", counters.repeated);
    metric_sample(out, "breakwater_readings_total", R"({outcome="blocked"})", counters.blocked);
    metric_sample(out, "breakwater_readings_total", R"({outcome="overloaded"})", counters.overloaded);
    metric_sample(out, "breakwater_readings_total", R"({outcome="failed"})", counters.failed);

    metric_head(out, "breakwater_readings_pending", "gauge", "Readings waiting to be written to disk.");
    metric_sample(out, "breakwater_readings_pending", "", counters.pending);
    metric_head(out, "breakwater_readings_pending_bytes", "gauge",
                "Size of the readings waiting to be written to disk.");
    metric_sample(out, "breakwater_readings_pending_bytes", "", counters.pending_bytes);

    metric_head(out, "breakwater_reading_batch_size", "histogram", "Readings per transaction.");
    std::uint64_t cumulative = 0;
    std::uint64_t bound = 1;
    for (std::size_t i = 0; i + 1 < counters.transaction_sizes.size(); ++i, bound *= 2) {
        cumulative += counters.transaction_sizes[i];
        metric_sample(out, "breakwater_reading_batch_size_bucket", fmt::format(R"({{le="{}"}})", bound),
                      cumulative);
    }
    metric_sample(out, "breakwater_reading_batch_size_bucket", R"({le="+Inf"})", counters.transactions);
    metric_sample(out, "breakwater_reading_batch_size_sum", "", counters.accepted + counters.simulated);
    metric_sample(out, "breakwater_reading_batch_size_count", "", counters.transactions);
}

void append_refusal_metrics(std::string& out, const telemetry::refusal_tally& counters) {
    constexpr std::size_t max_devices = 1000;
    metric_head(out, "breakwater_device_refused_readings_total", "counter",
                "Refused readings by device and reason, for the devices with the most refused readings.");
    for (const auto& [device, counts] : counters.worst(max_devices))
        for (std::size_t reason = 0; reason < counts.size(); ++reason)
            if (counts[reason] != 0)
                metric_sample(out, "breakwater_device_refused_readings_total",
                              fmt::format(R"({{device="{}",reason="{}"}})", device.to_string(),
                                          to_string(static_cast<telemetry::refusal>(reason))),
                              counts[reason]);
}

void append_auth_metrics(std::string& out, const services::auth_counters& counters) {
    metric_head(out, "breakwater_refused_logins_total", "counter",
                "Refused sign-ins of users and devices by reason.");
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="wrong_password"})",
                  counters.wrong_password);
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="throttled"})",
                  counters.login_throttled);
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="refresh_reuse"})",
                  counters.refresh_reuse);
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="device",reason="wrong_secret"})",
                  counters.wrong_secret);
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="device",reason="throttled"})",
                  counters.device_throttled);
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="register_throttled"})",
                  counters.register_throttled);
    metric_head(
        out, "breakwater_device_secret_checks_total", "counter",
        "Checks of device secrets: with a hash, from memory, or skipped because the allowance for hashes was "
        "used up.");
    metric_sample(out, "breakwater_device_secret_checks_total", R"({by="hash"})",
                  counters.device_secrets.hashed);
    metric_sample(out, "breakwater_device_secret_checks_total", R"({by="memory"})",
                  counters.device_secrets.recalled);
    metric_sample(out, "breakwater_device_secret_checks_total", R"({by="none"})",
                  counters.device_secrets.unpaid);
}

void append_live_metrics(std::string& out, const live::hub_counters& counters) {
    metric_head(out, "breakwater_live_sessions", "gauge", "Open live connections.");
    metric_sample(out, "breakwater_live_sessions", "", counters.sessions);
    metric_head(out, "breakwater_live_events_total", "counter", "Events distributed to live connections.");
    metric_sample(out, "breakwater_live_events_total", "", counters.events);
    metric_head(out, "breakwater_live_deliveries_total", "counter",
                "Events sent to live connections, counted per connection.");
    metric_sample(out, "breakwater_live_deliveries_total", "", counters.deliveries);
    metric_head(out, "breakwater_live_gaps_total", "counter",
                "Gaps reported to live connections that were too slow or disconnected for too long.");
    metric_sample(out, "breakwater_live_gaps_total", "", counters.gaps);
    renamed_metric(out, "breakwater_live_events_dropped_total", "breakwater_live_lost_total", "counter",
                   "Events dropped because they arrived faster than they could be distributed.",
                   counters.lost);
}

void append_alert_metrics(std::string& out, const alerts::rule_engine_counters& engine,
                          const services::alert_counters& counters) {
    metric_head(out, "breakwater_alert_readings_total", "counter", "Readings evaluated by alert rules.");
    metric_sample(out, "breakwater_alert_readings_total", "", engine.watched);
    renamed_metric(out, "breakwater_alert_inputs_dropped_total", "breakwater_alert_left_out_total", "counter",
                   "Readings and incidents dropped because they arrived faster than alert rules could "
                   "evaluate them.",
                   engine.left_out);
    renamed_metric(out, "breakwater_alert_evaluations_dropped_total", "breakwater_alert_lost_total",
                   "counter", "Rule evaluations dropped because they could not be stored for too long.",
                   engine.lost);
    metric_head(out, "breakwater_alerts_total", "counter",
                "Changes of alerts; deferred: too many at once; put_off: deprecated, the same as deferred.");
    metric_sample(out, "breakwater_alerts_total", R"({change="raised"})", counters.raised);
    metric_sample(out, "breakwater_alerts_total", R"({change="resolved"})", counters.resolved);
    metric_sample(out, "breakwater_alerts_total", R"({change="deferred"})", counters.deferred);
    metric_sample(out, "breakwater_alerts_total", R"({change="put_off"})", counters.deferred);
}

void append_clock_metrics(std::string& out, const services::clock_watch& clocks) {
    metric_head(out, "breakwater_clock_jumps_total", "counter", "Detected jumps of the wall clock.");
    metric_sample(out, "breakwater_clock_jumps_total", "", clocks.jumps());
    metric_head(out, "breakwater_retention_held", "gauge",
                "1 while retention is paused because the wall clock jumped.");
    metric_sample(out, "breakwater_retention_held", "", clocks.held_until() ? 1U : 0U);
}

void append_webhook_metrics(std::string& out, const outbox::delivery_counters& counters) {
    metric_head(out, "breakwater_webhook_attempts_total", "counter",
                "Attempts to deliver messages to webhooks.");
    metric_sample(out, "breakwater_webhook_attempts_total", R"({outcome="delivered"})", counters.delivered);
    metric_sample(out, "breakwater_webhook_attempts_total", R"({outcome="failed"})", counters.failed);
    metric_head(out, "breakwater_webhook_dead_letters_total", "counter",
                "Messages to webhooks that were given up.");
    metric_sample(out, "breakwater_webhook_dead_letters_total", "", counters.dead);
    metric_head(out, "breakwater_webhook_pending", "gauge", "Messages waiting to be delivered to webhooks.");
    metric_sample(out, "breakwater_webhook_pending", "", counters.pending);
}

void append_queue_metrics(std::string& out, const storage::maintenance& store, const http::work_pools& pools,
                          const registry::device_registry& devices) {
    metric_head(out, "breakwater_queue_depth", "gauge", "Waiting work items by queue.");
    metric_sample(out, "breakwater_queue_depth", R"({queue="writer"})", store.write_queue_depth());
    const auto for_each_queue = [&pools](auto&& append) {
        for (std::size_t i = 0; i < http::work_classes; ++i) {
            const auto kind = static_cast<http::work>(i);
            append(http::to_string(kind), pools.of(kind).count());
        }
    };
    for_each_queue([&out](std::string_view name, const blocking_pool::counters& counters) {
        metric_sample(out, "breakwater_queue_depth", fmt::format(R"({{queue="{}"}})", name), counters.depth);
    });
    metric_head(out, "breakwater_queue_bytes", "gauge", "Bytes of waiting request bodies by queue.");
    for_each_queue([&out](std::string_view name, const blocking_pool::counters& counters) {
        metric_sample(out, "breakwater_queue_bytes", fmt::format(R"({{queue="{}"}})", name), counters.bytes);
    });
    metric_head(
        out, "breakwater_queue_refused_total", "counter",
        "Work items refused by a queue: full; share_full: one account had too many; displaced: gave way to "
        "an account with fewer waiting items.");
    for_each_queue([&out](std::string_view name, const blocking_pool::counters& counters) {
        const auto append_reason = [&](std::string_view reason, std::uint64_t count) {
            metric_sample(out, "breakwater_queue_refused_total",
                          fmt::format(R"({{queue="{}",reason="{}"}})", name, reason), count);
        };
        append_reason("full", counters.full);
        append_reason("share_full", counters.share_full);
        append_reason("displaced", counters.displaced);
    });
    metric_head(out, "breakwater_damaged_parts", "gauge",
                "Damaged blocks of readings and rollups found since the start.");
    metric_sample(out, "breakwater_damaged_parts", "", store.damaged_parts());
    metric_head(out, "breakwater_devices", "gauge", "Devices.");
    metric_sample(out, "breakwater_devices", "", devices.size());
    std::size_t simulated = 0;
    devices.for_each(
        [&](const device_id&, const registry::device_state& state) { simulated += state.simulated ? 1 : 0; });
    metric_head(out, "breakwater_simulated_devices", "gauge", "Simulated devices.");
    metric_sample(out, "breakwater_simulated_devices", "", simulated);
}

} // namespace breakwater::app
