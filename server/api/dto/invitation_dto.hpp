#pragma once

#include "api/schema/schema.hpp"
#include "domain/invitation.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::api::dto {

struct create_invitation_request { ///< CreateInvitationRequest
    std::optional<schema::email_address> email;
    std::optional<breakwater::role> role;
    std::optional<schema::integer<1, max_invitation_life.count()>>
        expires_in_hours; ///< three days where absent
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

[[nodiscard]] invitation_response to_dto(const invitation& from);
/// `base_path`: BASE_PATH, in front of the link.
[[nodiscard]] new_invitation_response to_dto(const invitation& from, std::string_view token,
                                             std::string_view base_path);

} // namespace breakwater::api::dto
