#include "identity/token_service.hpp"

#include "base/calendar.hpp"
#include "base/encoding.hpp"
#include "base/integer.hpp"
#include "base/json_text.hpp"

#include <algorithm>

namespace breakwater::identity {

namespace {

constexpr std::string_view access_type = "user_access";
constexpr std::string_view refresh_type = "user_refresh";
constexpr std::string_view device_type = "device_access";
constexpr std::string_view session_version_claim = "session_version";
constexpr std::string_view token_version_claim = "token_version";

std::int64_t to_seconds(timestamp at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

std::unexpected<error> invalid() {
    return fail(errc::unauthenticated, "The token is invalid or has expired. Sign in again.");
}

std::optional<std::int64_t> number_claim(const json_document& claims, std::string_view name) {
    const auto* member = claims.find(name);
    if (member == nullptr || member->kind != json_kind::number)
        return std::nullopt;
    return parse_integer(claims.value(*member));
}

std::optional<std::string> text_claim(const json_document& claims, std::string_view name) {
    const auto* member = claims.find(name);
    if (member == nullptr || member->kind != json_kind::string)
        return std::nullopt;
    return unescape_json_string(claims.value(*member));
}

/// The claims of a token of that kind that this installation issued, even if it has expired or was revoked.
std::optional<json_document> genuine_claims(const token_settings& settings, const crypto::jws_key& key,
                                            std::string_view type, std::string_view token) {
    const auto payload = key.verify(token);
    if (!payload)
        return std::nullopt;
    auto claims = read_json(*payload);
    // This server issues one audience, as a string. An array (RFC 7519 section 4.1.3) is from another issuer.
    if (!claims || claims->kind != json_kind::object || text_claim(*claims, "token_type") != type ||
        text_claim(*claims, "iss") != settings.issuer || text_claim(*claims, "aud") != settings.audience)
        return std::nullopt;
    return std::move(*claims);
}

} // namespace

struct token_service::common_claims {
    std::string subject;
    std::int64_t version = 0;
    validity times{};
    uuid session{};
};

token_service::token_service(token_settings settings, const clock& time, random_source& random)
    : settings_{std::move(settings)}, clock_{time}, random_{random} {}

token_service::issue_stamp token_service::new_stamp() const {
    issue_stamp stamp{.at = clock_.now()};
    random_.fill(stamp.id);
    return stamp;
}

std::string token_service::issue(const crypto::jws_key& key, std::chrono::minutes lifetime,
                                 const issue_stamp& stamp, wire::token_claims claims) const {
    claims.iss = settings_.issuer;
    claims.aud = settings_.audience;
    claims.iat = to_seconds(stamp.at);
    claims.nbf = claims.iat;
    claims.exp = claims.iat + std::chrono::seconds{lifetime}.count();
    claims.jti = base64url_encode(stamp.id);
    return key.sign(wire::schema::to_json(claims));
}

std::string token_service::issue_access(const user& user, const uuid& session) const {
    return issue(settings_.access_key, settings_.access_lifetime, new_stamp(),
                 {.sub = std::to_string(user.id),
                  .token_type = access_type,
                  .role = {user.role},
                  .session_version = {user.session_version},
                  .sid = {session}});
}

std::string token_service::issue_refresh(user_id user) const {
    return issue(settings_.refresh_key, settings_.refresh_lifetime, new_stamp(),
                 {.sub = std::to_string(user), .token_type = refresh_type});
}

std::string token_service::issue_successor(user_id user, std::string_view used, timestamp used_at) const {
    issue_stamp stamp{.at = used_at};
    const auto identity = refresh_identity(used);
    const auto derived = crypto::hmac_sha256(successor_key_, identity);
    std::copy_n(derived.begin(), stamp.id.size(), stamp.id.begin());
    return issue(settings_.refresh_key, settings_.refresh_lifetime, stamp,
                 {.sub = std::to_string(user), .token_type = refresh_type});
}

crypto::sha256_digest token_service::refresh_identity(std::string_view token) {
    return crypto::sha256(as_bytes(token.substr(0, token.rfind('.'))));
}

std::string token_service::issue_device(const device& device) const {
    return issue(
        settings_.device_key, settings_.device_lifetime, new_stamp(),
        {.sub = device.id.to_string(), .token_type = device_type, .token_version = {device.token_version}});
}

result<token_service::common_claims> token_service::check(const crypto::jws_key& key, std::string_view type,
                                                          std::string_view version_claim,
                                                          std::string_view token) const {
    const auto claims = genuine_claims(settings_, key, type, token);
    if (!claims)
        return invalid();
    const auto expires = number_claim(*claims, "exp");
    const auto not_before = number_claim(*claims, "nbf");
    const auto issued = number_claim(*claims, "iat");
    auto subject = text_claim(*claims, "sub");
    if (!expires || !not_before || !issued || !subject)
        return invalid();
    common_claims out{.subject = std::move(*subject),
                      .times = {.expires = *expires, .not_before = *not_before, .issued = *issued},
                      .session = uuid::parse(text_claim(*claims, "sid").value_or("")).value_or(uuid{})};
    if (!version_claim.empty()) {
        const auto version = number_claim(*claims, version_claim);
        if (!version)
            return invalid();
        out.version = *version;
    }
    if (!is_current(out.times))
        return invalid();
    return out;
}

bool token_service::is_current(const validity& times) const {
    const std::int64_t now = to_seconds(clock_.now());
    const std::int64_t leeway = settings_.leeway.count();
    // Written as differences from `now`, so that no claim can overflow the sum.
    return times.expires > now - leeway && times.not_before <= now + leeway && times.issued <= now + leeway;
}

result<access_claims> token_service::verify_access(std::string_view token) const {
    if (const auto cached = access_tokens_.find(token))
        return is_current(cached->times) ? result<access_claims>{cached->claims} : invalid();
    auto claims = check(settings_.access_key, access_type, session_version_claim, token);
    if (!claims)
        return pass(std::move(claims));
    const auto user = parse_integer(claims->subject);
    if (!user)
        return invalid();
    const access_claims out{.user = *user,
                            .session_version = claims->version,
                            .session = claims->session,
                            .expires_at = from_unix_seconds(claims->times.expires)};
    access_tokens_.put(token, {out, claims->times});
    return out;
}

result<refresh_claims> token_service::verify_refresh(std::string_view token) const {
    auto claims = check(settings_.refresh_key, refresh_type, {}, token);
    if (!claims)
        return pass(std::move(claims));
    const auto user = parse_integer(claims->subject);
    if (!user)
        return invalid();
    return refresh_claims{*user};
}

result<device_claims> token_service::verify_device(std::string_view token) const {
    if (const auto cached = device_tokens_.find(token))
        return is_current(cached->times) ? result<device_claims>{cached->claims} : invalid();
    auto claims = check(settings_.device_key, device_type, token_version_claim, token);
    if (!claims)
        return pass(std::move(claims));
    const auto device = uuid::parse(claims->subject);
    if (!device)
        return invalid();
    const device_claims out{.device = *device,
                            .token_version = claims->version,
                            .expires_at = from_unix_seconds(claims->times.expires)};
    device_tokens_.put(token, {out, claims->times});
    return out;
}

std::optional<token_holder> token_service::holder_of(std::string_view token) const {
    // The unverified claims only select the key that must have signed the token.
    const auto unverified = crypto::decode_unverified(token);
    const auto unverified_claims =
        unverified ? read_json(unverified->payload) : std::unexpected(unverified.error());
    const auto type = unverified_claims ? text_claim(*unverified_claims, "token_type") : std::nullopt;
    const crypto::jws_key* key = type == access_type    ? &settings_.access_key
                                 : type == refresh_type ? &settings_.refresh_key
                                 : type == device_type  ? &settings_.device_key
                                                        : nullptr;
    if (key == nullptr)
        return std::nullopt;
    const auto claims = genuine_claims(settings_, *key, *type, token);
    auto subject = claims ? text_claim(*claims, "sub") : std::nullopt;
    if (!subject)
        return std::nullopt;
    return token_holder{type == device_type ? actor_type::device : actor_type::user, std::move(*subject)};
}

crypto::sha256_digest token_service::derived_key(std::string_view purpose) const {
    return crypto::hmac_sha256(as_bytes(settings_.refresh_key.to_jwk()), as_bytes(purpose));
}

} // namespace breakwater::identity
