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

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Reads an integer within the bounds.
template <class Number>
std::string read_number(Number& target, std::string_view text, std::int64_t min, std::int64_t max) {
    const auto value = parse_integer(trimmed(text));
    if (!value || *value < min || *value > max)
        return fmt::format("must be a whole number from {} to {}", min, max);
    target =
        Number(static_cast<typename std::conditional_t<std::is_integral_v<Number>, std::type_identity<Number>,
                                                       std::type_identity<std::int64_t>>::type>(*value));
    return {};
}

std::string read_bool(bool& target, std::string_view text) {
    std::string lowered{trimmed(text)};
    std::ranges::transform(lowered, lowered.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    for (const std::string_view yes : {"true", "1", "yes", "on"})
        if (lowered == yes) {
            target = true;
            return {};
        }
    for (const std::string_view no : {"false", "0", "no", "off"})
        if (lowered == no) {
            target = false;
            return {};
        }
    return "must be true or false";
}

/// Reads a list: `["a", "b"]` as in the reference implementation, or `a, b`.
std::string read_list(std::vector<std::string>& target, std::string_view text) {
    std::string_view rest = trimmed(text);
    if (rest.starts_with('[')) {
        if (!rest.ends_with(']'))
            return "starts with [ but does not end with ]";
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
    target = std::move(items);
    return {};
}

std::string read_proxies(config& target, std::string_view text) {
    if (auto problem = read_list(target.trusted_proxies, text); !problem.empty())
        return problem;
    return http::trusted_proxies::parse(target.trusted_proxies)
               ? ""
               : "must be addresses or CIDR blocks, as a list";
}

/// Origins must have the form in which browsers send them (RFC 6454 section 6.2); others would never match.
std::string read_origins(config& target, std::string_view text) {
    std::vector<std::string> origins;
    if (auto problem = read_list(origins, text); !problem.empty())
        return problem;
    for (const std::string& origin : origins)
        if (origin != "*" && !http::is_origin(origin))
            return fmt::format("must list origins as browsers send them, like https://fleet.example or "
                               "http://localhost:3000, in lower case and without a path; {:?} is invalid",
                               origin);
    target.cors_origins = std::move(origins);
    return {};
}

std::string read_webhook_hosts(config& target, std::string_view text) {
    std::vector<std::string> names;
    if (auto problem = read_list(names, text); !problem.empty())
        return problem;
    local_hosts hosts;
    for (const std::string& name : names) {
        auto host = parse_webhook_host(name);
        if (!host)
            return fmt::format("must list hosts as in URLs, like hooks.lan, 192.168.1.7 or [::1], without "
                               "scheme and port; {:?} is invalid",
                               name);
        hosts.push_back(std::move(*host));
    }
    target.webhook_local_hosts = std::move(hosts);
    return {};
}

/// Allows only unreserved characters (RFC 3986 section 2.3): they have one spelling in URLs and cookies.
std::string read_base_path(config& target, std::string_view text) {
    constexpr std::size_t max_length = 128;
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
            path.size() > max_length || !std::ranges::all_of(segment, unreserved))
            return fmt::format("must be empty or a path like /breakwater: letters, digits and - . _ ~ "
                               "after each slash, no slash at the end, at most {} characters",
                               max_length);
        if (first.empty())
            first = segment;
        rest.remove_prefix(end);
    }
    if (!first.empty() && api::is_first_path_segment(first))
        return fmt::format("must not start with /{}, which is a path of the API", first);
    target.base_path = path;
    return {};
}

/// Reads the contact of security.txt (RFC 9116 section 2.5.3).
std::string read_contact(config& target, std::string_view text) {
    const std::string_view contact = trimmed(text);
    const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
    for (const std::string_view scheme : {"mailto:", "https://", "tel:"})
        if (contact.starts_with(scheme) && contact.size() > scheme.size() &&
            std::ranges::all_of(contact, visible)) {
            target.security_contact = contact;
            return {};
        }
    return "must be a mailto:, https:// or tel: URI";
}

std::string read_seconds(std::chrono::microseconds& target, std::string_view text) {
    const std::string_view digits = trimmed(text);
    double value = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc{} || end != digits.data() + digits.size() || std::isnan(value) || value < 0 ||
        value > 86'400)
        return "must be a number of seconds from 0 to 86400";
    target = std::chrono::microseconds{std::llround(value * 1e6)};
    return {};
}

