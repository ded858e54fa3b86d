#include "http/singleton_fields.hpp"

#include "http/characters.hpp"

#include <array>

namespace breakwater::http {

namespace {

struct singleton {
    std::string_view name; ///< in lower case
    std::string_view refusal;
};

constexpr std::array singletons{
    singleton{"cookie", "There is more than one Cookie field."},               // RFC 6265 section 5.4
    singleton{"origin", "There is more than one Origin field."},               // RFC 6454 section 7.3
    singleton{"content-type", "There is more than one Content-Type field."},   // RFC 9110 section 8.3
    singleton{"authorization", "There is more than one Authorization field."}, // RFC 9110 section 11.6.2
    // A list in RFC 9110 section 8.4, but this server supports a single coding only.
    singleton{"content-encoding", "There is more than one Content-Encoding field."},
    singleton{"sec-websocket-key",
              "There is more than one Sec-WebSocket-Key field."}, // RFC 6455 section 11.3
    singleton{"sec-websocket-version", "There is more than one Sec-WebSocket-Version field."},
    singleton{"access-control-request-method", "There is more than one Access-Control-Request-Method field."},
};

} // namespace

verdict singleton_fields::check(const request_head::field& field) noexcept {
    for (std::size_t i = 0; i < singletons.size(); ++i) {
        if (!equals_lower(field.name, singletons[i].name))
            continue;
        const std::uint32_t bit = 1U << i;
        if ((seen_ & bit) != 0)
            return {400, singletons[i].refusal};
        seen_ |= bit;
        break;
    }
    return {};
}

} // namespace breakwater::http
