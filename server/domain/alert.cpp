#include "domain/alert.hpp"

namespace breakwater {

std::string_view to_string(alert_state value) noexcept {
    switch (value) {
    case alert_state::open: return "open";
    case alert_state::acknowledged: return "acknowledged";
    case alert_state::resolved: return "resolved";
    }
    return "open";
}

std::string_view to_string(alert_change value) noexcept {
    switch (value) {
    case alert_change::raised: return "raised";
    case alert_change::updated: return "updated";
    case alert_change::resolved: return "resolved";
    }
    return "updated";
}

} // namespace breakwater
