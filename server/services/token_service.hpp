#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws.hpp"
#include "domain/device.hpp"
#include "domain/security_event.hpp"
#include "domain/user.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::services {

struct token_settings {
    crypto::jws_key access_key; ///< one key a kind, so that no kind can pass for another
    crypto::jws_key refresh_key;
    crypto::jws_key device_key;
    std::string issuer = "breakwater";
    std::string audience = "breakwater";
    std::chrono::minutes access_lifetime{15};
    std::chrono::minutes refresh_lifetime{10'080}; ///< idle: from one use to the next
    std::chrono::minutes device_lifetime{5};
    static constexpr std::chrono::seconds longest_leeway{30};
    std::chrono::seconds leeway{longest_leeway}; ///< for clocks that disagree; never more than that
};

struct access_claims {
    user_id user = 0;
    std::int64_t session_version = 0;
    uuid session{}; ///< the sign-in it comes from: the family of refresh tokens; nil: not told
    timestamp expires_at{};
};

struct refresh_claims {
    user_id user = 0;
};

struct device_claims {
    breakwater::device_id device;
    std::int64_t token_version = 0;
};

/// Whom a token names, as the audit log has it.
struct token_holder {
    actor_type type = actor_type::user;
    std::string id{};

    friend bool operator==(const token_holder&, const token_holder&) = default;
};

/// Makes and checks the three kinds of token (RFC 7519; checks after RFC 8725): signature by the pinned
/// algorithm, `token_type`, `iss`, `aud`, `exp`, `nbf` and `iat`. What is only known to the registries
/// (versions, roles) is the caller's to compare. Immutable but for the randomness it draws; any thread may
/// call.
class token_service {
public:
    token_service(token_settings chosen, const clock& time, random_source& random);

    [[nodiscard]] std::string issue_access(const user& to, const uuid& session) const;
    [[nodiscard]] std::string issue_refresh(user_id to) const;
    /// The refresh token that follows on one that was used then: always the same one, but for the signature
    /// where the algorithm draws one (ES256). Compare by `refresh_identity`.
    [[nodiscard]] std::string issue_successor(user_id to, std::string_view of, timestamp used_at) const;
    /// What a refresh token is known by: SHA-256 of what its signature is over.
    [[nodiscard]] static crypto::sha256_digest refresh_identity(std::string_view token);
    [[nodiscard]] std::string issue_device(const device& to) const;

    /// `unauthenticated`, with a sentence that says no more than a client needs.
    [[nodiscard]] result<access_claims> verify_access(std::string_view token) const;
    [[nodiscard]] result<refresh_claims> verify_refresh(std::string_view token) const;
    [[nodiscard]] result<device_claims> verify_device(std::string_view token) const;

    /// Whom a token of any kind was issued to here, however old it is: for the record of a refusal, never to
    /// let anybody in. Nothing where it was forged, or is another installation's.
    [[nodiscard]] std::optional<token_holder> holder_of(std::string_view token) const;

    /// A key of its own for another purpose, from the refresh key's private part: HMAC-SHA256 of the
    /// purpose's name. A new refresh key changes it.
    [[nodiscard]] crypto::sha256_digest derived_key(std::string_view purpose) const;

    [[nodiscard]] const token_settings& settings() const noexcept { return settings_; }

private:
    struct common_claims;

    /// Who made it unmistakable, and when.
    struct birth {
        std::array<std::uint8_t, 16> id{};
        timestamp at{};
    };
    [[nodiscard]] birth fresh() const;
    [[nodiscard]] std::string issue(const crypto::jws_key& key, std::string_view type,
                                    std::string_view subject, std::chrono::minutes lifetime,
                                    std::string_view extra, const birth& born) const;
    [[nodiscard]] result<common_claims> check(const crypto::jws_key& key, std::string_view type,
                                              std::string_view version_claim, std::string_view token) const;

    token_settings settings_;
    const clock& clock_;
    random_source& random_;
    const crypto::sha256_digest successor_key_ = derived_key("refresh token successor");
};

} // namespace breakwater::services
