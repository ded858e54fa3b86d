#pragma once

#include "base/ip_address.hpp"
#include "http/proxies.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace breakwater::http {

/// How many connections there may be, in all and from one client (an IPv4 address, an IPv6 /64). Clients of
/// this machine and trusted proxies, who speak for many, have the first bound only. What is remembered is
/// bounded by the connections there are. Any thread may call.
class connection_limits {
public:
    enum class refusal : std::uint8_t { too_many, too_many_from_client };

    /// Its place under the bounds; given back when it ends.
    class place {
    public:
        place(place&& other) noexcept : home_{std::exchange(other.home_, nullptr)}, client_{other.client_} {}
        place& operator=(place&&) = delete;
        ~place() {
            if (home_ != nullptr)
                home_->give_back(client_);
        }

    private:
        friend class connection_limits;
        place(connection_limits& home, std::optional<ip_bytes> client) noexcept
            : home_{&home}, client_{client} {}
        connection_limits* home_;
        std::optional<ip_bytes> client_; ///< none: not counted by client
    };

    /// `in_all` ≥ 1; `from_client` 0: no bound of its own. REQUIRES: `proxies` outlives this.
    connection_limits(std::size_t in_all, std::size_t from_client, const trusted_proxies& proxies)
        : in_all_{in_all}, from_client_{from_client}, proxies_{proxies} {}

    /// A place for a connection from `peer` (none: its address isn't known), or which bound it would pass.
    [[nodiscard]] std::expected<place, refusal> take(const std::optional<ip_bytes>& peer);

private:
    struct hash {
        [[nodiscard]] std::size_t operator()(const ip_bytes& address) const noexcept;
    };
    void give_back(const std::optional<ip_bytes>& client) noexcept;

    const std::size_t in_all_;
    const std::size_t from_client_;
    const trusted_proxies& proxies_;
    std::mutex mutex_;
    std::size_t count_ = 0;
    std::unordered_map<ip_bytes, std::size_t, hash> clients_;
};

} // namespace breakwater::http
