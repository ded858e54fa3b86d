#pragma once

#include "api/schema/schema.hpp"
#include "base/clock.hpp"
#include "domain/user.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace breakwater::api::dto {

/// A password to be set; both bounds are the contract's, in code points.
using new_password = schema::text<min_password_length, max_password_length>;

struct register_request { ///< RegisterRequest
    schema::email_address email;
    new_password password;
    std::optional<schema::any_text> invitation;
};

struct login_request { ///< LoginRequest
    schema::email_address email;
    schema::any_text password;
    std::optional<schema::any_text> device_cookie; ///< of an earlier sign-in from there
};

struct refresh_token_request { ///< RefreshTokenRequest, of refresh and logout
    schema::any_text refresh_token;
};

struct token_pair { ///< TokenPair
    std::string access_token;
    std::string refresh_token;
    std::string token_type = "bearer";
    std::int64_t expires_in_minutes = 0;
    std::optional<std::string> device_cookie{}; ///< of a sign-in alone, and not where it is set as a cookie
};

struct user_response { ///< User
    user_id id = 0;
    std::string email;
    breakwater::role role = breakwater::role::user;
    timestamp created_at{};
    bool disabled = false;
};

struct live_ticket { ///< LiveTicket
    std::string ticket;
    std::int64_t expires_in_seconds = 0;
};

[[nodiscard]] user_response to_dto(const user& from);

} // namespace breakwater::api::dto
