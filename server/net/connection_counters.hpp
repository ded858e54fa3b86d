#pragma once

#include <atomic>
#include <cstdint>

namespace breakwater::net {

/// The connections of a listener. Its I/O threads update the counters without locks.
struct connection_counters {
    std::atomic<std::int64_t> open{0};               ///< open now, including those in their TLS handshake
    std::atomic<std::uint64_t> refused{0};           ///< over the total limit
    std::atomic<std::uint64_t> refused_by_client{0}; ///< over the limit of one client (address or network)
};

} // namespace breakwater::net
