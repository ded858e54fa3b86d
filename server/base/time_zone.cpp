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
/// What the system calls its own zone: no zone of the database, and nobody's business.
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
    } catch (const std::exception& failed) {
        return fail(errc::internal, fmt::format("The time zone database can't be read: {}.", failed.what()));
    }
    try {
        if (name.size() <= max_name_length && name != system_zone)
            return time_zone{date::locate_zone(name)};
    } catch (const std::runtime_error&) { // NOLINT(bugprone-empty-catch): that is how it says no
    }
    return fail(errc::not_found, "There is no such time zone.");
}

std::string_view time_zone::name() const noexcept {
    return zone_ == nullptr ? utc_name : std::string_view{zone_->name()};
}

time_zone::stretch time_zone::at(timestamp at) const {
    if (zone_ == nullptr)
        return {first_timestamp, last_timestamp, std::chrono::seconds{0}};
    const date::sys_info known = zone_->get_info(at);
    return {from_seconds(known.begin), from_seconds(known.end), known.offset};
}

} // namespace breakwater
