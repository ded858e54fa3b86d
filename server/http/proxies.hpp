#pragma once

#include "base/ip_address.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

#include <string>
#include <vector>

namespace breakwater::http {

/// The proxies whose word on where a request comes from is taken.
class trusted_proxies {
public:
    /// Addresses and CIDR blocks; `invalid_input` names the first that is neither.
    [[nodiscard]] static result<trusted_proxies> parse(const std::vector<std::string>& blocks);

    [[nodiscard]] bool empty() const noexcept { return blocks_.empty(); }
    [[nodiscard]] bool trust(const ip_bytes& address) const noexcept;

    /// Where the connection's peer (`asked.client_address`) is trusted: sets `client_address` to the
    /// rightmost entry of X-Forwarded-For that no trusted proxy added, and `secure` by X-Forwarded-Proto.
    /// Entries left of something that is not an address are not looked at: anybody may have written them.
    void apply(request& asked) const;

private:
    struct block {
        ip_bytes network{};
        unsigned bits = 128;
    };
    std::vector<block> blocks_;
};

} // namespace breakwater::http
