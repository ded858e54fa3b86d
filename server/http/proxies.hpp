#pragma once

#include "base/ip_address.hpp"
#include "base/ip_network.hpp"
#include "base/result.hpp"
#include "http/forwarded.hpp"
#include "http/message.hpp"
#include "http/request_validator.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace breakwater::http {

/// The proxies whose information about the client of a request is trusted.
class trusted_proxies {
public:
    /// Parses addresses and CIDR blocks. `invalid_input` names the first invalid one.
    [[nodiscard]] static result<trusted_proxies> parse(const std::vector<std::string>& blocks);

    [[nodiscard]] bool empty() const noexcept { return blocks_.empty(); }
    [[nodiscard]] bool trust(const ip_bytes& address) const noexcept;

    /// If the peer of the connection (`request.client_address`) is trusted, sets `client_address` to the
    /// rightmost entry of X-Forwarded-For or Forwarded (RFC 7239) that is not a trusted proxy, and `secure`
    /// from X-Forwarded-Proto or the last element of Forwarded. Ignores entries to the left of an invalid
    /// address, because anybody may have written them.
    ///
    /// A proxy writes one kind of field and forwards the other kind as its client sent it. The server cannot
    /// know which kind its proxy writes, so it prefers neither: if both exist and contradict each other, it
    /// refuses the request, and also if Forwarded is malformed. A refusal changes nothing.
    [[nodiscard]] verdict apply(request& request) const;

private:
    struct claim {
        std::optional<ip_bytes> client{}; ///< none: not reported
        std::optional<bool> secure{};
    };
    [[nodiscard]] claim from_x_forwarded(const request& request, const ip_bytes& peer) const;
    [[nodiscard]] claim from_forwarded(std::span<const forwarded_element> elements,
                                       const ip_bytes& peer) const;

    std::vector<ip_network> blocks_;
};

} // namespace breakwater::http
