#include "identity/live_tickets.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace breakwater::identity {

namespace {

// A ticket, in URL-safe base64: random bytes, and the beginning of their HMAC-SHA256.
constexpr std::size_t random_bytes = 32;
constexpr std::size_t mac_bytes = 16;
constexpr std::size_t ticket_bytes = random_bytes + mac_bytes;

/// Expired tickets that each new ticket removes. It is more than one, so expired tickets never pile up.
constexpr std::int64_t max_purged = 100;
/// How far the clock of another process may be ahead, which issued a ticket.
constexpr std::chrono::seconds clock_tolerance{30};

crypto::sha256_digest digest_of(std::string_view ticket) {
    return crypto::sha256(as_bytes(ticket));
}

std::unexpected<error> refused() {
    return fail(errc::unauthenticated, "The ticket is unknown, was already used or has expired.");
}

result<void> check_count(const storage::ticket_count& unused) {
    if (unused.of_user >= live_tickets::max_per_user)
        return std::unexpected(error{
            .code = errc::rate_limited,
            .detail = "You have too many unused tickets. Use one, or try again in 30 s.",
            .retry_after = live_tickets::lifetime,
            .limit = limit_info{
                .name = "tickets", .quota = live_tickets::max_per_user, .window = live_tickets::lifetime}});
    if (unused.total >= live_tickets::max_count)
        return fail_with_retry(errc::overloaded, "There are too many unused tickets. Try again shortly.",
                               std::chrono::seconds{1});
    return {};
}

} // namespace

storage::ticket_window live_tickets::valid_now() const {
    const timestamp now = clock_.now();
    return {.after = now, .until = now + lifetime + clock_tolerance};
}

result<std::string> live_tickets::issue(const principal& holder) {
    std::array<std::uint8_t, ticket_bytes> bytes{};
    const std::span whole{bytes};
    random_.fill(whole.first<random_bytes>());
    const auto mac = crypto::hmac_sha256(key_, whole.first<random_bytes>());
    std::ranges::copy(std::span{mac}.first<mac_bytes>(), whole.subspan<random_bytes>().begin());
    std::string ticket = base64url_encode(bytes);
    const storage::live_ticket added{.digest = digest_of(ticket),
                                     .user = holder.user,
                                     .role = holder.role,
                                     .session_version = holder.version,
                                     .session = holder.session,
                                     .session_expires_at = holder.expires_at,
                                     .expires_at = clock_.now() + lifetime};
    auto stored = store_.write([&, valid = valid_now()](storage::transaction& tx) -> result<void> {
        const auto unused = tx.tickets().count(added.user, valid);
        if (!unused)
            return std::unexpected(unused.error());
        if (auto allowed = check_count(*unused); !allowed)
            return allowed;
        if (auto purged = tx.tickets().purge(valid, max_purged); !purged)
            return purged;
        return tx.tickets().insert(added);
    });
    if (!stored)
        return pass(std::move(stored));
    return ticket;
}

void live_tickets::redeem(std::string_view ticket, completion done) {
    if (!is_genuine(ticket))
        return done(refused());
    auto taken = std::make_shared<std::optional<storage::live_ticket>>();
    store_.write_async(
        [digest = digest_of(ticket), taken](storage::transaction& tx) -> result<void> {
            auto removed = tx.tickets().take(digest);
            if (!removed)
                return pass(std::move(removed));
            *taken = std::move(*removed);
            return {};
        },
        [taken, valid = valid_now(), done = std::move(done)](result<void> outcome) mutable {
            if (!outcome)
                return done(pass(std::move(outcome)));
            const auto& stored = *taken;
            if (!stored || !valid.contains(stored->expires_at))
                return done(refused());
            done(principal{.kind = principal::kind::person,
                           .user = stored->user,
                           .role = stored->role,
                           .version = stored->session_version,
                           .session = stored->session,
                           .expires_at = stored->session_expires_at});
        });
}

bool live_tickets::is_genuine(std::string_view ticket) const {
    const auto bytes = base64url_decode(ticket);
    if (!bytes || bytes->size() != ticket_bytes)
        return false;
    const std::span<const std::uint8_t, ticket_bytes> whole{*bytes};
    const auto mac = crypto::hmac_sha256(key_, whole.first<random_bytes>());
    return crypto::equal_in_constant_time(whole.subspan<random_bytes>(), std::span{mac}.first<mac_bytes>());
}

} // namespace breakwater::identity
