#include "simulator/moment.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

namespace breakwater::simulator {

namespace {

constexpr double full_turn = 2 * std::numbers::pi;
constexpr double days_per_year = 365.2425;

double sun_elevation(double day_of_year, double hour) {
    constexpr double degree = std::numbers::pi / 180;
    const double latitude = 48 * degree;
    const double declination = 23.44 * degree * std::sin(full_turn * (day_of_year - 80) / days_per_year);
    return std::max(0.0,
                    std::sin(latitude) * std::sin(declination) +
                        std::cos(latitude) * std::cos(declination) * std::cos(full_turn * (hour - 12) / 24));
}

} // namespace

moment::moment(timestamp when)
    : at{when}, seconds{static_cast<double>(when.time_since_epoch().count()) * 1e-6} {
    const auto midnight = std::chrono::floor<std::chrono::days>(when);
    day = midnight.time_since_epoch().count();
    hour = std::chrono::duration<double, std::ratio<3600>>(when - midnight).count();
    const double days = seconds / 86'400;
    const double day_of_year = days - std::floor(days / days_per_year) * days_per_year;
    season = std::sin(full_turn * (day_of_year - 110) / days_per_year);
    sun = sun_elevation(day_of_year, hour);
    const std::chrono::weekday name{midnight};
    weekend = name == std::chrono::Saturday || name == std::chrono::Sunday;
}

double moment::bell(double centre, double width) const {
    double distance = std::abs(hour - centre);
    distance = std::min(distance, 24 - distance) / width;
    return std::exp(-distance * distance / 2);
}

double moment::between(double from, double to) const {
    constexpr double edge_hours = 0.35;
    const auto after = [this](double edge) { return 1 / (1 + std::exp((edge - hour) / edge_hours)); };
    return after(from) * (1 - after(to));
}

double moment::daily(double peak_hour) const {
    return std::cos(full_turn * (hour - peak_hour) / 24);
}

} // namespace breakwater::simulator
