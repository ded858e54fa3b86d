#include "app/config_report.hpp"

#include "app/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sys/stat.h>

namespace breakwater::app {

namespace {

constexpr std::chrono::minutes long_token_lifetime{60};
constexpr int min_recommended_bcrypt_cost = 10;

bool has(const std::vector<std::string>& list, std::string_view item) {
    return std::ranges::find(list, item) != list.end();
}

void add_key_warnings(std::vector<std::string>& out, const config& settings) {
    const std::size_t min_bytes = crypto::min_secret_bytes(settings.jwt_algorithm);
    if (min_bytes == 0)
        return;
    const std::pair<std::string_view, const std::string&> keys[]{
        {"JWT_SECRET_KEY", settings.access_key},
        {"JWT_REFRESH_SECRET_KEY", settings.refresh_key},
        {"JWT_DEVICE_SECRET_KEY", settings.device_key}};
    for (const auto& [name, key] : keys) {
        if (key.empty() || key.starts_with('{'))
            continue;
        if (key.size() < min_bytes)
            out.push_back(
                fmt::format("{} is shorter than the {} bytes that {} needs. Only a local environment "
                            "accepts such a key.",
                            name, min_bytes, to_string(settings.jwt_algorithm)));
        else if (settings.is_local() && is_weak_secret(settings.jwt_algorithm, key))
            out.push_back(
                fmt::format("{} is easy to guess: it is repetitive or a placeholder. `openssl rand -base64 "
                            "48` generates a key.",
                            name));
    }
    if ((!settings.access_key.empty() &&
         (settings.access_key == settings.refresh_key || settings.access_key == settings.device_key)) ||
        (!settings.refresh_key.empty() && settings.refresh_key == settings.device_key))
        out.emplace_back("Two kinds of token share a key. Set a different key for each kind.");
}

void add_network_warnings(std::vector<std::string>& out, const config& settings) {
    const bool reachable = !is_loopback(settings.host);
    const bool tls = !settings.tls_key_file.empty();
    if (settings.is_local() && reachable)
        out.push_back(fmt::format(
            "ENVIRONMENT is local, but other machines can connect to HOST {}: the demo administrator is not "
            "created and can't sign in. `breakwater init` writes a configuration for production.",
            settings.host));
    if (reachable && !tls && settings.trusted_proxies.empty())
        out.push_back(
            fmt::format("Other machines can connect to HOST {} without TLS: passwords and tokens cross "
                        "the network unencrypted. Set TLS_CERT_FILE and TLS_KEY_FILE, or use a proxy and "
                        "list it in TRUSTED_PROXIES.",
                        settings.host));
    for (const std::string& proxy : settings.trusted_proxies)
        if (proxy.ends_with("/0"))
            out.push_back(
                fmt::format("TRUSTED_PROXIES {} trusts X-Forwarded-For from everybody: clients can forge "
                            "their address in throttling and the audit log.",
                            proxy));
}

void add_production_warnings(std::vector<std::string>& out, const config& settings) {
    if (is_loopback(settings.host) && settings.trusted_proxies.empty()) {
        out.emplace_back("Behind a proxy on this machine, all clients have the address 127.0.0.1 in "
                         "throttling and the audit log. List the proxy in TRUSTED_PROXIES.");
        if (settings.metrics_token.empty())
            out.emplace_back("METRICS_TOKEN is not set: through such a proxy everybody can read /metrics.");
    }
    if (has(settings.cors_origins, "*"))
        out.emplace_back(
            "API_CORS_ORIGINS allows the pages of any site to call the API. List your own sites only.");
    if (settings.simulates())
        out.emplace_back(
            "TELEMETRY_SIMULATION_ENABLED adds simulated readings (marked as such) for every device that "
            "has not signed in yet.");
    if (settings.bcrypt_cost < min_recommended_bcrypt_cost)
        out.push_back(
            fmt::format("With BCRYPT_COST {}, stolen password hashes are cheap to crack. Use {} or more.",
                        settings.bcrypt_cost, min_recommended_bcrypt_cost));
    if (settings.database.trusts_any_server())
        out.emplace_back(
            "DATABASE_URL lets any machine in the network pretend to be the database server. Set "
            "sslmode=verify-full and sslrootcert in it.");
    for (const std::string& host : settings.webhook_local_hosts)
        out.push_back(
            fmt::format("WEBHOOK_LOCAL_HOSTS {} allows every administrator to send unencrypted webhooks "
                        "into your own network, to any address that this name resolves to.",
                        host));
    if (settings.security_contact == config{}.security_contact)
        out.emplace_back(
            "SECURITY_CONTACT is the example address: reports of vulnerabilities would reach nobody.");
}

/// Whether other users of this machine can access the file.
bool is_open_to_others(const std::filesystem::path& file) {
    struct stat status{};
    return ::stat(file.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

} // namespace

std::vector<std::string> file_warnings(const config& settings, const std::filesystem::path& env_file) {
    std::vector<std::string> out;
    const auto check = [&](const std::filesystem::path& file, std::string_view content) {
        if (!file.empty() && is_open_to_others(file))
            out.push_back(fmt::format("Other users of this machine can read {}, which contains {}. Run "
                                      "`chmod 600 {}`.",
                                      file.string(), content, file.string()));
    };
    check(env_file, "keys");
    if (!settings.database.is_postgres()) {
        check(settings.database.file(), "accounts and readings");
        check(settings.database.file().string() + "-wal", "accounts and readings");
    }
    check(key_file_of(settings), "keys");
    check(settings.tls_key_file, "the private key of the certificate");
    return out;
}

std::vector<std::string> warnings_of(const config& settings) {
    std::vector<std::string> out;
    add_network_warnings(out, settings);
    add_key_warnings(out, settings);
    if (settings.access_lifetime > long_token_lifetime || settings.device_lifetime > long_token_lifetime)
        out.emplace_back(
            "Access or device tokens are valid for over an hour: a stolen token stays usable for long.");
    if (settings.refresh_lifetime > settings.session_max)
        out.emplace_back("REFRESH_TOKEN_EXP_MINUTES is more than REFRESH_SESSION_MAX_MINUTES, which ends a "
                         "session first.");
    if (!settings.is_local())
        add_production_warnings(out, settings);
    return out;
}

} // namespace breakwater::app
