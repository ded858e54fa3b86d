#pragma once

#include "base/ip_address.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace breakwater::http {

/// Limits the memory that request bodies use over all connections. Large bodies are refused first: a body may
/// use 1/`divisor` of what remains for its client (an IPv4 address or an IPv6 /64). What remains for a client
/// is the free part of the budget less the bytes that the client holds already. So a client that floods the
/// server gets at most half of the budget, and its large bodies are refused long before its small ones. A
/// body of at most `uncounted_bytes` is not counted; the limit on connections bounds the memory of such
/// bodies. A copy refers to the same budget. Thread-safe.
class body_budget {
    struct state;

public:
    static constexpr std::size_t uncounted_bytes = 4U << 10;
    static constexpr std::size_t divisor = 16;

    /// The bytes of one body, released on destruction. May outlive the budget. Not thread-safe.
    class share {
    public:
        share() noexcept = default;
        share(share&& other) noexcept;
        share& operator=(share&& other) noexcept;
        ~share() { release(); }

        /// Grows the share to `bytes`, if the share is smaller. Returns false and changes nothing if the
        /// budget does not allow it. Always true for a default-constructed share.
        [[nodiscard]] bool grow(std::size_t bytes);
        void release() noexcept;

    private:
        friend class body_budget;
        share(std::shared_ptr<state> budget, const ip_bytes& client) noexcept;
        std::shared_ptr<state> budget_;
        ip_bytes client_{};
        std::size_t bytes_ = 0;
    };

    /// REQUIRES: `total_bytes` > 0.
    explicit body_budget(std::size_t total_bytes);

    /// Returns an empty share. `client` is an address as text; all invalid addresses count as one client.
    [[nodiscard]] share open(std::string_view client) const;
    /// The bytes that all bodies hold now.
    [[nodiscard]] std::size_t held() const;

private:
    std::shared_ptr<state> state_;
};

} // namespace breakwater::http
