#include "net/connection_limits.hpp"

#include <functional>
#include <string_view>

namespace breakwater::net {

std::size_t connection_limits::hash::operator()(const ip_bytes& address) const noexcept {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(address.data()), address.size()});
}

std::expected<connection_limits::slot, connection_limits::refusal>
connection_limits::acquire(const std::optional<ip_bytes>& peer) {
    std::optional<ip_bytes> client;
    if (peer && max_per_client_ != 0 && !is_loopback(*peer) && !is_shared_(*peer))
        client = client_network(*peer);
    const lock_guard lock{mutex_};
    if (count_ >= max_total_)
        return std::unexpected(refusal::too_many);
    if (client) {
        std::size_t& client_count = clients_[*client];
        if (client_count >= max_per_client_) // the entry existed already, so this adds none
            return std::unexpected(refusal::too_many_from_client);
        ++client_count;
    }
    ++count_;
    return slot{*this, client};
}

void connection_limits::release(const std::optional<ip_bytes>& client) noexcept {
    const lock_guard lock{mutex_};
    --count_;
    if (!client)
        return;
    const auto entry = clients_.find(*client);
    if (--entry->second == 0)
        clients_.erase(entry);
}

} // namespace breakwater::net
