#pragma once

#include "domain/invitation.hpp"
#include "wire/schema/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::wire {

struct create_invitation_request { ///< CreateInvitationRequest
    std::optional<schema::email_address> email;
    std::optional<breakwater::role> role;
    std::optional<schema::integer<1, max_invitation_life.count()>> expires_in_hours; ///< absent: 72
};

struct invitation_response { ///< Invitation
    invitation_id id = 0;
    std::optional<std::string> email;
    breakwater::role role = breakwater::role::user;
    timestamp created_at{};
    timestamp expires_at{};
};

struct new_invitation_response { ///< NewInvitation
    invitation_id id = 0;
    std::optional<std::string> email;
    breakwater::role role = breakwater::role::user;
    timestamp created_at{};
    timestamp expires_at{};
    std::string token;
    std::string path;
};

[[nodiscard]] invitation_response to_dto(const invitation& invited);
/// `base_path`: the setting BASE_PATH, which the link starts with.
[[nodiscard]] new_invitation_response to_dto(const invitation& invited, std::string_view token,
                                             std::string_view base_path);

} // namespace breakwater::wire
