#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <chrono>
#include <string_view>

namespace date {
class time_zone;
}

namespace breakwater {

/// A time zone of the IANA database, which the system keeps in /usr/share/zoneinfo. A value type; any thread
/// may call. docs/decisions/0016 describes the library that reads the database, and its limits.
class time_zone {
public:
    static constexpr std::size_t max_name_length = 64;

    /// A period [begin, end) with a constant offset from UTC, clamped to the calendar.
    struct offset_period {
        timestamp begin;
        timestamp end;                   ///< in the last period `last_timestamp`, which is included
        std::chrono::seconds utc_offset; ///< local time minus UTC
    };

    /// UTC.
    time_zone() noexcept = default;
    /// Finds a zone by its exact name, such as `Europe/Warsaw`. `not_found` if the database has no such zone,
    /// `internal` if the database cannot be read. The first call loads the list of zones: about 50 ms.
    [[nodiscard]] static result<time_zone> find(std::string_view name);

    [[nodiscard]] std::string_view name() const noexcept;
    /// The period that contains `at`. REQUIRES: `at` is in the calendar.
    [[nodiscard]] offset_period at(timestamp at) const;

private:
    explicit time_zone(const date::time_zone* zone) noexcept : zone_{zone} {}

    const date::time_zone* zone_ = nullptr; ///< in the database, which is never freed; null: UTC
};

} // namespace breakwater
