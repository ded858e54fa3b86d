#include "wire/token_claims.hpp"

#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(token_claims, (),
                      (iss, aud, sub, token_type, iat, nbf, exp, jti, role, session_version, sid,
                       token_version))

template void schema::write(std::string&, const token_claims&);

} // namespace breakwater::wire
