#include "base/encoding.hpp"
#include "crypto/compromised_passwords.hpp"
#include "crypto/digest.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/password_hash.hpp"

#include <algorithm>
#include <cstring>

namespace breakwater::crypto {

bool is_compromised_password(std::string_view text) {
    std::string lower_case{text};
    const cleansed_at_exit guard{lower_case};
    std::ranges::transform(lower_case, lower_case.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const sha256_digest digest = sha256(as_bytes(lower_case));
    const auto prefixes = compromised_password_prefixes();
    std::size_t first = 0;
    std::size_t last = prefixes.size() / password_prefix_bytes;
    while (first < last) {
        const std::size_t middle = first + (last - first) / 2;
        const int order = std::memcmp(prefixes.data() + middle * password_prefix_bytes, digest.data(),
                                      password_prefix_bytes);
        if (order == 0)
            return true;
        if (order < 0)
            first = middle + 1;
        else
            last = middle;
    }
    return false;
}

} // namespace breakwater::crypto
