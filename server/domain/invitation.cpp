#include "domain/invitation.hpp"

namespace breakwater {

std::string_view to_string(registration_mode value) noexcept {
    switch (value) {
    case registration_mode::open: return "open";
    case registration_mode::invite: return "invite";
    case registration_mode::closed: return "closed";
    }
    return "closed";
}

std::optional<registration_mode> parse_registration_mode(std::string_view text) noexcept {
    for (const auto mode : {registration_mode::open, registration_mode::invite, registration_mode::closed})
        if (text == to_string(mode))
            return mode;
    return std::nullopt;
}

} // namespace breakwater
