#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/user.hpp"

#include <cstdint>

namespace breakwater::identity {

/// Who makes a request. The authorizer decides what the principal may do.
struct principal {
    enum class kind : std::uint8_t {
        anonymous,
        person,
        device,
        system ///< the server itself, or a command at its shell
    } kind = kind::anonymous;
    user_id user = 0; ///< the account; for a device, its owner; for the system, whom it acts for, or 0
    breakwater::role role = role::user; ///< of a person
    breakwater::device_id device{};     ///< set for a device
    std::int64_t version = 0; ///< session or token version; incrementing the stored one revokes the tokens
    uuid session{};           ///< set for a person: the sign-in session
    timestamp expires_at = timestamp::max(); ///< of the token; `max` if there is none

    [[nodiscard]] bool is_system() const noexcept { return kind == kind::system; }
    [[nodiscard]] bool is_person() const noexcept { return kind == kind::person; }
};

} // namespace breakwater::identity
