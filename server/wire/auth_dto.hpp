#pragma once

#include "base/clock.hpp"
#include "domain/user.hpp"
#include "wire/schema/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace breakwater::wire {

/// A password to set. The bounds come from the API contract and count code points.
using new_password = schema::text<min_password_length, max_password_length>;

struct register_request { ///< RegisterRequest
    schema::email_address email;
    new_password password;
    std::optional<schema::any_text> invitation;
};

struct login_request { ///< LoginRequest
    schema::email_address email;
    schema::any_text password;
    std::optional<schema::any_text> device_cookie; ///< from an earlier sign-in of this client
};

struct refresh_token_request { ///< RefreshTokenRequest, for refresh and logout
    schema::any_text refresh_token;
};

struct token_pair { ///< TokenPair
    std::string access_token;
    std::string refresh_token;
    std::string token_type = "bearer";
    std::int64_t expires_in_minutes = 0;
    std::optional<std::string> device_cookie{}; ///< only after a sign-in that sets no cookie
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

[[nodiscard]] user_response to_dto(const user& account);

} // namespace breakwater::wire
