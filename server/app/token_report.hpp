#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/jws.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::app {

/// A token's header and claims with its times in words, for reading. Nothing is verified, and the text says
/// so. `malformed` where it is no compact JWS.
[[nodiscard]] result<std::string> inspect_token(std::string_view token, timestamp now);

/// What a verifier demands. It never takes any of it from the token (RFC 8725).
struct token_demands {
    crypto::jws_key key;
    std::optional<std::string> type{};          ///< `token_type`
    std::optional<std::string> issuer{};        ///< `iss`
    std::optional<std::string> audience{};      ///< `aud`
    std::optional<std::string> version_claim{}; ///< a whole number that must be there
    enum class subject : std::uint8_t { any, user, device };
    subject about = subject::any;
    bool times_required = true; ///< `exp`, `nbf` and `iat` must be there
    std::chrono::seconds leeway{30};
};

struct token_verdict {
    std::string text; ///< a line for each check
    bool valid = false;
};
/// Every check, one by one. With the demands of a kind of token its verdict is `token_service`'s.
[[nodiscard]] token_verdict verify_token(std::string_view token, const token_demands& demanded,
                                         timestamp now);

} // namespace breakwater::app