std::string read_word(std::string& target, std::string_view text, std::size_t max_length) {
    if (text.size() > max_length)
        return fmt::format("must have at most {} characters", max_length);
    target = text;
    return {};
}

std::string read_required(std::string& target, std::string_view text) {
    if (trimmed(text).empty())
        return "must not be empty";
    target = trimmed(text);
    return {};
}

} // namespace

bool is_loopback(std::string_view host) noexcept {
    return host == "localhost" || host == "::1" ||
           (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

const std::vector<setting>& settings() {
    static const std::vector<setting> table{
        {"APP_NAME", "The application name in the response of /healthz.", false,
         [](config& c, std::string_view t) { return read_required(c.app_name, t); },
         [](const config& c) { return c.app_name; }},
        {"ENVIRONMENT",
         "local to try Breakwater out; any other name is production, which requires token keys and "
         "refuses the demo password.",
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
         "The path under which a proxy publishes the server, like /breakwater; empty is the root. The "
         "proxy may keep or strip it.",
         false, read_base_path, [](const config& c) { return c.base_path; }},
        {"IO_THREADS", "Network threads; 0 is one per core.", false,
         [](config& c, std::string_view t) { return read_number(c.io_threads, t, 0, 256); },
         [](const config& c) { return std::to_string(c.io_threads); }},
        {"MAX_CONNECTIONS", "Limit of open connections; further ones are refused.", false,
         [](config& c, std::string_view t) { return read_number(c.max_connections, t, 1, 1'000'000); },
         [](const config& c) { return std::to_string(c.max_connections); }},
        {"MAX_CONNECTIONS_PER_CLIENT",
         "Limit of open connections per address (IPv6: per /64), except this machine and trusted "
         "proxies; 0 is a quarter of MAX_CONNECTIONS.",
         false,
         [](config& c, std::string_view t) {
             return read_number(c.max_connections_per_client, t, 0, 1'000'000);
         },
         [](const config& c) { return std::to_string(c.max_connections_per_client); }},
        {"MAX_LIVE_CONNECTIONS", "Limit of open WebSockets; further ones are closed with 4429.", false,
         [](config& c, std::string_view t) { return read_number(c.max_live_connections, t, 1, 1'000'000); },
         [](const config& c) { return std::to_string(c.max_live_connections); }},
        {"MAX_LIVE_CONNECTIONS_PER_USER", "Limit of open WebSockets per user.", false,
         [](config& c, std::string_view t) {
             return read_number(c.max_live_connections_per_user, t, 1, 1'000'000);
         },
         [](const config& c) { return std::to_string(c.max_live_connections_per_user); }},
        {"REGISTRATION",
         "Who may create an account: open (anybody), invite (with a link from an administrator) or "
         "closed (nobody). The default is open if ENVIRONMENT is local, else invite.",
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
         "Limit of API calls per minute for an account with the role user; 0 is no limit.", false,
         [](config& c, std::string_view t) { return read_number(c.max_calls_of_user, t, 0, 60'000); },
         [](const config& c) { return std::to_string(c.max_calls_of_user); }},
        {"MAX_CALLS_PER_MINUTE_OF_ADMIN",
         "Limit of API calls per minute for an administrator; 0 is no limit.", false,
         [](config& c, std::string_view t) { return read_number(c.max_calls_of_admin, t, 0, 60'000); },
         [](const config& c) { return std::to_string(c.max_calls_of_admin); }},
        {"MAX_DEVICES_OF_USER", "Limit of devices for an account with the role user; 0 is no limit.", false,
         [](config& c, std::string_view t) {
             return read_number(c.max_devices_of_user, t, 0, 1'000'000'000);
         },
         [](const config& c) { return std::to_string(c.max_devices_of_user); }},
        {"MAX_DEVICES_OF_ADMIN", "Limit of devices for an administrator; 0 is no limit.", false,
         [](config& c, std::string_view t) {
             return read_number(c.max_devices_of_admin, t, 0, 1'000'000'000);
         },
         [](const config& c) { return std::to_string(c.max_devices_of_admin); }},
        {"MAX_SESSIONS",
         "Limit of open sessions for an account; a further sign-in ends the oldest session. 0 is no "
         "limit.",
         false, [](config& c, std::string_view t) { return read_number(c.max_sessions, t, 0, 100'000); },
         [](const config& c) { return std::to_string(c.max_sessions); }},
        {"MAX_RENEWALS_PER_MINUTE", "Limit of session renewals per minute for an account; 0 is no limit.",
         false, [](config& c, std::string_view t) { return read_number(c.max_renewals, t, 0, 60'000); },
         [](const config& c) { return std::to_string(c.max_renewals); }},
        {"API_CORS_ORIGINS",
         "Origins whose pages may call the API, as a list. * allows all; it is the default if "
         "ENVIRONMENT is local.",
         false, read_origins,
         [](const config& c) {
             return c.cors_origins.empty() ? "[]"
                                           : fmt::format("[\"{}\"]", fmt::join(c.cors_origins, "\", \""));
         }},
        {"TRUSTED_PROXIES",
         "Addresses or CIDR blocks of proxies whose X-Forwarded-For or Forwarded header is trusted, "
         "as a list.",
         false, read_proxies,
         [](const config& c) { return fmt::format("{}", fmt::join(c.trusted_proxies, ",")); }},
        {"TLS_CERT_FILE",
         "PEM certificate chain; enables TLS together with TLS_KEY_FILE. SIGHUP reloads both files.", false,
         [](config& c, std::string_view t) { return read_word(c.tls_certificate_file, t, 4096); },
         [](const config& c) { return c.tls_certificate_file; }},
        {"TLS_KEY_FILE", "PEM private key of the certificate.", false,
         [](config& c, std::string_view t) { return read_word(c.tls_key_file, t, 4096); },
         [](const config& c) { return c.tls_key_file; }},
        {"METRICS_TOKEN",
         "Bearer token for /metrics; if it is not set, only loopback addresses may read /metrics.", true,
         [](config& c, std::string_view t) -> std::string {
             if (!t.empty() && t.size() < 16)
                 return "must have at least 16 characters";
             return read_word(c.metrics_token, t, 512);
         },
         [](const config& c) { return c.metrics_token; }},
        {"WEBHOOK_LOCAL_HOSTS",
         "Hosts in your own network that may receive webhooks, even without TLS, as a list. Other "
         "hosts must have public addresses.",
         false, read_webhook_hosts,
         [](const config& c) { return fmt::format("{}", fmt::join(c.webhook_local_hosts, ",")); }},
        {"SECURITY_CONTACT", "The contact in /.well-known/security.txt, as a URI.", false, read_contact,
         [](const config& c) { return c.security_contact; }},
        {"DATABASE_URL",
         "sqlite:/// and a path (four slashes start an absolute path), or a postgresql:// URL.", false,
         [](config& c, std::string_view t) -> std::string {
             auto url = parse_database_url(trimmed(t));
             if (!url)
                 return std::move(url).error().detail;
             c.database = std::move(*url);
             return {};
         },
         [](const config& c) { return c.database.shown(); }},
        {"POSTGRES_READERS",
         "Connections to PostgreSQL that read; the server opens up to five more for other work.", false,
         [](config& c, std::string_view t) { return read_number(c.postgres_readers, t, 1, 1000); },
         [](const config& c) { return std::to_string(c.postgres_readers); }},
        {"POSTGRES_STATEMENT_TIMEOUT_SECONDS", "How long PostgreSQL may take for a statement.", false,
         [](config& c, std::string_view t) { return read_number(c.postgres_statement_timeout, t, 1, 3600); },
         [](const config& c) { return std::to_string(c.postgres_statement_timeout.count()); }},
        {"POSTGRES_DISK_GIB",
         "How large the database in PostgreSQL may become, in GiB; /readyz fails when less than 16 MiB of it "
         "are left. 0 is unknown: then the server learns of a full disk only when a write fails.",
         false,
         [](config& c, std::string_view t) { return read_number(c.postgres_disk_gib, t, 0, 1'000'000); },
         [](const config& c) { return std::to_string(c.postgres_disk_gib); }},
        {"JWT_SECRET_KEY",
         "Key of access tokens: a long random text for HS*, a PEM or JWK for ES256 and EdDSA.", true,
         [](config& c, std::string_view t) { return read_word(c.access_key, t, 8192); },
         [](const config& c) { return c.access_key; }},
        {"JWT_REFRESH_SECRET_KEY", "Key of refresh tokens; use a different key for each kind of token.", true,
         [](config& c, std::string_view t) { return read_word(c.refresh_key, t, 8192); },
         [](const config& c) { return c.refresh_key; }},
        {"JWT_DEVICE_SECRET_KEY", "Key of device tokens; use a different key for each kind of token.", true,
         [](config& c, std::string_view t) { return read_word(c.device_key, t, 8192); },
         [](const config& c) { return c.device_key; }},
        {"JWT_ALGORITHM", "HS256, HS384, HS512, ES256 or EdDSA.", false,
         [](config& c, std::string_view t) -> std::string {
             const auto algorithm = crypto::parse_jws_algorithm(trimmed(t));
             if (!algorithm)
                 return "must be HS256, HS384, HS512, ES256 or EdDSA";
             c.jwt_algorithm = *algorithm;
             return {};
         },
         [](const config& c) { return std::string{crypto::to_string(c.jwt_algorithm)}; }},
        {"JWT_ISSUER", "The `iss` of every token.", false,
         [](config& c, std::string_view t) { return read_required(c.jwt_issuer, t); },
         [](const config& c) { return c.jwt_issuer; }},
        {"JWT_AUDIENCE", "The `aud` of every token.", false,
         [](config& c, std::string_view t) { return read_required(c.jwt_audience, t); },
         [](const config& c) { return c.jwt_audience; }},
        {"ACCESS_TOKEN_EXP_MINUTES", "Lifetime of an access token.", false,
         [](config& c, std::string_view t) { return read_number(c.access_lifetime, t, 1, 1440); },
         [](const config& c) { return std::to_string(c.access_lifetime.count()); }},
        {"REFRESH_TOKEN_EXP_MINUTES", "How long a session may stay unused.", false,
         [](config& c, std::string_view t) { return read_number(c.refresh_lifetime, t, 1, 525'600); },
         [](const config& c) { return std::to_string(c.refresh_lifetime.count()); }},
        {"REFRESH_SESSION_MAX_MINUTES", "How long a session may last, even if it is used.", false,
         [](config& c, std::string_view t) { return read_number(c.session_max, t, 1, 5'256'000); },
         [](const config& c) { return std::to_string(c.session_max.count()); }},
        {"REFRESH_REUSE_GRACE_SECONDS",
         "How long a used refresh token returns the same successor again, in case the response was "
         "lost; 0 to 60.",
         false, [](config& c, std::string_view t) { return read_number(c.refresh_grace, t, 0, 60); },
         [](const config& c) { return std::to_string(c.refresh_grace.count()); }},
        {"DEVICE_TOKEN_EXP_MINUTES", "Lifetime of a device token.", false,
         [](config& c, std::string_view t) { return read_number(c.device_lifetime, t, 1, 1440); },
         [](const config& c) { return std::to_string(c.device_lifetime.count()); }},
        {"BCRYPT_COST", "bcrypt cost of account passwords.", false,
         [](config& c, std::string_view t) {
             return read_number(c.bcrypt_cost, t, crypto::min_bcrypt_cost, crypto::max_bcrypt_cost);
         },
         [](const config& c) { return std::to_string(c.bcrypt_cost); }},
        {"DEVICE_BCRYPT_COST", "bcrypt cost of device secrets, which are 256 random bits.", false,
         [](config& c, std::string_view t) {
             return read_number(c.device_bcrypt_cost, t, crypto::min_bcrypt_cost, 8);
         },
         [](const config& c) { return std::to_string(c.device_bcrypt_cost); }},
        {"HASHING_THREADS",
         "Threads that hash passwords at sign-in; one address or account can use at most all but one "
         "of them.",
         false, [](config& c, std::string_view t) { return read_number(c.hashing_threads, t, 1, 64); },
         [](const config& c) { return std::to_string(c.hashing_threads); }},
        {"HASHING_QUEUE", "Sign-ins that may wait for these threads; further ones get 503.", false,
         [](config& c, std::string_view t) { return read_number(c.hashing_queue, t, 1, 100'000); },
         [](const config& c) { return std::to_string(c.hashing_queue); }},
        {"DATA_PAYLOAD_LIMIT_BYTES", "Maximum size of the payload of a reading, as compact JSON.", false,
         [](config& c, std::string_view t) { return read_number(c.payload_limit_bytes, t, 2, 1'000'000); },
         [](const config& c) { return std::to_string(c.payload_limit_bytes); }},
        {"MIN_SECONDS_BETWEEN_READINGS", "Minimum time between two readings of a device; 0 is no minimum.",
         false, [](config& c, std::string_view t) { return read_seconds(c.min_reading_interval, t); },
         [](const config& c) {
             return fmt::format("{}", static_cast<double>(c.min_reading_interval.count()) / 1e6);
         }},
        {"MAX_BATCH_READINGS", "Maximum number of readings in a batch, up to 4096.", false,
         [](config& c, std::string_view t) { return read_number(c.max_batch_readings, t, 1, 4096); },
         [](const config& c) { return std::to_string(c.max_batch_readings); }},
        {"BACKFILL_BURST", "Late readings that a device may send at once.", false,
         [](config& c, std::string_view t) { return read_number(c.backfill_burst, t, 1, 10'000'000); },
         [](const config& c) { return std::to_string(c.backfill_burst); }},
        {"BACKFILL_READINGS_PER_SECOND", "Late readings per second that a device may send in the long run.",
         false, [](config& c, std::string_view t) { return read_number(c.backfill_rate, t, 1, 1'000'000); },
         [](const config& c) { return std::to_string(c.backfill_rate); }},
        {"KEEP_READINGS_DAYS", "How long readings are kept; 0 is forever.", false,
         [](config& c, std::string_view t) { return read_number(c.keep_readings, t, 0, 36'500); },
         [](const config& c) { return std::to_string(c.keep_readings.count()); }},
        {"KEEP_ROLLUPS_DAYS", "How long the minute, hour and day rollups for series are kept; 0 is forever.",
         false, [](config& c, std::string_view t) { return read_number(c.keep_rollups, t, 0, 36'500); },
         [](const config& c) { return std::to_string(c.keep_rollups.count()); }},
        {"MAX_READINGS_PAGE_SIZE", "Maximum number of readings in a page.", false,
         [](config& c, std::string_view t) { return read_number(c.max_page_size, t, 1, 500); },
         [](const config& c) { return std::to_string(c.max_page_size); }},
        {"TELEMETRY_SIMULATION_ENABLED",
         "Whether to simulate devices until their first sign-in; if empty, only if ENVIRONMENT is "
         "local.",
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
    for (const setting& setting : settings())
        if (const char* value =
                std::getenv(std::string{setting.name}.c_str())) // NOLINT(concurrency-mt-unsafe): at start
            out.emplace(setting.name, value);
    return out;
}

std::vector<field_error> read_settings(config& target, const variables& environment, const variables& file) {
    std::vector<field_error> problems;
    for (const setting& setting : settings()) {
        auto entry = environment.find(setting.name);
        if (entry == environment.end()) {
            entry = file.find(setting.name);
            if (entry == file.end())
                continue;
        }
        if (std::string problem = setting.read(target, entry->second); !problem.empty())
            problems.push_back({std::string{setting.name}, std::move(problem)});
    }
    // Defaults that depend on ENVIRONMENT.
    const auto is_set = [&](std::string_view name) {
        return environment.contains(name) || file.contains(name);
    };
    if (!target.is_local() && !is_set("API_CORS_ORIGINS"))
        target.cors_origins.clear();
    if (!target.is_local() && !is_set("REGISTRATION"))
        target.registration = registration_mode::invite;
    if (target.tls_certificate_file.empty() != target.tls_key_file.empty())
        problems.push_back({"TLS_CERT_FILE", "and TLS_KEY_FILE must be set together"});
    return problems;
}

result<config> load_config(const variables& environment, const variables& file) {
    config loaded;
    error failure{.code = errc::invalid_input, .fields = read_settings(loaded, environment, file)};
    if (failure.fields.empty())
        return loaded;
    for (const field_error& field : failure.fields)
        failure.detail += fmt::format("{}{} {}.", failure.detail.empty() ? "" : "\n", field.loc, field.msg);
    return std::unexpected(std::move(failure));
}

} // namespace breakwater::app
