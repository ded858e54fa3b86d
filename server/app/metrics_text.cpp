#include "app/metrics_text.hpp"

#include "http/metrics_format.hpp"

#include <fmt/format.h>

namespace breakwater::app {

using http::metric_head;
using http::metric_sample;

void append_ingest_metrics(std::string& out, const telemetry::ingest_counters& counted) {
    metric_head(out, "breakwater_readings_total", "counter",
                "Readings that arrived, by what became of them.");
    metric_sample(out, "breakwater_readings_total", R"({outcome="accepted"})", counted.accepted);
    metric_sample(out, "breakwater_readings_total", R"({outcome="simulated"})", counted.simulated);
    metric_sample(out, "breakwater_readings_total", R"({outcome="too_large"})", counted.too_large);
    metric_sample(out, "breakwater_readings_total", R"({outcome="too_soon"})", counted.too_soon);
    metric_sample(out, "breakwater_readings_total", R"({outcome="backfill_limited"})",
                  counted.backfill_limited);
    metric_sample(out, "breakwater_readings_total", R"({outcome="malformed"})", counted.malformed);
    metric_sample(out, "breakwater_readings_total", R"({outcome="repeated"})", counted.repeated);
    metric_sample(out, "breakwater_readings_total", R"({outcome="blocked"})", counted.blocked);
    metric_sample(out, "breakwater_readings_total", R"({outcome="overloaded"})", counted.overloaded);
    metric_sample(out, "breakwater_readings_total", R"({outcome="failed"})", counted.failed);

    metric_head(out, "breakwater_readings_pending", "gauge", "Readings that wait for the disk.");
    metric_sample(out, "breakwater_readings_pending", "", counted.pending);
    metric_head(out, "breakwater_readings_pending_bytes", "gauge",
                "What readings that wait for the disk take.");
    metric_sample(out, "breakwater_readings_pending_bytes", "", counted.pending_bytes);

    metric_head(out, "breakwater_reading_batch_size", "histogram", "Readings committed together.");
    std::uint64_t below = 0;
    std::uint64_t bound = 1;
    for (std::size_t i = 0; i + 1 < counted.batch_sizes.size(); ++i, bound *= 2) {
        below += counted.batch_sizes[i];
        metric_sample(out, "breakwater_reading_batch_size_bucket", fmt::format(R"({{le="{}"}})", bound),
                      below);
    }
    metric_sample(out, "breakwater_reading_batch_size_bucket", R"({le="+Inf"})", counted.batches);
    metric_sample(out, "breakwater_reading_batch_size_sum", "", counted.accepted + counted.simulated);
    metric_sample(out, "breakwater_reading_batch_size_count", "", counted.batches);
}

void append_refusal_metrics(std::string& out, const telemetry::refusal_tally& counted) {
    constexpr std::size_t most_devices = 1000;
    metric_head(out, "breakwater_device_refused_readings_total", "counter",
                "Refused readings by device and reason, of the devices with the most of them.");
    for (const auto& [device, counts] : counted.worst(most_devices))
        for (std::size_t why = 0; why < counts.size(); ++why)
            if (counts[why] != 0)
                metric_sample(out, "breakwater_device_refused_readings_total",
                              fmt::format(R"({{device="{}",reason="{}"}})", device.to_string(),
                                          to_string(static_cast<telemetry::refusal>(why))),
                              counts[why]);
}

void append_auth_metrics(std::string& out, const services::auth_counters& counted) {
    metric_head(out, "breakwater_refused_logins_total", "counter",
                "Refused sign-ins of people and devices, by reason.");
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="wrong_password"})",
                  counted.wrong_password);
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="throttled"})",
                  counted.login_throttled);
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="refresh_reuse"})",
                  counted.refresh_reuse);
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="device",reason="wrong_secret"})",
                  counted.wrong_secret);
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="device",reason="throttled"})",
                  counted.device_throttled);
    metric_sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="register_throttled"})",
                  counted.register_throttled);
    metric_head(
        out, "breakwater_device_secret_checks_total", "counter",
        "Checks of device secrets: by a hash, from memory, or not made because nobody could pay for the "
        "hash.");
    metric_sample(out, "breakwater_device_secret_checks_total", R"({by="hash"})",
                  counted.device_secrets.hashed);
    metric_sample(out, "breakwater_device_secret_checks_total", R"({by="memory"})",
                  counted.device_secrets.recalled);
    metric_sample(out, "breakwater_device_secret_checks_total", R"({by="none"})",
                  counted.device_secrets.unpaid);
}

void append_live_metrics(std::string& out, const live::hub_counters& counted) {
    metric_head(out, "breakwater_live_sessions", "gauge", "Open live connections.");
    metric_sample(out, "breakwater_live_sessions", "", counted.sessions);
    metric_head(out, "breakwater_live_events_total", "counter", "Events for live connections.");
    metric_sample(out, "breakwater_live_events_total", "", counted.events);
    metric_head(out, "breakwater_live_deliveries_total", "counter",
                "Events sent to live connections, each counted.");
    metric_sample(out, "breakwater_live_deliveries_total", "", counted.deliveries);
    metric_head(out, "breakwater_live_gaps_total", "counter",
                "Gaps told to live connections that were too slow, or away too long.");
    metric_sample(out, "breakwater_live_gaps_total", "", counted.gaps);
    metric_head(out, "breakwater_live_lost_total", "counter",
                "Events that came faster than they could be told.");
    metric_sample(out, "breakwater_live_lost_total", "", counted.lost);
}

