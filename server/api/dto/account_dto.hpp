#pragma once

#include "api/dto/auth_dto.hpp"
#include "api/schema/schema.hpp"
#include "base/clock.hpp"

#include <string>

namespace breakwater::api::dto {

struct change_password_request { ///< ChangePasswordRequest
    schema::any_text current_password;
    dto::new_password new_password;
};

struct session_response { ///< Session
    std::string id;
    timestamp renewed_at{};
    timestamp expires_at{};
    bool current = false;
};

} // namespace breakwater::api::dto
