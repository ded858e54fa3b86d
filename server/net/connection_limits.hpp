#pragma once

#include "base/ip_address.hpp"
#include "base/mutex.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>

namespace breakwater::net {

/// Limits the number of connections, in total and per client (an IPv4 address or an IPv6 /64). Only the total
/// limit applies to loopback clients and to shared addresses, such as those of a trusted proxy, because these
/// act for many clients. Memory grows only with the number of open connections. Thread-safe.
class connection_limits {
public:
    enum class refusal : std::uint8_t { too_many, too_many_from_client };

    /// The slot of one connection; released on destruction.
    class slot {
    public:
        slot(slot&& other) noexcept
            : limits_{std::exchange(other.limits_, nullptr)}, client_{other.client_} {}
        slot& operator=(slot&&) = delete;
        ~slot() {
            if (limits_ != nullptr)
                limits_->release(client_);
        }

    private:
        friend class connection_limits;
        slot(connection_limits& limits, std::optional<ip_bytes> client) noexcept
            : limits_{&limits}, client_{client} {}
        connection_limits* limits_;
        std::optional<ip_bytes> client_; ///< none: only the total limit applies
    };

    /// Whether many clients share an address. Called on any thread; must not block.
    using shared_addresses = std::function<bool(const ip_bytes& address)>;

    /// `max_per_client` 0: no limit per client. REQUIRES: `max_total` ≥ 1; `is_shared` is not empty.
    connection_limits(std::size_t max_total, std::size_t max_per_client, shared_addresses is_shared)
        : max_total_{max_total}, max_per_client_{max_per_client}, is_shared_{std::move(is_shared)} {}

    /// Acquires a slot for a connection from `peer` (none: the address is unknown). Fails with the limit that
    /// the connection would exceed.
    [[nodiscard]] std::expected<slot, refusal> acquire(const std::optional<ip_bytes>& peer);

private:
    struct hash {
        [[nodiscard]] std::size_t operator()(const ip_bytes& address) const noexcept;
    };
    void release(const std::optional<ip_bytes>& client) noexcept;

    const std::size_t max_total_;
    const std::size_t max_per_client_;
    const shared_addresses is_shared_;
    mutex mutex_;
    std::size_t count_ GUARDED_BY(mutex_) = 0;
    std::unordered_map<ip_bytes, std::size_t, hash> clients_ GUARDED_BY(mutex_);
};

} // namespace breakwater::net
