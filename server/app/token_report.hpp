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

/// The header and claims of a token, with its times in words. Verifies nothing, and the text says so.
/// `malformed` if it is not a compact JWS.
[[nodiscard]] result<std::string> inspect_token(std::string_view token, timestamp now);

/// The requirements of a verifier. None of them comes from the token (RFC 8725).
struct token_requirements {
    crypto::jws_key key;
    std::optional<std::string> type{};          ///< `token_type`
    std::optional<std::string> issuer{};        ///< `iss`
    std::optional<std::string> audience{};      ///< `aud`
    std::optional<std::string> version_claim{}; ///< the name of a required integer claim
    enum class subject_kind : std::uint8_t { any, user, device };
    subject_kind subject = subject_kind::any;
    bool times_required = true; ///< `exp`, `nbf` and `iat` must be present
    std::chrono::seconds leeway{30};
};

struct token_verdict {
    std::string text; ///< one line per check
    bool valid = false;
};
/// Runs all checks. With the requirements of a kind of token, the verdict equals that of `token_service`.
[[nodiscard]] token_verdict verify_token(std::string_view token, const token_requirements& required,
                                         timestamp now);

} // namespace breakwater::app
