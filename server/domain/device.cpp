#include "domain/device.hpp"

namespace breakwater {

std::string_view to_string(device_status value) noexcept {
    return value == device_status::blocked ? "blocked" : "active";
}

std::string_view to_string(block_author value) noexcept {
    switch (value) {
    case block_author::owner: return "owner";
    case block_author::rule: return "rule";
    case block_author::administrator: break;
    }
    return "administrator";
}

std::optional<device_status> parse_device_status(std::string_view text) noexcept {
    if (text == "active")
        return device_status::active;
    if (text == "blocked")
        return device_status::blocked;
    return std::nullopt;
}

} // namespace breakwater
