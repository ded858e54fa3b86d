#include "live/tickets.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>

namespace breakwater::live {

result<std::string> tickets::issue(const http::principal& to) {
    std::array<std::uint8_t, 32> bytes{};
    random_.fill(bytes);
    std::string ticket = base64url_encode(bytes);
    const steady_point now = clock_.steady_now();
    const std::lock_guard lock{mutex_};
    drop_old(now);
    const auto of_one =
        std::ranges::count_if(open_, [&](const auto& each) { return each.second.who.user == to.user; });
    if (static_cast<std::size_t>(of_one) >= most_of_one)
        return fail_later(errc::rate_limited, "There are many tickets that weren't used.", lifetime);
    if (open_.size() >= most)
        return fail_later(errc::overloaded, "There are too many tickets that weren't used.",
                          std::chrono::seconds{1});
    open_.emplace(crypto::sha256(as_bytes(ticket)), entry{to, now + lifetime});
    return ticket;
}

std::optional<http::principal> tickets::take(std::string_view ticket) {
    const auto digest = crypto::sha256(as_bytes(ticket));
    const std::lock_guard lock{mutex_};
    drop_old(clock_.steady_now());
    const auto found = open_.find(digest);
    if (found == open_.end())
        return std::nullopt;
    const http::principal who = found->second.who;
    open_.erase(found);
    return who;
}

void tickets::drop_old(steady_point now) {
    std::erase_if(open_, [now](const auto& each) { return each.second.until <= now; });
}

} // namespace breakwater::live
