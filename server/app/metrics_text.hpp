#pragma once

#include "alerts/rule_engine.hpp"
#include "http/work.hpp"
#include "live/hub.hpp"
#include "outbox/dispatcher.hpp"
#include "registry/device_registry.hpp"
#include "services/alert_service.hpp"
#include "services/auth_service.hpp"
#include "services/clock_watch.hpp"
#include "storage/maintenance.hpp"
#include "telemetry/ingest.hpp"

#include <string>

namespace breakwater::app {

// These functions append all metrics except those of HTTP, in the Prometheus text format (version 0.0.4). Any
// thread may call them.

void append_ingest_metrics(std::string& out, const telemetry::ingest_counters& counters);
/// Covers the thousand devices with the most refused readings, to bound the size of the response.
void append_refusal_metrics(std::string& out, const telemetry::refusal_tally& counters);
void append_auth_metrics(std::string& out, const services::auth_counters& counters);
void append_live_metrics(std::string& out, const live::hub_counters& counters);
void append_alert_metrics(std::string& out, const alerts::rule_engine_counters& engine,
                          const services::alert_counters& counters);
void append_clock_metrics(std::string& out, const services::clock_watch& clocks);
void append_webhook_metrics(std::string& out, const outbox::delivery_counters& counters);
void append_queue_metrics(std::string& out, const storage::maintenance& store, const http::work_pools& pools,
                          const registry::device_registry& devices);

} // namespace breakwater::app
