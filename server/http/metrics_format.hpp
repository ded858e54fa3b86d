#pragma once

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>

namespace breakwater::http {

/// Appends the HELP and TYPE lines of a metric in the Prometheus text format 0.0.4. `type`: `counter`,
/// `gauge` or `histogram`.
inline void metric_head(std::string& out, std::string_view name, std::string_view type,
                        std::string_view help) {
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

/// Appends one sample. `labels`: `{key="value"}`, or empty.
template <class Value>
void metric_sample(std::string& out, std::string_view name, std::string_view labels, Value value) {
    fmt::format_to(std::back_inserter(out), "{}{} {}\n", name, labels, value);
}

/// Appends a metric without labels that was renamed: under its name and, for one release, under the old one.
template <class Value>
void renamed_metric(std::string& out, std::string_view name, std::string_view old_name, std::string_view type,
                    std::string_view help, Value value) {
    metric_head(out, name, type, help);
    metric_sample(out, name, "", value);
    metric_head(out, old_name, type, fmt::format("Deprecated; use {}.", name));
    metric_sample(out, old_name, "", value);
}

} // namespace breakwater::http
