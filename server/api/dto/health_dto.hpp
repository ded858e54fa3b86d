#pragma once

#include "api/schema/schema.hpp"
#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::api::dto {

struct health_response { ///< Health
    std::string status = "ok";
    std::string application;
    timestamp time{};
    std::string environment;
    // beyond the reference
    std::string version;
    std::int64_t uptime_seconds = 0;
    std::string registration = "open";
    std::optional<timestamp> retention_held_until{}; ///< because the clock jumped
};

struct readiness_check { ///< one line of Readiness
    std::string name;    ///< `database`, `disk`
    bool ok = true;
    std::string detail; ///< a sentence where it isn't
};

struct readiness_response {       ///< Readiness; 200 where every check is, else 503
    std::string status = "ready"; ///< or `unavailable`
    std::vector<readiness_check> checks;
};

} // namespace breakwater::api::dto
