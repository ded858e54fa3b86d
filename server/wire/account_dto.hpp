#pragma once

#include "base/clock.hpp"
#include "wire/auth_dto.hpp"
#include "wire/schema/schema.hpp"

#include <string>

namespace breakwater::wire {

struct change_password_request { ///< ChangePasswordRequest
    schema::any_text current_password;
    wire::new_password new_password;
};

struct session_response { ///< Session
    std::string id;
    timestamp renewed_at{};
    timestamp expires_at{};
    bool current = false;
};

} // namespace breakwater::wire
