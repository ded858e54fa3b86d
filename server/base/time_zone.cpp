#include "base/time_zone.hpp"

#include "base/calendar.hpp"

#include <date/tz.h>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <stdexcept>

namespace breakwater {

namespace {

constexpr std::string_view utc_name = "UTC";
/// The system's link to its own zone. Refused: it is not a zone name, and it would reveal the server's zone.
constexpr std::string_view system_zone = "localtime";

timestamp from_seconds(date::sys_seconds at) noexcept {
    return from_unix_seconds(at.time_since_epoch().count());
}

} // namespace

result<time_zone> time_zone::find(std::string_view name) {
    if (name == utc_name)
        return time_zone{};
    try {
        (void)date::get_tzdb();
    } catch (const std::exception& failure) {
        return fail(errc::internal,
                    fmt::format("The time zone database cannot be read: {}.", failure.what()));
    }
    try {
        if (name.size() <= max_name_length && name != system_zone)
            return time_zone{date::locate_zone(name)};
    } catch (const std::runtime_error&) { // NOLINT(bugprone-empty-catch): thrown for an unknown name
    }
    return fail(errc::not_found, "Unknown time zone.");
}

std::string_view time_zone::name() const noexcept {
    return zone_ == nullptr ? utc_name : std::string_view{zone_->name()};
}

time_zone::offset_period time_zone::at(timestamp at) const {
    if (zone_ == nullptr)
        return {first_timestamp, last_timestamp, std::chrono::seconds{0}};
    const date::sys_info info = zone_->get_info(at);
    return {from_seconds(info.begin), from_seconds(info.end), info.offset};
}

} // namespace breakwater
