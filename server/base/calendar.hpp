#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

// Arithmetic on untrusted times: from a client, a file or a stored row. A `timestamp` counts microseconds in
// 64 bits, which covers 292,000 years around 1970; its overflow is undefined behaviour. "In the calendar"
// means that RFC 3339 can express the time. These times are far from overflow, so adding any bounded setting
// to one is safe. docs/decisions/0015 has the rules. Any thread may call these functions.
namespace breakwater {

/// The first and the last moment of the years 0001 to 9999, the range of RFC 3339.
inline constexpr timestamp first_timestamp{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
inline constexpr timestamp last_timestamp{
    timestamp{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1}} - std::chrono::microseconds{1}};

[[nodiscard]] constexpr bool is_in_calendar(timestamp at) noexcept {
    return at >= first_timestamp && at <= last_timestamp;
}

/// The time in the calendar that is nearest to `at`.
[[nodiscard]] constexpr timestamp clamped_to_calendar(timestamp at) noexcept {
    return std::clamp(at, first_timestamp, last_timestamp);
}

/// `at + by`, clamped to the calendar. Accepts any values.
[[nodiscard]] constexpr timestamp shifted(timestamp at, std::chrono::microseconds by) noexcept {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(at.time_since_epoch().count(), by.count(), &sum))
        return by < std::chrono::microseconds::zero() ? first_timestamp : last_timestamp;
    return clamped_to_calendar(timestamp{std::chrono::microseconds{sum}});
}

/// Converts seconds since 1970 (RFC 7519 NumericDate), clamped to the calendar.
[[nodiscard]] constexpr timestamp from_unix_seconds(std::int64_t seconds) noexcept {
    using std::chrono::floor;
    const std::int64_t first = floor<std::chrono::seconds>(first_timestamp).time_since_epoch().count();
    const std::int64_t last = floor<std::chrono::seconds>(last_timestamp).time_since_epoch().count();
    if (seconds < first)
        return first_timestamp;
    return seconds > last ? last_timestamp : timestamp{std::chrono::seconds{seconds}};
}

/// `value / by`, rounded towards minus infinity. REQUIRES: by > 0.
[[nodiscard]] constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) noexcept {
    return value / by - (value % by < 0 ? 1 : 0);
}

/// The last multiple of `width` since 1970 that is not after `at`. REQUIRES: `at` is in the calendar, and
/// `width` is above zero and at most 100,000,000 days.
[[nodiscard]] constexpr timestamp rounded_down(timestamp at, std::chrono::microseconds width) noexcept {
    return timestamp{floor_divide(at.time_since_epoch().count(), width.count()) * width};
}

} // namespace breakwater
