#include "http/body_budget.hpp"

#include "base/mutex.hpp"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

namespace breakwater::http {

struct body_budget::state {
    struct hash {
        [[nodiscard]] std::size_t operator()(const ip_bytes& address) const noexcept {
            return std::hash<std::string_view>{}(
                {reinterpret_cast<const char*>(address.data()), address.size()});
        }
    };

    explicit state(std::size_t total) noexcept : total_bytes{total} {}

    const std::size_t total_bytes;
    breakwater::mutex mutex;
    std::size_t held GUARDED_BY(mutex) = 0;
    std::unordered_map<ip_bytes, std::size_t, hash>
        clients GUARDED_BY(mutex); ///< only clients that hold bytes
};

body_budget::share::share(std::shared_ptr<state> budget, const ip_bytes& client) noexcept
    : budget_{std::move(budget)}, client_{client} {}

body_budget::share::share(share&& other) noexcept
    : budget_{std::move(other.budget_)}, client_{other.client_}, bytes_{std::exchange(other.bytes_, 0)} {}

body_budget::share& body_budget::share::operator=(share&& other) noexcept {
    if (this != &other) {
        release();
        budget_ = std::move(other.budget_);
        client_ = other.client_;
        bytes_ = std::exchange(other.bytes_, 0);
    }
    return *this;
}

bool body_budget::share::grow(std::size_t bytes) {
    if (!budget_ || bytes <= std::max(bytes_, uncounted_bytes))
        return true;
    const lock_guard lock{budget_->mutex};
    const auto entry = budget_->clients.find(client_);
    const std::size_t others = budget_->held - bytes_;
    const std::size_t others_of_client = entry == budget_->clients.end() ? 0 : entry->second - bytes_;
    const std::size_t used = others + others_of_client;
    const std::size_t remaining = budget_->total_bytes - std::min(budget_->total_bytes, used);
    if (bytes > remaining / divisor)
        return false;
    budget_->clients[client_] = others_of_client + bytes;
    budget_->held = others + bytes;
    bytes_ = bytes;
    return true;
}

void body_budget::share::release() noexcept {
    if (bytes_ == 0)
        return;
    const lock_guard lock{budget_->mutex};
    const auto entry = budget_->clients.find(client_);
    entry->second -= bytes_;
    if (entry->second == 0)
        budget_->clients.erase(entry);
    budget_->held -= std::exchange(bytes_, 0);
}

body_budget::body_budget(std::size_t total_bytes) : state_{std::make_shared<state>(total_bytes)} {}

body_budget::share body_budget::open(std::string_view client) const {
    const auto address = parse_ip(client);
    return {state_, address ? client_network(*address) : ip_bytes{}};
}

std::size_t body_budget::held() const {
    const lock_guard lock{state_->mutex};
    return state_->held;
}

} // namespace breakwater::http
