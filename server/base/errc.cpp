#include "base/errc.hpp"

namespace breakwater {

std::string_view to_string(errc code) noexcept {
    switch (code) {
    case errc::invalid_input: return "invalid_input";
    case errc::malformed: return "malformed";
    case errc::bad_state: return "bad_state";
    case errc::unauthenticated: return "unauthenticated";
    case errc::forbidden: return "forbidden";
    case errc::not_found: return "not_found";
    case errc::conflict: return "conflict";
    case errc::too_large: return "too_large";
    case errc::rate_limited: return "rate_limited";
    case errc::overloaded: return "overloaded";
    case errc::storage_unavailable: return "storage_unavailable";
    case errc::storage_full: return "storage_full";
    case errc::internal: return "internal";
    }
    return "unknown";
}

} // namespace breakwater