void append_alert_metrics(std::string& out, const alerts::watcher_counters& watched,
                          const services::alert_counters& counted) {
    metric_head(out, "breakwater_alert_readings_total", "counter", "Readings that alert rules looked at.");
    metric_sample(out, "breakwater_alert_readings_total", "", watched.watched);
    metric_head(out, "breakwater_alert_left_out_total", "counter",
                "Readings and incidents that came faster than alert rules could look at them.");
    metric_sample(out, "breakwater_alert_left_out_total", "", watched.left_out);
    metric_head(out, "breakwater_alert_lost_total", "counter",
                "Findings of alert rules that the storage refused for too long.");
    metric_sample(out, "breakwater_alert_lost_total", "", watched.lost);
    metric_head(out, "breakwater_alerts_total", "counter",
                "What became of alerts; put_off: they had to wait, because there were too many at once.");
    metric_sample(out, "breakwater_alerts_total", R"({change="raised"})", counted.raised);
    metric_sample(out, "breakwater_alerts_total", R"({change="resolved"})", counted.resolved);
    metric_sample(out, "breakwater_alerts_total", R"({change="put_off"})", counted.put_off);
}

void append_clock_metrics(std::string& out, const services::clock_watch& clocks) {
    metric_head(out, "breakwater_clock_jumps_total", "counter", "Jumps of the wall clock that were noticed.");
    metric_sample(out, "breakwater_clock_jumps_total", "", clocks.jumps());
    metric_head(out, "breakwater_retention_held", "gauge",
                "1 while nothing is removed for its age, because the wall clock jumped.");
    metric_sample(out, "breakwater_retention_held", "", clocks.held_until() ? 1U : 0U);
}

void append_webhook_metrics(std::string& out, const webhooks::delivery_counters& counted) {
    metric_head(out, "breakwater_webhook_attempts_total", "counter",
                "Attempts to deliver a message to a webhook.");
    metric_sample(out, "breakwater_webhook_attempts_total", R"({outcome="delivered"})", counted.delivered);
    metric_sample(out, "breakwater_webhook_attempts_total", R"({outcome="failed"})", counted.failed);
    metric_head(out, "breakwater_webhook_dead_letters_total", "counter",
                "Messages to webhooks that were given up.");
    metric_sample(out, "breakwater_webhook_dead_letters_total", "", counted.dead);
    metric_head(out, "breakwater_webhook_pending", "gauge", "Messages that wait for webhooks.");
    metric_sample(out, "breakwater_webhook_pending", "", counted.pending);
}

void append_queue_metrics(std::string& out, const storage::database& store, const http::work_pools& pools,
                          const storage::device_registry& devices) {
    metric_head(out, "breakwater_queue_depth", "gauge", "Work that waits, by queue.");
    metric_sample(out, "breakwater_queue_depth", R"({queue="writer"})", store.write_queue_depth());
    const auto of_each = [&pools](auto&& tell) {
        for (std::size_t i = 0; i < http::work_classes; ++i) {
            const auto kind = static_cast<http::work>(i);
            tell(http::to_string(kind), pools.of(kind).count());
        }
    };
    of_each([&out](std::string_view name, const blocking_pool::counters& counted) {
        metric_sample(out, "breakwater_queue_depth", fmt::format(R"({{queue="{}"}})", name), counted.depth);
    });
    metric_head(out, "breakwater_queue_bytes", "gauge", "Bytes of request bodies that wait, by queue.");
    of_each([&out](std::string_view name, const blocking_pool::counters& counted) {
        metric_sample(out, "breakwater_queue_bytes", fmt::format(R"({{queue="{}"}})", name), counted.bytes);
    });
    metric_head(
        out, "breakwater_queue_refused_total", "counter",
        "Work that a queue refused: full; share_full: too much of one account; displaced: gave its place to "
        "somebody who waited with less.");
    of_each([&out](std::string_view name, const blocking_pool::counters& counted) {
        const auto why = [&](std::string_view reason, std::uint64_t count) {
            metric_sample(out, "breakwater_queue_refused_total",
                          fmt::format(R"({{queue="{}",reason="{}"}})", name, reason), count);
        };
        why("full", counted.full);
        why("share_full", counted.share_full);
        why("displaced", counted.displaced);
    });
    metric_head(out, "breakwater_damaged_parts", "gauge",
                "Blocks of readings and rollups that were found damaged since the start.");
    metric_sample(out, "breakwater_damaged_parts", "", store.damaged_parts());
    metric_head(out, "breakwater_devices", "gauge", "Devices that exist.");
    metric_sample(out, "breakwater_devices", "", devices.size());
    std::size_t simulated = 0;
    devices.for_each(
        [&](const device_id&, const storage::device_state& is) { simulated += is.simulated ? 1 : 0; });
    metric_head(out, "breakwater_simulated_devices", "gauge",
                "Of them, those for which the simulator speaks.");
    metric_sample(out, "breakwater_simulated_devices", "", simulated);
}

} // namespace breakwater::app
