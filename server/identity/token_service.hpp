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
#include "identity/token_cache.hpp"
#include "wire/token_claims.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::identity {

struct token_settings {
    crypto::jws_key access_key; ///< one key for each kind, so that no kind is accepted as another
    crypto::jws_key refresh_key;
    crypto::jws_key device_key;
    std::string issuer = "breakwater";
    std::string audience = "breakwater";
    std::chrono::minutes access_lifetime{15};
    std::chrono::minutes refresh_lifetime{10'080}; ///< idle time: from one use to the next
    std::chrono::minutes device_lifetime{5};
    static constexpr std::chrono::seconds longest_leeway{30};
    std::chrono::seconds leeway{longest_leeway}; ///< for clock differences; at most `longest_leeway`
};

struct access_claims {
    user_id user = 0;
    std::int64_t session_version = 0;
    uuid session{}; ///< identifies the sign-in: the family of its refresh tokens; nil: unknown
    timestamp expires_at{};
};

struct refresh_claims {
    user_id user = 0;
};

struct device_claims {
    breakwater::device_id device;
    std::int64_t token_version = 0;
    timestamp expires_at{};
};

/// The holder of a token, as the audit log names it.
struct token_holder {
    actor_type type = actor_type::user;
    std::string id{};

    friend bool operator==(const token_holder&, const token_holder&) = default;
};

/// Issues and checks the three kinds of token (RFC 7519). Checks the signature with the algorithm of the key,
/// and `token_type`, `iss`, `aud`, `exp`, `nbf` and `iat`, as RFC 8725 recommends. The caller compares
/// versions and roles with the registries. Remembers the claims of tokens whose signature it has verified
/// (`token_cache`). Any thread may call.
class token_service {
public:
    token_service(token_settings settings, const clock& time, random_source& random);

    [[nodiscard]] std::string issue_access(const user& user, const uuid& session) const;
    [[nodiscard]] std::string issue_refresh(user_id user) const;
    /// The refresh token that replaces `used`, which was used at `used_at`. The same arguments give the same
    /// token, except for the signature when the algorithm is randomised (ES256). Compare by
    /// `refresh_identity`.
    [[nodiscard]] std::string issue_successor(user_id user, std::string_view used, timestamp used_at) const;
    /// The identity of a refresh token: SHA-256 of its signed part, without the signature.
    [[nodiscard]] static crypto::sha256_digest refresh_identity(std::string_view token);
    [[nodiscard]] std::string issue_device(const device& device) const;

    /// `unauthenticated` if the token is not valid. The message reveals no more than a client needs.
    [[nodiscard]] result<access_claims> verify_access(std::string_view token) const;
    [[nodiscard]] result<refresh_claims> verify_refresh(std::string_view token) const;
    [[nodiscard]] result<device_claims> verify_device(std::string_view token) const;

    /// The holder of a token of any kind that this installation issued, however old. For the record of a
    /// refusal, never to grant access. Empty for a forged token and for one of another installation.
    [[nodiscard]] std::optional<token_holder> holder_of(std::string_view token) const;

    /// A separate key for another purpose, derived from the refresh key: HMAC-SHA256 of the purpose's name. A
    /// new refresh key changes it.
    [[nodiscard]] crypto::sha256_digest derived_key(std::string_view purpose) const;

    [[nodiscard]] const token_settings& settings() const noexcept { return settings_; }

private:
    /// The times at which a token is valid, in seconds since 1970.
    struct validity {
        std::int64_t expires = 0;
        std::int64_t not_before = 0;
        std::int64_t issued = 0;
    };
    template <class Claims>
    struct timed {
        Claims claims{};
        validity times{};
    };
    struct common_claims;

    /// What makes a token unique: its id and its time of issue.
    struct issue_stamp {
        std::array<std::uint8_t, 16> id{};
        timestamp at{};
    };
    [[nodiscard]] issue_stamp new_stamp() const;
    /// Adds the issuer, the audience, the times and the id to `claims`, and signs them.
    [[nodiscard]] std::string issue(const crypto::jws_key& key, std::chrono::minutes lifetime,
                                    const issue_stamp& stamp, wire::token_claims claims) const;
    /// The claims of a token that this installation issued and that is valid now.
    [[nodiscard]] result<common_claims> check(const crypto::jws_key& key, std::string_view type,
                                              std::string_view version_claim, std::string_view token) const;
    [[nodiscard]] bool is_current(const validity& times) const;

    token_settings settings_;
    const clock& clock_;
    random_source& random_;
    const crypto::sha256_digest successor_key_ = derived_key("refresh token successor");
    /// Memory when full of tokens of 400 bytes: 13 MB and 2 MB.
    mutable token_cache<timed<device_claims>> device_tokens_{32'768, random_};
    mutable token_cache<timed<access_claims>> access_tokens_{4096, random_};
};

} // namespace breakwater::identity
