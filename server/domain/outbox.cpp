#include "domain/outbox.hpp"

namespace breakwater {

std::string_view to_string(destination_kind value) noexcept {
    switch (value) {
    case destination_kind::webhook: return "webhook";
    }
    return "webhook";
}

std::string_view to_string(delivery_state value) noexcept {
    switch (value) {
    case delivery_state::pending: return "pending";
    case delivery_state::delivered: return "delivered";
    case delivery_state::dead: return "dead";
    }
    return "pending";
}

} // namespace breakwater
