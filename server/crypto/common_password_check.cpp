#include "crypto/common_passwords.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/password_hash.hpp"

#include <algorithm>

namespace breakwater::crypto {

bool is_common_password(std::string_view text) {
    std::string lowered{text};
    const cleansed_at_exit guard{lowered};
    std::ranges::transform(lowered, lowered.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return std::ranges::binary_search(common_passwords, std::string_view{lowered});
}

} // namespace breakwater::crypto
