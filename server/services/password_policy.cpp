#include "services/password_policy.hpp"

#include "crypto/password_hash.hpp"

namespace breakwater::services {

result<void> check_new_password(std::string_view password) {
    if (!crypto::is_common_password(password))
        return {};
    return std::unexpected(error{.code = errc::invalid_input,
                                 .detail = "This password is one of the most common ones; choose another.",
                                 .fields = {{"body.password", "Is one of the most common passwords."}}});
}

} // namespace breakwater::services
