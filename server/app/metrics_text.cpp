#include "app/metrics_text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace breakwater::app {

namespace {

void head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

template <class Value>
void sample(std::string& out, std::string_view name, std::string_view labels, Value value) {
    fmt::format_to(std::back_inserter(out), "{}{} {}\n", name, labels, value);
}

} // namespace

void append_ingest_metrics(std::string& out, const telemetry::ingest_counters& counted) {
    head(out, "breakwater_readings_total", "counter", "Readings that arrived, by what became of them.");
    sample(out, "breakwater_readings_total", R"({outcome="accepted"})", counted.accepted);
    sample(out, "breakwater_readings_total", R"({outcome="simulated"})", counted.simulated);
    sample(out, "breakwater_readings_total", R"({outcome="too_large"})", counted.too_large);
    sample(out, "breakwater_readings_total", R"({outcome="too_soon"})", counted.too_soon);
    sample(out, "breakwater_readings_total", R"({outcome="backfill_limited"})", counted.backfill_limited);
    sample(out, "breakwater_readings_total", R"({outcome="malformed"})", counted.malformed);
    sample(out, "breakwater_readings_total", R"({outcome="repeated"})", counted.repeated);
    sample(out, "breakwater_readings_total", R"({outcome="blocked"})", counted.blocked);
    sample(out, "breakwater_readings_total", R"({outcome="overloaded"})", counted.overloaded);
    sample(out, "breakwater_readings_total", R"({outcome="failed"})", counted.failed);

    head(out, "breakwater_readings_pending", "gauge", "Readings that wait for the disk.");
    sample(out, "breakwater_readings_pending", "", counted.pending);
    head(out, "breakwater_readings_pending_bytes", "gauge", "What readings that wait for the disk take.");
    sample(out, "breakwater_readings_pending_bytes", "", counted.pending_bytes);

    head(out, "breakwater_reading_batch_size", "histogram", "Readings committed together.");
    std::uint64_t below = 0;
    std::uint64_t bound = 1;
    for (std::size_t i = 0; i + 1 < counted.batch_sizes.size(); ++i, bound *= 2) {
        below += counted.batch_sizes[i];
        sample(out, "breakwater_reading_batch_size_bucket", fmt::format(R"({{le="{}"}})", bound), below);
    }
    sample(out, "breakwater_reading_batch_size_bucket", R"({le="+Inf"})", counted.batches);
    sample(out, "breakwater_reading_batch_size_sum", "", counted.accepted + counted.simulated);
    sample(out, "breakwater_reading_batch_size_count", "", counted.batches);
}

void append_refusal_metrics(std::string& out, const telemetry::refusal_tally& counted) {
    constexpr std::size_t most_devices = 1000;
    head(out, "breakwater_device_refused_readings_total", "counter",
         "Refused readings by device and reason, of the devices with the most of them.");
    for (const auto& [device, counts] : counted.worst(most_devices))
        for (std::size_t why = 0; why < counts.size(); ++why)
            if (counts[why] != 0)
                sample(out, "breakwater_device_refused_readings_total",
                       fmt::format(R"({{device="{}",reason="{}"}})", device.to_string(),
                                   to_string(static_cast<telemetry::refusal>(why))),
                       counts[why]);
}

void append_auth_metrics(std::string& out, const services::auth_counters& counted) {
    head(out, "breakwater_refused_logins_total", "counter",
         "Refused sign-ins of people and devices, by reason.");
    sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="wrong_password"})",
           counted.wrong_password);
    sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="throttled"})",
           counted.login_throttled);
    sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="refresh_reuse"})",
           counted.refresh_reuse);
    sample(out, "breakwater_refused_logins_total", R"({actor="device",reason="wrong_secret"})",
           counted.wrong_secret);
    sample(out, "breakwater_refused_logins_total", R"({actor="device",reason="throttled"})",
           counted.device_throttled);
    sample(out, "breakwater_refused_logins_total", R"({actor="user",reason="register_throttled"})",
           counted.register_throttled);
    head(out, "breakwater_device_secret_checks_total", "counter",
         "Checks of device secrets: by a hash, from memory, or not made because nobody could pay for the "
         "hash.");
    sample(out, "breakwater_device_secret_checks_total", R"({by="hash"})", counted.device_secrets.hashed);
    sample(out, "breakwater_device_secret_checks_total", R"({by="memory"})", counted.device_secrets.recalled);
    sample(out, "breakwater_device_secret_checks_total", R"({by="none"})", counted.device_secrets.unpaid);
}

void append_live_metrics(std::string& out, const live::hub_counters& counted) {
    head(out, "breakwater_live_sessions", "gauge", "Open live connections.");
    sample(out, "breakwater_live_sessions", "", counted.sessions);
    head(out, "breakwater_live_events_total", "counter", "Events for live connections.");
    sample(out, "breakwater_live_events_total", "", counted.events);
    head(out, "breakwater_live_deliveries_total", "counter",
         "Events sent to live connections, each counted.");
    sample(out, "breakwater_live_deliveries_total", "", counted.deliveries);
    head(out, "breakwater_live_gaps_total", "counter",
         "Gaps told to live connections that were too slow, or away too long.");
    sample(out, "breakwater_live_gaps_total", "", counted.gaps);
    head(out, "breakwater_live_lost_total", "counter", "Events that came faster than they could be told.");
    sample(out, "breakwater_live_lost_total", "", counted.lost);
}

