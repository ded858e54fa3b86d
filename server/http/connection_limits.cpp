#include "http/connection_limits.hpp"

#include <functional>
#include <string_view>

namespace breakwater::http {

std::size_t connection_limits::hash::operator()(const ip_bytes& address) const noexcept {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(address.data()), address.size()});
}

std::expected<connection_limits::place, connection_limits::refusal>
connection_limits::take(const std::optional<ip_bytes>& peer) {
    std::optional<ip_bytes> client;
    if (peer && from_client_ != 0 && !is_loopback(*peer) && !proxies_.trust(*peer))
        client = client_network(*peer);
    const std::lock_guard lock{mutex_};
    if (count_ >= in_all_)
        return std::unexpected(refusal::too_many);
    if (client) {
        std::size_t& its = clients_[*client];
        if (its >= from_client_) // so it isn't new, and nothing was added
            return std::unexpected(refusal::too_many_from_client);
        ++its;
    }
    ++count_;
    return place{*this, client};
}

void connection_limits::give_back(const std::optional<ip_bytes>& client) noexcept {
    const std::lock_guard lock{mutex_};
    --count_;
    if (!client)
        return;
    const auto found = clients_.find(*client);
    if (--found->second == 0)
        clients_.erase(found);
}

} // namespace breakwater::http
