#pragma once

#include "alerts/watcher.hpp"
#include "live/hub.hpp"
#include "services/alert_service.hpp"
#include "services/auth_service.hpp"
#include "services/clock_watch.hpp"
#include "storage/database.hpp"
#include "storage/device_registry.hpp"
#include "telemetry/ingest.hpp"
#include "webhooks/dispatcher.hpp"

#include <string>

namespace breakwater::app {

/// What is counted beyond HTTP, appended in Prometheus' text format (version 0.0.4). Any thread may call.
void append_ingest_metrics(std::string& out, const telemetry::ingest_counters& counted);
/// Of the thousand devices with the most refusals: so many lines and no more.
void append_refusal_metrics(std::string& out, const telemetry::refusal_tally& counted);
void append_auth_metrics(std::string& out, const services::auth_counters& counted);
void append_live_metrics(std::string& out, const live::hub_counters& counted);
void append_alert_metrics(std::string& out, const alerts::watcher_counters& watched,
                          const services::alert_counters& counted);
void append_clock_metrics(std::string& out, const services::clock_watch& clocks);
void append_webhook_metrics(std::string& out, const webhooks::delivery_counters& counted);
void append_queue_metrics(std::string& out, const storage::database& store, const http::work_pools& pools,
                          const storage::device_registry& devices);

} // namespace breakwater::app
