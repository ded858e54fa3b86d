#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

/// The supported kinds of device. The database stores the number: append only.
enum class category : std::uint8_t {
    weather_station,
    indoor_thermometer,
    ip_camera,
    air_quality,
    smart_lock
};

/// The properties of a category, from the API contract.
struct category_info {
    category id;
    std::string_view slug;
    std::string_view name;
    std::string_view description;
    std::string_view default_name;
    std::chrono::seconds min_interval; ///< between two readings
    std::chrono::seconds max_interval;
    std::string_view sample_payload; ///< compact JSON
};

inline constexpr std::size_t category_count = 5;

[[nodiscard]] const std::array<category_info, category_count>& categories() noexcept;
[[nodiscard]] const category_info& info(category id) noexcept;
[[nodiscard]] std::optional<category> parse_category(std::string_view slug) noexcept;
/// `weather_station, indoor_thermometer, …`: for the error about an unknown category.
[[nodiscard]] std::string known_category_slugs();

} // namespace breakwater
