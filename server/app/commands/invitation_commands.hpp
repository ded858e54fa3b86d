#pragma once

#include "domain/invitation.hpp"

#include <string>

namespace breakwater::app {

struct create_invitation_options {
    std::string email; ///< empty: anybody
    breakwater::role role = breakwater::role::user;
    std::int64_t hours = 72;
};

// Commands for invitations. They return the exit code.

/// Prints the link of the invitation once.
int create_invitation(const create_invitation_options& options);
int list_invitations(bool json);

struct delete_invitation_options {
    invitation_id id = 0;
};
int delete_invitation(const delete_invitation_options& options);

} // namespace breakwater::app
