#pragma once

#include "base/ip_address.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace breakwater::http {

/// How many bytes the bodies of requests may take in memory, over all connections. Whoever asks for much is
/// the first to be refused: a body may take a sixteenth (`part`) of what is left for its client (an IPv4
/// address, an IPv6 /64), which is what is free for all less what the client holds already. So one that
/// floods gets half of it all and large bodies are refused long before small ones, those of the same
/// address, too. A body of at most `free_bytes` isn't counted: connections are. A copy is the same budget.
/// Any thread may call.
class body_budget {
    struct state;

public:
    static constexpr std::size_t free_bytes = 4U << 10;
    static constexpr std::size_t part = 16;

    /// What one body takes; given back when it goes. It may outlive the budget. One thread at a time.
    class share {
    public:
        share() noexcept = default;
        share(share&& other) noexcept;
        share& operator=(share&& other) noexcept;
        ~share() { release(); }

        /// Makes it as large as `bytes`, where it isn't larger; false, and unchanged, where that is too much.
        /// Of a share made by default always true.
        [[nodiscard]] bool grow(std::size_t bytes);
        void release() noexcept;

    private:
        friend class body_budget;
        share(std::shared_ptr<state> home, const ip_bytes& client) noexcept;
        std::shared_ptr<state> home_;
        ip_bytes client_{};
        std::size_t bytes_ = 0;
    };

    /// REQUIRES: `in_all` > 0, in bytes.
    explicit body_budget(std::size_t in_all);

    /// A share of no bytes yet. `client` is an address as text; all that are none are one client.
    [[nodiscard]] share open(std::string_view client) const;
    /// What all bodies take by now.
    [[nodiscard]] std::size_t held() const;

private:
    std::shared_ptr<state> state_;
};

} // namespace breakwater::http
