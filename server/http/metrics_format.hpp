#pragma once

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>

namespace breakwater::http {

/// What a metric is, before its samples, in Prometheus' text format (version 0.0.4). `type`: `counter`,
/// `gauge` or `histogram`.
inline void metric_head(std::string& out, std::string_view name, std::string_view type,
                        std::string_view help) {
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

/// One value. `labels`: `{key="value"}`, or empty.
template <class Value>
void metric_sample(std::string& out, std::string_view name, std::string_view labels, Value value) {
    fmt::format_to(std::back_inserter(out), "{}{} {}\n", name, labels, value);
}

} // namespace breakwater::http
