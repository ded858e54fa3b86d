#pragma once

#include "domain/alert.hpp"

#include <optional>
#include <string>

namespace breakwater::app {

// Alerts and the rules that raise them, for whoever has a shell on the server. Each gives the process's exit
// code. All but the lists change the database and so need it alone.

struct list_alerts_options {
    std::optional<alert_state> state;
    std::optional<alert_severity> severity;
    bool json = false;
};
int list_alerts(const list_alerts_options& chosen);

struct settle_alert_options {
    alert_id id = 0;
    std::string note;
};
int acknowledge_alert(const settle_alert_options& chosen);
int resolve_alert(const settle_alert_options& chosen);

int list_rules(bool json);

struct create_rule_options {
    std::string file; ///< a JSON object as POST /alert-rules takes it; - is standard input
};
int create_rule(const create_rule_options& chosen);

int enable_rule(rule_id id);
int disable_rule(rule_id id);
int delete_rule(rule_id id);

} // namespace breakwater::app
