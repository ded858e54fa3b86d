#include "http/body_budget.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
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

    explicit state(std::size_t in_all) noexcept : bytes{in_all} {}

    const std::size_t bytes;
    std::mutex mutex;
    std::size_t held = 0;
    std::unordered_map<ip_bytes, std::size_t, hash> clients; ///< of those who hold anything
};

body_budget::share::share(std::shared_ptr<state> home, const ip_bytes& client) noexcept
    : home_{std::move(home)}, client_{client} {}

body_budget::share::share(share&& other) noexcept
    : home_{std::move(other.home_)}, client_{other.client_}, bytes_{std::exchange(other.bytes_, 0)} {}

body_budget::share& body_budget::share::operator=(share&& other) noexcept {
    if (this != &other) {
        release();
        home_ = std::move(other.home_);
        client_ = other.client_;
        bytes_ = std::exchange(other.bytes_, 0);
    }
    return *this;
}

bool body_budget::share::grow(std::size_t bytes) {
    if (!home_ || bytes <= std::max(bytes_, free_bytes))
        return true;
    const std::lock_guard lock{home_->mutex};
    const auto known = home_->clients.find(client_);
    const std::size_t others = home_->held - bytes_;
    const std::size_t its_others = known == home_->clients.end() ? 0 : known->second - bytes_;
    const std::size_t taken = others + its_others;
    const std::size_t left = home_->bytes - std::min(home_->bytes, taken);
    if (bytes > left / part)
        return false;
    home_->clients[client_] = its_others + bytes;
    home_->held = others + bytes;
    bytes_ = bytes;
    return true;
}

void body_budget::share::release() noexcept {
    if (bytes_ == 0)
        return;
    const std::lock_guard lock{home_->mutex};
    const auto known = home_->clients.find(client_);
    known->second -= bytes_;
    if (known->second == 0)
        home_->clients.erase(known);
    home_->held -= std::exchange(bytes_, 0);
}

body_budget::body_budget(std::size_t in_all) : state_{std::make_shared<state>(in_all)} {}

body_budget::share body_budget::open(std::string_view client) const {
    const auto address = parse_ip(client);
    return {state_, address ? client_network(*address) : ip_bytes{}};
}

std::size_t body_budget::held() const {
    const std::lock_guard lock{state_->mutex};
    return state_->held;
}

} // namespace breakwater::http
