#pragma once

#include "load/load_run.hpp"

#include <string>

namespace breakwater::bench {

/// For a person: rate, percentiles, statuses, and what went wrong.
[[nodiscard]] std::string describe(const load_plan& plan, const load_result& result);

/// For a script: `name=value` pairs on one line. Times in whole microseconds.
[[nodiscard]] std::string machine_line(const load_plan& plan, const load_result& result);

} // namespace breakwater::bench
