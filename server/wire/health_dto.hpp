#pragma once

#include "base/clock.hpp"
#include "wire/schema/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::wire {

struct health_response { ///< Health
    std::string status = "ok";
    std::string application;
    timestamp time{};
    std::string environment;
    // Members beyond the reference API:
    std::string version;
    std::int64_t uptime_seconds = 0;
    std::string registration = "open";
    std::optional<timestamp> retention_held_until{}; ///< set while retention is on hold
};

struct readiness_check { ///< ReadinessCheck
    std::string name;    ///< `database`, `disk`
    bool ok = true;
    std::string detail; ///< a sentence if not ok, else empty
};

struct readiness_response {       ///< Readiness: 200 if every check is ok, else 503
    std::string status = "ready"; ///< or `unavailable`
    std::vector<readiness_check> checks;
};

} // namespace breakwater::wire
