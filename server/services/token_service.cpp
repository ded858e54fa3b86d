#include "services/token_service.hpp"

#include "base/calendar.hpp"
#include "base/encoding.hpp"
#include "base/integer.hpp"
#include "base/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace breakwater::services {

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
    return fail(errc::unauthenticated, "The token is invalid or has expired.");
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

/// Of a token of that kind that was issued here, be it old or revoked.
std::optional<json_document> genuine_claims(const token_settings& settings, const crypto::jws_key& key,
                                            std::string_view type, std::string_view token) {
    const auto payload = key.verify(token);
    if (!payload)
        return std::nullopt;
    auto claims = read_json(*payload);
    // One audience as a string is all that is ever issued; an array (RFC 7519 section 4.1.3) is another's
    // token.
    if (!claims || claims->kind != json_kind::object || text_claim(*claims, "token_type") != type ||
        text_claim(*claims, "iss") != settings.issuer || text_claim(*claims, "aud") != settings.audience)
        return std::nullopt;
    return std::move(*claims);
}

} // namespace

struct token_service::common_claims {
    std::string subject;
    std::int64_t version = 0;
    timestamp expires_at{};
    uuid session{};
};

token_service::token_service(token_settings chosen, const clock& time, random_source& random)
    : settings_{std::move(chosen)}, clock_{time}, random_{random} {}

token_service::birth token_service::fresh() const {
    birth born{.at = clock_.now()};
    random_.fill(born.id);
    return born;
}

std::string token_service::issue(const crypto::jws_key& key, std::string_view type, std::string_view subject,
                                 std::chrono::minutes lifetime, std::string_view extra,
                                 const birth& born) const {
    const std::int64_t now = to_seconds(born.at);
    std::string claims = R"({"iss":)";
    append_json_string(claims, settings_.issuer);
    claims += R"(,"aud":)";
    append_json_string(claims, settings_.audience);
    claims += fmt::format(R"(,"sub":"{}","token_type":"{}","iat":{},"nbf":{},"exp":{},"jti":"{}"{}}})",
                          subject, type, now, now, now + std::chrono::seconds{lifetime}.count(),
                          base64url_encode(born.id), extra);
    return key.sign(claims);
}

std::string token_service::issue_access(const user& to, const uuid& session) const {
    return issue(settings_.access_key, access_type, std::to_string(to.id), settings_.access_lifetime,
                 fmt::format(R"(,"role":"{}","{}":{},"sid":"{}")", to_string(to.role), session_version_claim,
                             to.session_version, session.to_string()),
                 fresh());
}

std::string token_service::issue_refresh(user_id to) const {
    return issue(settings_.refresh_key, refresh_type, std::to_string(to), settings_.refresh_lifetime, {},
                 fresh());
}

std::string token_service::issue_successor(user_id to, std::string_view of, timestamp used_at) const {
    birth born{.at = used_at};
    const auto identity = refresh_identity(of);
    const auto derived = crypto::hmac_sha256(successor_key_, identity);
    std::copy_n(derived.begin(), born.id.size(), born.id.begin());
    return issue(settings_.refresh_key, refresh_type, std::to_string(to), settings_.refresh_lifetime, {},
                 born);
}

crypto::sha256_digest token_service::refresh_identity(std::string_view token) {
    return crypto::sha256(as_bytes(token.substr(0, token.rfind('.'))));
}

std::string token_service::issue_device(const device& to) const {
    return issue(settings_.device_key, device_type, to.id.to_string(), settings_.device_lifetime,
                 fmt::format(R"(,"{}":{})", token_version_claim, to.token_version), fresh());
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
    const std::int64_t now = to_seconds(clock_.now());
    const std::int64_t leeway = settings_.leeway.count();
    // Written as differences from `now`, so that no claim can overflow the sum.
    if (*expires <= now - leeway || *not_before > now + leeway || *issued > now + leeway)
        return invalid();
    common_claims out{.subject = std::move(*subject),
                      .expires_at = from_unix_seconds(*expires),
                      .session = uuid::parse(text_claim(*claims, "sid").value_or("")).value_or(uuid{})};
    if (!version_claim.empty()) {
        const auto version = number_claim(*claims, version_claim);
        if (!version)
            return invalid();
        out.version = *version;
    }
    return out;
}

result<access_claims> token_service::verify_access(std::string_view token) const {
    auto claims = check(settings_.access_key, access_type, session_version_claim, token);
    if (!claims)
        return pass(std::move(claims));
    const auto user = parse_integer(claims->subject);
    if (!user)
        return invalid();
    return access_claims{.user = *user,
                         .session_version = claims->version,
                         .session = claims->session,
                         .expires_at = claims->expires_at};
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
    auto claims = check(settings_.device_key, device_type, token_version_claim, token);
    if (!claims)
        return pass(std::move(claims));
    const auto device = uuid::parse(claims->subject);
    if (!device)
        return invalid();
    return device_claims{*device, claims->version};
}

std::optional<token_holder> token_service::holder_of(std::string_view token) const {
    // What it says of itself decides no more than which key has to have signed it.
    const auto unverified = crypto::decode_unverified(token);
    const auto says = unverified ? read_json(unverified->payload) : std::unexpected(unverified.error());
    const auto type = says ? text_claim(*says, "token_type") : std::nullopt;
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

} // namespace breakwater::services
