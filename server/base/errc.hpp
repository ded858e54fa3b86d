#pragma once

#include <cstdint>
#include <string_view>

namespace breakwater {

/// Every reason for which a use case can fail. Only `api/error_mapping.cpp` maps these to HTTP statuses;
/// no other code switches on all of them.
enum class errc : std::uint8_t {
    invalid_input,       ///< a value that the domain rules do not allow
    malformed,           ///< the bytes do not parse
    bad_state,           ///< well-formed, but not possible in this state (address in use, token not live)
    unauthenticated,     ///< no credential, or an invalid one
    forbidden,           ///< the caller is known but has no permission
    not_found,           ///< it does not exist, or no longer
    conflict,            ///< a concurrent change came first
    too_large,           ///< exceeds a size limit
    rate_limited,        ///< too soon or too often; see `error::retry_after`
    overloaded,          ///< a bounded queue is full; see `error::retry_after`
    storage_unavailable, ///< the database could not make the change durable
    storage_full,        ///< the disk is full
    internal,            ///< a bug; the client does not receive the text
};

/// The name of the enumerator, for logs.
std::string_view to_string(errc code) noexcept;

} // namespace breakwater
