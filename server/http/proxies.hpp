#pragma once

#include "base/ip_address.hpp"
#include "base/result.hpp"
#include "http/forwarded.hpp"
#include "http/gate.hpp"
#include "http/message.hpp"

#include <optional>
#include <span>
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
    /// rightmost entry of X-Forwarded-For or Forwarded (RFC 7239) that no trusted proxy added, and `secure`
    /// by X-Forwarded-Proto or the last element of Forwarded. Entries left of something that is not an
    /// address are not looked at: anybody may have written them.
    ///
    /// A proxy writes the one kind of field and passes the other on as its client sent it. Which kind is the
    /// proxy's can't be told from here, so neither is preferred: where both are there and say different
    /// things, the request is refused, and so is a malformed Forwarded. Then nothing is set.
    [[nodiscard]] verdict apply(request& asked) const;

private:
    struct claim {
        std::optional<ip_bytes> client{}; ///< none: nothing was said
        std::optional<bool> secure{};
    };
    [[nodiscard]] claim of_x_forwarded(const request& asked, const ip_bytes& peer) const;
    [[nodiscard]] claim of_forwarded(std::span<const forwarded_element> elements, const ip_bytes& peer) const;

    struct block {
        ip_bytes network{};
        unsigned bits = 128;
    };
    std::vector<block> blocks_;
};

} // namespace breakwater::http
