#pragma once

#include <cstdint>
#include <string_view>

namespace breakwater {

/// Every way in which a use case can be refused or fail. `api/error_mapping.cpp` is the one place that turns
/// these into HTTP statuses; nothing else switches on all of them.
enum class errc : std::uint8_t {
    invalid_input,       ///< a value that the rules of the domain don't allow
    malformed,           ///< bytes that don't parse at all
    bad_state,           ///< well-formed, but not possible as things stand (address taken, token not live)
    unauthenticated,     ///< no credential, or one that doesn't verify
    forbidden,           ///< known, and not allowed
    not_found,           ///< no such thing, or no longer
    conflict,            ///< lost against a concurrent change
    too_large,           ///< over a size limit
    rate_limited,        ///< too soon or too often; `error::retry_after` says when
    overloaded,          ///< a bounded queue is full; `error::retry_after` says when
    storage_unavailable, ///< the database could not make the change durable
    storage_full,        ///< no room on the disk
    internal,            ///< a bug; the text stays inside
};

/// The enumerator's name, for logs.
std::string_view to_string(errc code) noexcept;

} // namespace breakwater
