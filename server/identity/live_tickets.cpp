#include "identity/live_tickets.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>

namespace breakwater::identity {

result<std::string> live_tickets::issue(const principal& holder) {
    std::array<std::uint8_t, 32> bytes{};
    random_.fill(bytes);
    std::string ticket = base64url_encode(bytes);
    const steady_point now = clock_.steady_now();
    const lock_guard lock{mutex_};
    remove_expired(now);
    const auto unused = std::ranges::count_if(
        open_, [&](const auto& item) { return item.second.holder.user == holder.user; });
    if (static_cast<std::size_t>(unused) >= max_per_user)
        return std::unexpected(
            error{.code = errc::rate_limited,
                  .detail = "You have too many unused tickets. Use one, or try again in 30 s.",
                  .retry_after = lifetime,
                  .limit = limit_info{.name = "tickets", .quota = max_per_user, .window = lifetime}});
    if (open_.size() >= max_count)
        return fail_with_retry(errc::overloaded, "There are too many unused tickets. Try again shortly.",
                               std::chrono::seconds{1});
    open_.emplace(crypto::sha256(as_bytes(ticket)), entry{holder, now + lifetime});
    return ticket;
}

std::optional<principal> live_tickets::redeem(std::string_view ticket) {
    const auto digest = crypto::sha256(as_bytes(ticket));
    const lock_guard lock{mutex_};
    remove_expired(clock_.steady_now());
    const auto position = open_.find(digest);
    if (position == open_.end())
        return std::nullopt;
    const principal holder = position->second.holder;
    open_.erase(position);
    return holder;
}

void live_tickets::remove_expired(steady_point now) {
    std::erase_if(open_, [now](const auto& item) { return item.second.expires_at <= now; });
}

} // namespace breakwater::identity
