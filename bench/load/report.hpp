#pragma once

#include "load/load_run.hpp"

#include <string>

namespace breakwater::bench {

/// A report for people: rate, percentiles, statuses and problems.
[[nodiscard]] std::string describe(const load_plan& plan, const load_result& result);

/// A report for scripts: `name=value` pairs on one line, times in whole microseconds.
[[nodiscard]] std::string machine_line(const load_plan& plan, const load_result& result);

} // namespace breakwater::bench