void append_alert_metrics(std::string& out, const alerts::watcher_counters& watched,
                          const services::alert_counters& counted) {
    head(out, "breakwater_alert_readings_total", "counter", "Readings that alert rules looked at.");
    sample(out, "breakwater_alert_readings_total", "", watched.watched);
    head(out, "breakwater_alert_left_out_total", "counter",
         "Readings and incidents that came faster than alert rules could look at them.");
    sample(out, "breakwater_alert_left_out_total", "", watched.left_out);
    head(out, "breakwater_alert_lost_total", "counter",
         "Findings of alert rules that the storage refused for too long.");
    sample(out, "breakwater_alert_lost_total", "", watched.lost);
    head(out, "breakwater_alerts_total", "counter",
         "What became of alerts; put_off: they had to wait, because there were too many at once.");
    sample(out, "breakwater_alerts_total", R"({change="raised"})", counted.raised);
    sample(out, "breakwater_alerts_total", R"({change="resolved"})", counted.resolved);
    sample(out, "breakwater_alerts_total", R"({change="put_off"})", counted.put_off);
}

void append_clock_metrics(std::string& out, const services::clock_watch& clocks) {
    head(out, "breakwater_clock_jumps_total", "counter", "Jumps of the wall clock that were noticed.");
    sample(out, "breakwater_clock_jumps_total", "", clocks.jumps());
    head(out, "breakwater_retention_held", "gauge",
         "1 while nothing is removed for its age, because the wall clock jumped.");
    sample(out, "breakwater_retention_held", "", clocks.held_until() ? 1U : 0U);
}

void append_webhook_metrics(std::string& out, const webhooks::delivery_counters& counted) {
    head(out, "breakwater_webhook_attempts_total", "counter", "Attempts to deliver a message to a webhook.");
    sample(out, "breakwater_webhook_attempts_total", R"({outcome="delivered"})", counted.delivered);
    sample(out, "breakwater_webhook_attempts_total", R"({outcome="failed"})", counted.failed);
    head(out, "breakwater_webhook_dead_letters_total", "counter", "Messages to webhooks that were given up.");
    sample(out, "breakwater_webhook_dead_letters_total", "", counted.dead);
    head(out, "breakwater_webhook_pending", "gauge", "Messages that wait for webhooks.");
    sample(out, "breakwater_webhook_pending", "", counted.pending);
}

void append_queue_metrics(std::string& out, const storage::database& store, const http::work_pools& pools,
                          const storage::device_registry& devices) {
    head(out, "breakwater_queue_depth", "gauge", "Work that waits, by queue.");
    sample(out, "breakwater_queue_depth", R"({queue="writer"})", store.write_queue_depth());
    const auto of_each = [&pools](auto&& tell) {
        for (std::size_t i = 0; i < http::work_classes; ++i) {
            const auto kind = static_cast<http::work>(i);
            tell(http::to_string(kind), pools.of(kind).count());
        }
    };
    of_each([&out](std::string_view name, const blocking_pool::counters& counted) {
        sample(out, "breakwater_queue_depth", fmt::format(R"({{queue="{}"}})", name), counted.depth);
    });
    head(out, "breakwater_queue_bytes", "gauge", "Bytes of request bodies that wait, by queue.");
    of_each([&out](std::string_view name, const blocking_pool::counters& counted) {
        sample(out, "breakwater_queue_bytes", fmt::format(R"({{queue="{}"}})", name), counted.bytes);
    });
    head(out, "breakwater_queue_refused_total", "counter",
         "Work that a queue refused: full; share_full: too much of one account; displaced: gave its place to "
         "somebody who waited with less.");
    of_each([&out](std::string_view name, const blocking_pool::counters& counted) {
        const auto why = [&](std::string_view reason, std::uint64_t count) {
            sample(out, "breakwater_queue_refused_total",
                   fmt::format(R"({{queue="{}",reason="{}"}})", name, reason), count);
        };
        why("full", counted.full);
        why("share_full", counted.share_full);
        why("displaced", counted.displaced);
    });
    head(out, "breakwater_damaged_parts", "gauge",
         "Blocks of readings and rollups that were found damaged since the start.");
    sample(out, "breakwater_damaged_parts", "", store.damaged_parts());
    head(out, "breakwater_devices", "gauge", "Devices that exist.");
    sample(out, "breakwater_devices", "", devices.size());
    std::size_t simulated = 0;
    devices.for_each(
        [&](const device_id&, const storage::device_state& is) { simulated += is.simulated ? 1 : 0; });
    head(out, "breakwater_simulated_devices", "gauge", "Of them, those for which the simulator speaks.");
    sample(out, "breakwater_simulated_devices", "", simulated);
}

} // namespace breakwater::app
