#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <chrono>
#include <string_view>

namespace date {
class time_zone;
}

namespace breakwater {

/// A time zone of the IANA database, as the system keeps it in /usr/share/zoneinfo. A value; any thread may
/// call. docs/decisions/0016 says whose code reads the database, and where its knowledge ends.
class time_zone {
public:
    static constexpr std::size_t max_name_length = 64;

    /// A time in which local clocks are `ahead` of UTC by the same: [begin, end), in the calendar.
    struct stretch {
        timestamp begin;
        timestamp end; ///< that of the calendar's last one is `last_timestamp`, which belongs to it
        std::chrono::seconds ahead;
    };

    /// UTC.
    time_zone() noexcept = default;
    /// By its name, `Europe/Warsaw`, spelled exactly so. `not_found` where the database has none of that
    /// name, `internal` where there is no database. The first call reads the database's list: some 50 ms.
    [[nodiscard]] static result<time_zone> find(std::string_view name);

    [[nodiscard]] std::string_view name() const noexcept;
    /// The stretch that `at` lies in. REQUIRES: `at` is in the calendar.
    [[nodiscard]] stretch at(timestamp at) const;

private:
    explicit time_zone(const date::time_zone* zone) noexcept : zone_{zone} {}

    const date::time_zone* zone_ =
        nullptr; ///< of the database, which lives as long as the process; null: UTC
};

} // namespace breakwater
