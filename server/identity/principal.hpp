#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <cstdint>

namespace breakwater::identity {

/// The authenticated caller. The access policy sets it before any handler runs.
struct principal {
    enum class kind : std::uint8_t { anonymous, person, device } kind = kind::anonymous;
    user_id user = 0; ///< the account; for a device, its owner
    bool administrator = false;
    breakwater::device_id device{}; ///< set for a device
    std::int64_t version = 0; ///< session or token version; incrementing the stored one revokes the tokens
    uuid session{};           ///< set for a person: the sign-in session
    timestamp expires_at = timestamp::max();
};

} // namespace breakwater::identity
