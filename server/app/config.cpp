#include "app/config.hpp"

#include "api/routes.hpp"
#include "base/integer.hpp"
#include "crypto/password_hash.hpp"
#include "http/cors.hpp"
#include "http/proxies.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace breakwater::app {

namespace {

constexpr std::string_view sqlite_scheme = "sqlite:///";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Reads a whole number into a member, within bounds.
template <class Number>
std::string read_number(Number& into, std::string_view text, std::int64_t least, std::int64_t most) {
    const auto value = parse_integer(trimmed(text));
    if (!value || *value < least || *value > most)
        return fmt::format("must be a whole number from {} to {}", least, most);
    into =
        Number(static_cast<typename std::conditional_t<std::is_integral_v<Number>, std::type_identity<Number>,
                                                       std::type_identity<std::int64_t>>::type>(*value));
    return {};
}

std::string read_bool(bool& into, std::string_view text) {
    std::string lowered{trimmed(text)};
    std::ranges::transform(lowered, lowered.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    for (const std::string_view yes : {"true", "1", "yes", "on"})
        if (lowered == yes) {
            into = true;
            return {};
        }
    for (const std::string_view no : {"false", "0", "no", "off"})
        if (lowered == no) {
            into = false;
            return {};
        }
    return "must be true or false";
}

/// A list as the reference writes it (`["a", "b"]`) or with commas alone.
std::string read_list(std::vector<std::string>& into, std::string_view text) {
    std::string_view rest = trimmed(text);
    if (rest.starts_with('[')) {
        if (!rest.ends_with(']'))
            return "must end with ] where it begins with [";
        rest = rest.substr(1, rest.size() - 2);
    }
    std::vector<std::string> items;
    while (!trimmed(rest).empty()) {
        const auto comma = std::min(rest.find(','), rest.size());
        std::string_view item = trimmed(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        if (item.size() >= 2 && (item.front() == '"' || item.front() == '\'') && item.back() == item.front())
            item = item.substr(1, item.size() - 2);
        if (item.empty() || item.find_first_of("\"' \t") != std::string_view::npos)
            return R"(must be a list like ["https://a.example", "https://b.example"])";
        items.emplace_back(item);
    }
    into = std::move(items);
    return {};
}

std::string read_proxies(config& into, std::string_view text) {
    if (auto wrong = read_list(into.trusted_proxies, text); !wrong.empty())
        return wrong;
    return http::trusted_proxies::parse(into.trusted_proxies) ? ""
                                                              : "must be addresses or CIDR blocks, as a list";
}

/// As a browser sends them (RFC 6454 section 6.2), or nothing would ever match.
std::string read_origins(config& into, std::string_view text) {
    std::vector<std::string> origins;
    if (auto wrong = read_list(origins, text); !wrong.empty())
        return wrong;
    for (const std::string& origin : origins)
        if (origin != "*" && !http::is_origin(origin))
            return fmt::format("must list origins as browsers send them, like https://fleet.example or "
                               "http://localhost:3000, without a path and in lower case; {:?} is none",
                               origin);
    into.cors_origins = std::move(origins);
    return {};
}

std::string read_webhook_hosts(config& into, std::string_view text) {
    std::vector<std::string> names;
    if (auto wrong = read_list(names, text); !wrong.empty())
        return wrong;
    local_hosts hosts;
    for (const std::string& name : names) {
        auto host = parse_webhook_host(name);
        if (!host)
            return fmt::format("must list hosts as they stand in URLs, like hooks.lan, 192.168.1.7 or [::1], "
                               "without scheme and port; {:?} is none",
                               name);
        hosts.push_back(std::move(*host));
    }
    into.webhook_local_hosts = std::move(hosts);
    return {};
}

/// Unreserved characters alone (RFC 3986 section 2.3), so that it has one spelling in addresses and cookies.
std::string read_base_path(config& into, std::string_view text) {
    constexpr std::size_t longest = 128;
    const std::string_view path = trimmed(text);
    const auto unreserved = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '.' || c == '_' || c == '~';
    };
    std::string_view rest = path;
    std::string_view first;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('/', 1), rest.size());
        const std::string_view segment = rest.substr(1, end - 1);
        if (rest.front() != '/' || segment.empty() || segment == "." || segment == ".." ||
            path.size() > longest || !std::ranges::all_of(segment, unreserved))
            return fmt::format("must be empty or a path like /breakwater: letters, digits and - . _ ~ "
                               "behind each slash, none at the end, at most {} characters",
                               longest);
        if (first.empty())
            first = segment;
        rest.remove_prefix(end);
    }
    if (!first.empty() && api::begins_a_route(first))
        return fmt::format("must not begin with /{}, which is an address of the API itself", first);
    into.base_path = path;
    return {};
}

