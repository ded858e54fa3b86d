#pragma once

#include "domain/alert.hpp"

#include <optional>
#include <string>

namespace breakwater::app {

// Commands for alerts and rules, for operators with a shell on the server. They return the exit code. All
// except the lists change the database and need the server stopped.

struct list_alerts_options {
    std::optional<alert_state> state;
    std::optional<alert_severity> severity;
    bool json = false;
};
int list_alerts(const list_alerts_options& options);

struct change_alert_options {
    alert_id id = 0;
    std::string note;
};
int acknowledge_alert(const change_alert_options& options);
int resolve_alert(const change_alert_options& options);

int list_rules(bool json);

struct create_rule_options {
    std::string file; ///< a JSON object in the format of POST /alert-rules; - is standard input
};
int create_rule(const create_rule_options& options);

int enable_rule(rule_id id);
int disable_rule(rule_id id);
int delete_rule(rule_id id);

} // namespace breakwater::app
