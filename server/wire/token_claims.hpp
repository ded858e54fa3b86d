#pragma once

#include "base/ids.hpp"
#include "domain/user.hpp"
#include "wire/schema/schema.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace breakwater::wire {

/// The claims of a token (RFC 7519). The kind of the token determines which of the omittable ones it has.
struct token_claims {
    std::string_view iss;
    std::string_view aud;
    std::string sub;
    std::string_view token_type;
    std::int64_t iat = 0; ///< like `nbf` and `exp` in seconds since 1970
    std::int64_t nbf = 0;
    std::int64_t exp = 0;
    std::string jti;
    schema::omittable<breakwater::role> role;
    schema::omittable<std::int64_t> session_version;
    schema::omittable<uuid> sid;
    schema::omittable<std::int64_t> token_version;
};

} // namespace breakwater::wire
