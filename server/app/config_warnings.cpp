#include "app/config_report.hpp"

#include "app/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sys/stat.h>

namespace breakwater::app {

namespace {

constexpr std::chrono::minutes long_access{60};
constexpr int weak_bcrypt_cost = 10;

bool has(const std::vector<std::string>& list, std::string_view item) {
    return std::ranges::find(list, item) != list.end();
}

void warn_of_keys(std::vector<std::string>& out, const config& chosen) {
    const std::size_t least = crypto::min_secret_bytes(chosen.jwt_algorithm);
    if (least == 0)
        return;
    const std::pair<std::string_view, const std::string&> keys[]{
        {"JWT_SECRET_KEY", chosen.access_key},
        {"JWT_REFRESH_SECRET_KEY", chosen.refresh_key},
        {"JWT_DEVICE_SECRET_KEY", chosen.device_key}};
    for (const auto& [name, key] : keys) {
        if (key.empty() || key.starts_with('{'))
            continue;
        if (key.size() < least)
            out.push_back(
                fmt::format("{} is shorter than the {} bytes that {} needs; a local environment alone "
                            "takes that.",
                            name, least, to_string(chosen.jwt_algorithm)));
        else if (chosen.is_local() && is_weak_secret(chosen.jwt_algorithm, key))
            out.push_back(
                fmt::format("{} is easy to guess: it repeats itself or is a placeholder; `openssl rand "
                            "-base64 48` makes a key.",
                            name));
    }
    if ((!chosen.access_key.empty() &&
         (chosen.access_key == chosen.refresh_key || chosen.access_key == chosen.device_key)) ||
        (!chosen.refresh_key.empty() && chosen.refresh_key == chosen.device_key))
        out.emplace_back("Two kinds of token share a key; each kind should have its own.");
}

void warn_of_network(std::vector<std::string>& out, const config& chosen) {
    const bool reachable = !is_loopback(chosen.host);
    const bool tls = !chosen.tls_key_file.empty();
    if (chosen.is_local() && reachable)
        out.push_back(fmt::format(
            "ENVIRONMENT is local, and HOST {} lets other machines in: the demo administrator is not "
            "made and does not sign in. `breakwater init` writes a configuration for production.",
            chosen.host));
    if (reachable && !tls && chosen.trusted_proxies.empty())
        out.push_back(
            fmt::format("HOST {} lets other machines in without TLS: passwords and tokens go over the "
                        "network in the clear. Set TLS_CERT_FILE and TLS_KEY_FILE, or put a proxy in "
                        "front and name it in TRUSTED_PROXIES.",
                        chosen.host));
    for (const std::string& proxy : chosen.trusted_proxies)
        if (proxy.ends_with("/0"))
            out.push_back(
                fmt::format("TRUSTED_PROXIES {} believes everybody's X-Forwarded-For: throttling and "
                            "the audit log can be lied to.",
                            proxy));
}

void warn_of_production(std::vector<std::string>& out, const config& chosen) {
    if (is_loopback(chosen.host) && chosen.trusted_proxies.empty()) {
        out.emplace_back("A proxy on this machine would make every client look like 127.0.0.1 to throttling "
                         "and the audit log; name it in TRUSTED_PROXIES.");
        if (chosen.metrics_token.empty())
            out.emplace_back("METRICS_TOKEN is not set: through such a proxy everybody could read /metrics.");
    }
    if (has(chosen.cors_origins, "*"))
        out.emplace_back(
            "API_CORS_ORIGINS lets the pages of any site call the API; name the sites that should.");
    if (chosen.simulates())
        out.emplace_back(
            "TELEMETRY_SIMULATION_ENABLED has made-up readings (marked as such) for every device that "
            "hasn't signed in yet.");
    if (chosen.bcrypt_cost < weak_bcrypt_cost)
        out.push_back(
            fmt::format("BCRYPT_COST {} makes stolen password hashes cheap to guess; {} or more is usual.",
                        chosen.bcrypt_cost, weak_bcrypt_cost));
    for (const std::string& host : chosen.webhook_local_hosts)
        out.push_back(
            fmt::format("WEBHOOK_LOCAL_HOSTS {} lets webhooks into your own network, in the clear: to "
                        "wherever that name leads, for whoever may make webhooks.",
                        host));
    if (chosen.security_contact == config{}.security_contact)
        out.emplace_back("SECURITY_CONTACT is the example's; nobody would hear of a vulnerability.");
}

/// Others on this machine who may read a file.
bool is_open_to_others(const std::filesystem::path& file) {
    struct stat found{};
    return ::stat(file.c_str(), &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

} // namespace

std::vector<std::string> file_warnings(const config& chosen, const std::filesystem::path& env_file) {
    std::vector<std::string> out;
    const auto look_at = [&](const std::filesystem::path& file, std::string_view holds) {
        if (!file.empty() && is_open_to_others(file))
            out.push_back(
                fmt::format("Others on this machine may read {}, which holds {}; `chmod 600 {}` closes "
                            "that.",
                            file.string(), holds, file.string()));
    };
    look_at(env_file, "keys");
    look_at(chosen.database_file, "accounts and readings");
    look_at(chosen.database_file.string() + "-wal", "accounts and readings");
    look_at(key_file_of(chosen), "keys");
    look_at(chosen.tls_key_file, "the private key of the certificate");
    return out;
}

std::vector<std::string> warnings_of(const config& chosen) {
    std::vector<std::string> out;
    warn_of_network(out, chosen);
    warn_of_keys(out, chosen);
    if (chosen.access_lifetime > long_access || chosen.device_lifetime > long_access)
        out.emplace_back("An access or device token that lives for over an hour is long of use to a thief.");
    if (chosen.refresh_lifetime > chosen.session_max)
        out.emplace_back("REFRESH_TOKEN_EXP_MINUTES is more than REFRESH_SESSION_MAX_MINUTES, which ends a "
                         "session first.");
    if (!chosen.is_local())
        warn_of_production(out, chosen);
    return out;
}

} // namespace breakwater::app