/// RFC 9116 section 2.5.3.
std::string read_contact(config& into, std::string_view text) {
    const std::string_view contact = trimmed(text);
    const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
    for (const std::string_view scheme : {"mailto:", "https://", "tel:"})
        if (contact.starts_with(scheme) && contact.size() > scheme.size() &&
            std::ranges::all_of(contact, visible)) {
            into.security_contact = contact;
            return {};
        }
    return "must be a mailto:, https:// or tel: URI";
}

std::string read_seconds(std::chrono::microseconds& into, std::string_view text) {
    const std::string_view digits = trimmed(text);
    double value = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc{} || end != digits.data() + digits.size() || std::isnan(value) || value < 0 ||
        value > 86'400)
        return "must be a number of seconds from 0 to 86400";
    into = std::chrono::microseconds{std::llround(value * 1e6)};
    return {};
}

std::string read_word(std::string& into, std::string_view text, std::size_t most) {
    if (text.size() > most)
        return fmt::format("must have at most {} characters", most);
    into = text;
    return {};
}

std::string read_required(std::string& into, std::string_view text) {
    if (trimmed(text).empty())
        return "must not be empty";
    into = trimmed(text);
    return {};
}

} // namespace

bool is_loopback(std::string_view host) noexcept {
    return host == "localhost" || host == "::1" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

const std::vector<setting>& settings() {
    static const std::vector<setting> table{
        {"APP_NAME", "What /healthz calls the application.", false,
         [](config& c, std::string_view t) { return read_required(c.app_name, t); },
         [](const config& c) { return c.app_name; }},
        {"ENVIRONMENT",
         "local, or anything else for production: then keys must be set and demo passwords are refused.",
         false, [](config& c, std::string_view t) { return read_required(c.environment, t); },
         [](const config& c) { return c.environment; }},
        {"LOG_LEVEL", "debug, info, warning or error.", false,
         [](config& c, std::string_view t) -> std::string {
             if (t != "debug" && t != "info" && t != "warning" && t != "error")
                 return "must be debug, info, warning or error";
             c.log_level = t;
             return {};
         },
         [](const config& c) { return c.log_level; }},
        {"HOST", "The address to listen on.", false,
         [](config& c, std::string_view t) { return read_required(c.host, t); },
         [](const config& c) { return c.host; }},
        {"PORT", "The port to listen on; 0 picks a free one.", false,
         [](config& c, std::string_view t) { return read_number(c.port, t, 0, 65'535); },
         [](const config& c) { return std::to_string(c.port); }},
        {"BASE_PATH",
         "The path under which a proxy shows the server, like /breakwater; empty is the root. Proxies may "
         "pass it on or take it off.",
         false, read_base_path, [](const config& c) { return c.base_path; }},
        {"IO_THREADS", "Threads for the network; 0 is one a core.", false,
         [](config& c, std::string_view t) { return read_number(c.io_threads, t, 0, 256); },
         [](const config& c) { return std::to_string(c.io_threads); }},
        {"MAX_CONNECTIONS", "Connections at once; more are turned away.", false,
         [](config& c, std::string_view t) { return read_number(c.max_connections, t, 1, 1'000'000); },
         [](const config& c) { return std::to_string(c.max_connections); }},
        {"MAX_CONNECTIONS_PER_CLIENT",
         "Connections at once from one address (IPv6: /64), but for this machine and trusted proxies; 0 is a "
         "quarter of all.",
         false,
         [](config& c, std::string_view t) {
             return read_number(c.max_connections_per_client, t, 0, 1'000'000);
         },
         [](const config& c) { return std::to_string(c.max_connections_per_client); }},
        {"MAX_LIVE_CONNECTIONS", "WebSockets at once; further ones are closed with 4429.", false,
         [](config& c, std::string_view t) { return read_number(c.max_live_connections, t, 1, 1'000'000); },
         [](const config& c) { return std::to_string(c.max_live_connections); }},
        {"MAX_LIVE_CONNECTIONS_PER_USER", "The same for one person.", false,
         [](config& c, std::string_view t) {
             return read_number(c.max_live_connections_per_user, t, 1, 1'000'000);
         },
         [](const config& c) { return std::to_string(c.max_live_connections_per_user); }},
        {"REGISTRATION",
         "Who may make an account: open, invite (with an administrator's link) or closed; open is the "
         "default with "
         "ENVIRONMENT=local alone, invite elsewhere.",
         false,
         [](config& c, std::string_view t) -> std::string {
             const auto mode = parse_registration_mode(trimmed(t));
             if (!mode)
                 return "must be open, invite or closed";
             c.registration = *mode;
             return {};
         },
         [](const config& c) { return std::string{to_string(c.registration)}; }},
        {"MAX_CALLS_PER_MINUTE_OF_USER",
         "Calls that an account of role user may make in a minute; 0 is no limit.", false,
         [](config& c, std::string_view t) { return read_number(c.max_calls_of_user, t, 0, 60'000); },
         [](const config& c) { return std::to_string(c.max_calls_of_user); }},
        {"MAX_CALLS_PER_MINUTE_OF_ADMIN", "The same for an administrator.", false,
         [](config& c, std::string_view t) { return read_number(c.max_calls_of_admin, t, 0, 60'000); },
         [](const config& c) { return std::to_string(c.max_calls_of_admin); }},
        {"MAX_DEVICES_OF_USER", "Devices that an account of role user may have; 0 is no limit.", false,
         [](config& c, std::string_view t) {
             return read_number(c.max_devices_of_user, t, 0, 1'000'000'000);
         },
         [](const config& c) { return std::to_string(c.max_devices_of_user); }},
        {"MAX_DEVICES_OF_ADMIN", "The same for an administrator.", false,
         [](config& c, std::string_view t) {
             return read_number(c.max_devices_of_admin, t, 0, 1'000'000'000);
         },
         [](const config& c) { return std::to_string(c.max_devices_of_admin); }},
        {"MAX_SESSIONS",
         "Sign-ins of an account that hold at once; a further one ends the oldest. 0 is no limit.", false,
         [](config& c, std::string_view t) { return read_number(c.max_sessions, t, 0, 100'000); },
         [](const config& c) { return std::to_string(c.max_sessions); }},
        {"MAX_RENEWALS_PER_MINUTE", "Renewals of an account's sessions in a minute; 0 is no limit.", false,
         [](config& c, std::string_view t) { return read_number(c.max_renewals, t, 0, 60'000); },
         [](const config& c) { return std::to_string(c.max_renewals); }},
        {"API_CORS_ORIGINS",
         "Origins whose pages may call the API, as a list; * is any, and the default with ENVIRONMENT=local "
         "alone.",
         false, read_origins,
         [](const config& c) {
             return c.cors_origins.empty() ? "[]"
                                           : fmt::format("[\"{}\"]", fmt::join(c.cors_origins, "\", \""));
         }},
        {"TRUSTED_PROXIES", "Addresses or CIDR blocks whose X-Forwarded-For or Forwarded counts, as a list.",
         false, read_proxies,
         [](const config& c) { return fmt::format("{}", fmt::join(c.trusted_proxies, ",")); }},
        {"TLS_CERT_FILE", "PEM certificate chain; with TLS_KEY_FILE it turns TLS on. Read anew on SIGHUP.",
         false, [](config& c, std::string_view t) { return read_word(c.tls_certificate_file, t, 4096); },
         [](const config& c) { return c.tls_certificate_file; }},
        {"TLS_KEY_FILE", "PEM private key of that certificate.", false,
         [](config& c, std::string_view t) { return read_word(c.tls_key_file, t, 4096); },
         [](const config& c) { return c.tls_key_file; }},
        {"METRICS_TOKEN", "Bearer token for /metrics; where unset, only loopback addresses may read it.",
         true,
         [](config& c, std::string_view t) -> std::string {
             if (!t.empty() && t.size() < 16)
                 return "must have at least 16 characters";
             return read_word(c.metrics_token, t, 512);
         },
         [](const config& c) { return c.metrics_token; }},
        {"WEBHOOK_LOCAL_HOSTS",
         "Hosts of your own network that webhooks may lead to, without TLS too, as a list. Others must have "
         "public addresses.",
         false, read_webhook_hosts,
         [](const config& c) { return fmt::format("{}", fmt::join(c.webhook_local_hosts, ",")); }},
        {"SECURITY_CONTACT", "Whom /.well-known/security.txt names, as a URI.", false, read_contact,
         [](const config& c) { return c.security_contact; }},
        {"DATABASE_URL", "sqlite:/// and a path; four slashes begin an absolute one.", false,
         [](config& c, std::string_view t) -> std::string {
             if (!t.starts_with(sqlite_scheme) || t.size() == sqlite_scheme.size())
                 return "must be sqlite:/// and the path of a file";
             c.database_file = std::filesystem::path{t.substr(sqlite_scheme.size())};
             return {};
         },
         [](const config& c) { return std::string{sqlite_scheme} + c.database_file.string(); }},
        {"JWT_SECRET_KEY",
         "Key of access tokens: a long random text for HS*, a PEM or JWK for ES256 and EdDSA.", true,
         [](config& c, std::string_view t) { return read_word(c.access_key, t, 8192); },
         [](const config& c) { return c.access_key; }},
        {"JWT_REFRESH_SECRET_KEY", "Key of refresh tokens; another one.", true,
         [](config& c, std::string_view t) { return read_word(c.refresh_key, t, 8192); },
         [](const config& c) { return c.refresh_key; }},
        {"JWT_DEVICE_SECRET_KEY", "Key of device tokens; another one still.", true,
         [](config& c, std::string_view t) { return read_word(c.device_key, t, 8192); },
         [](const config& c) { return c.device_key; }},
        {"JWT_ALGORITHM", "HS256, HS384, HS512, ES256 or EdDSA.", false,
         [](config& c, std::string_view t) -> std::string {
             const auto known = crypto::parse_jws_algorithm(trimmed(t));
             if (!known)
                 return "must be HS256, HS384, HS512, ES256 or EdDSA";
             c.jwt_algorithm = *known;
             return {};
         },
         [](const config& c) { return std::string{crypto::to_string(c.jwt_algorithm)}; }},
        {"JWT_ISSUER", "The `iss` of every token.", false,
         [](config& c, std::string_view t) { return read_required(c.jwt_issuer, t); },
         [](const config& c) { return c.jwt_issuer; }},
        {"JWT_AUDIENCE", "The `aud` of every token.", false,
         [](config& c, std::string_view t) { return read_required(c.jwt_audience, t); },
         [](const config& c) { return c.jwt_audience; }},
        {"ACCESS_TOKEN_EXP_MINUTES", "Life of an access token.", false,
         [](config& c, std::string_view t) { return read_number(c.access_lifetime, t, 1, 1440); },
         [](const config& c) { return std::to_string(c.access_lifetime.count()); }},
        {"REFRESH_TOKEN_EXP_MINUTES", "How long a session may stay unused.", false,
         [](config& c, std::string_view t) { return read_number(c.refresh_lifetime, t, 1, 525'600); },
         [](const config& c) { return std::to_string(c.refresh_lifetime.count()); }},
        {"REFRESH_SESSION_MAX_MINUTES", "How long a session may last, however much it is used.", false,
         [](config& c, std::string_view t) { return read_number(c.session_max, t, 1, 5'256'000); },
         [](const config& c) { return std::to_string(c.session_max.count()); }},
        {"REFRESH_REUSE_GRACE_SECONDS",
         "How long a used refresh token gets the same successor again, for an answer that was lost; 0 to 60.",
         false, [](config& c, std::string_view t) { return read_number(c.refresh_grace, t, 0, 60); },
         [](const config& c) { return std::to_string(c.refresh_grace.count()); }},
        {"DEVICE_TOKEN_EXP_MINUTES", "Life of a device token.", false,
         [](config& c, std::string_view t) { return read_number(c.device_lifetime, t, 1, 1440); },
         [](const config& c) { return std::to_string(c.device_lifetime.count()); }},
        {"BCRYPT_COST", "Cost of hashing people's passwords.", false,
         [](config& c, std::string_view t) {
             return read_number(c.bcrypt_cost, t, crypto::min_bcrypt_cost, crypto::max_bcrypt_cost);
         },
         [](const config& c) { return std::to_string(c.bcrypt_cost); }},
        {"DEVICE_BCRYPT_COST", "Cost of hashing devices' secrets, which are 256 random bits.", false,
         [](config& c, std::string_view t) {
             return read_number(c.device_bcrypt_cost, t, crypto::min_bcrypt_cost, 8);
         },
         [](const config& c) { return std::to_string(c.device_bcrypt_cost); }},
        {"HASHING_THREADS",
         "Threads for hashing passwords at sign-in; one address or account has all but one of them at most.",
         false, [](config& c, std::string_view t) { return read_number(c.hashing_threads, t, 1, 64); },
         [](const config& c) { return std::to_string(c.hashing_threads); }},
        {"HASHING_QUEUE", "Sign-ins that may wait for one of them; more are answered 503.", false,
         [](config& c, std::string_view t) { return read_number(c.hashing_queue, t, 1, 100'000); },
         [](const config& c) { return std::to_string(c.hashing_queue); }},
        {"DATA_PAYLOAD_LIMIT_BYTES", "Largest payload of a reading, as compact JSON.", false,
         [](config& c, std::string_view t) { return read_number(c.payload_limit_bytes, t, 2, 1'000'000); },
         [](const config& c) { return std::to_string(c.payload_limit_bytes); }},
        {"MIN_SECONDS_BETWEEN_READINGS", "Least time between two readings of a device; 0 is none.", false,
         [](config& c, std::string_view t) { return read_seconds(c.min_reading_interval, t); },
         [](const config& c) {
             return fmt::format("{}", static_cast<double>(c.min_reading_interval.count()) / 1e6);
         }},
        {"MAX_BATCH_READINGS", "The most readings in one batch; 4096 at most.", false,
         [](config& c, std::string_view t) { return read_number(c.max_batch_readings, t, 1, 4096); },
         [](const config& c) { return std::to_string(c.max_batch_readings); }},
        {"BACKFILL_BURST", "Late readings that a device may send at once.", false,
         [](config& c, std::string_view t) { return read_number(c.backfill_burst, t, 1, 10'000'000); },
         [](const config& c) { return std::to_string(c.backfill_burst); }},
        {"BACKFILL_READINGS_PER_SECOND", "Late readings that a device may send in the long run.", false,
         [](config& c, std::string_view t) { return read_number(c.backfill_rate, t, 1, 1'000'000); },
         [](const config& c) { return std::to_string(c.backfill_rate); }},
        {"KEEP_READINGS_DAYS", "How long readings are kept; 0 is for ever.", false,
         [](config& c, std::string_view t) { return read_number(c.keep_readings, t, 0, 36'500); },
         [](const config& c) { return std::to_string(c.keep_readings.count()); }},
        {"KEEP_ROLLUPS_DAYS", "How long their minutes, hours and days are kept for series; 0 is for ever.",
         false, [](config& c, std::string_view t) { return read_number(c.keep_rollups, t, 0, 36'500); },
         [](const config& c) { return std::to_string(c.keep_rollups.count()); }},
        {"MAX_READINGS_PAGE_SIZE", "Most readings in one answer.", false,
         [](config& c, std::string_view t) { return read_number(c.max_page_size, t, 1, 500); },
         [](const config& c) { return std::to_string(c.max_page_size); }},
        {"TELEMETRY_SIMULATION_ENABLED",
         "Whether devices are simulated until they sign in; where it is empty, in a local environment alone.",
         false,
         [](config& c, std::string_view t) {
             return t.empty() ? std::string{} : read_bool(c.simulation.emplace(), t);
         },
         [](const config& c) { return std::string{c.simulates() ? "true" : "false"}; }},
        {"LOG_RETENTION_DAYS", "How long security events are kept.", false,
         [](config& c, std::string_view t) { return read_number(c.log_retention, t, 1, 36'500); },
         [](const config& c) { return std::to_string(c.log_retention.count()); }},
    };
    return table;
}

variables process_environment() {
    variables out;
    for (const setting& known : settings())
        if (const char* value =
                std::getenv(std::string{known.name}.c_str())) // NOLINT(concurrency-mt-unsafe): at start
            out.emplace(known.name, value);
    return out;
}

std::vector<field_error> read_settings(config& loaded, const variables& environment, const variables& file) {
    std::vector<field_error> wrong;
    for (const setting& known : settings()) {
        auto found = environment.find(known.name);
        if (found == environment.end()) {
            found = file.find(known.name);
            if (found == file.end())
                continue;
        }
        if (std::string why = known.read(loaded, found->second); !why.empty())
            wrong.push_back({std::string{known.name}, std::move(why)});
    }
    // Defaults that depend on another setting.
    const auto is_set = [&](std::string_view name) {
        return environment.contains(name) || file.contains(name);
    };
    if (!loaded.is_local() && !is_set("API_CORS_ORIGINS"))
        loaded.cors_origins.clear();
    if (!loaded.is_local() && !is_set("REGISTRATION"))
        loaded.registration = registration_mode::invite;
    if (loaded.tls_certificate_file.empty() != loaded.tls_key_file.empty())
        wrong.push_back({"TLS_CERT_FILE", "and TLS_KEY_FILE must be set together"});
    return wrong;
}

result<config> load_config(const variables& environment, const variables& file) {
    config loaded;
    error wrong{.code = errc::invalid_input, .fields = read_settings(loaded, environment, file)};
    if (wrong.fields.empty())
        return loaded;
    for (const field_error& field : wrong.fields)
        wrong.detail += fmt::format("{}{} {}.", wrong.detail.empty() ? "" : "\n", field.loc, field.msg);
    return std::unexpected(std::move(wrong));
}

} // namespace breakwater::app
