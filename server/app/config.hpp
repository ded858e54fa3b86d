#pragma once

#include "app/database_url.hpp"
#include "app/env_file.hpp"
#include "base/result.hpp"
#include "crypto/jws.hpp"
#include "domain/invitation.hpp"
#include "domain/webhook.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::app {

/// Whether a server that listens on `host` is reachable from this machine only.
[[nodiscard]] bool is_loopback(std::string_view host) noexcept;

/// All settings with their defaults. The command line overrides the environment, which overrides the .env
/// file.
struct config {
    std::string app_name = "Breakwater";
    std::string environment = "local";
    std::string log_level = "info";

    std::string host = "127.0.0.1";
    std::uint16_t port = 8000;
    std::string base_path{};    ///< `/fleet`: where a proxy publishes the server; empty: the root
    std::size_t io_threads = 0; ///< 0: one per core
    std::size_t max_connections = 10'000;
    std::size_t max_connections_per_client = 0; ///< 0: a quarter of `max_connections`
    std::size_t max_live_connections = 5000;
    std::size_t max_live_connections_per_user = 50;
    registration_mode registration =
        registration_mode::open; ///< if not set, `invite` unless ENVIRONMENT is local
    // Quotas of an account, by role; 0 is no limit.
    std::int64_t max_calls_of_user = 1200; ///< per minute
    std::int64_t max_calls_of_admin = 6000;
    std::int64_t max_devices_of_user = 1000;
    std::int64_t max_devices_of_admin = 0;
    std::int64_t max_sessions = 50;
    std::int64_t max_renewals = 60;             ///< of sessions, per minute
    std::vector<std::string> cors_origins{"*"}; ///< if not set, empty unless ENVIRONMENT is local
    std::vector<std::string> trusted_proxies{};
    std::string tls_certificate_file{};
    std::string tls_key_file{};
    std::string metrics_token{};
    local_hosts webhook_local_hosts{};
    std::string security_contact = "mailto:security@example.com";

    database_url database{"./data/iot_demo.db"};
    // Of PostgreSQL only.
    std::size_t postgres_readers = 24;
    std::chrono::seconds postgres_statement_timeout{30};
    std::uint64_t postgres_disk_gib = 0; ///< 0: unknown

    std::string access_key{}; ///< JWT_SECRET_KEY: an HMAC secret, a PEM or a JWK, depending on the algorithm
    std::string refresh_key{};
    std::string device_key{};
    crypto::jws_algorithm jwt_algorithm = crypto::jws_algorithm::hs256;
    std::string jwt_issuer = "breakwater";
    std::string jwt_audience = "breakwater";
    std::chrono::minutes access_lifetime{15};
    std::chrono::minutes refresh_lifetime{10'080};
    std::chrono::minutes session_max{43'200};
    std::chrono::seconds refresh_grace{10}; ///< while a used refresh token returns its successor again
    std::chrono::minutes device_lifetime{5};

    int bcrypt_cost = 12;
    int device_bcrypt_cost = 4;
    std::size_t hashing_threads = 2;
    std::size_t hashing_queue = 64;

    std::size_t payload_limit_bytes = 2048;
    std::chrono::microseconds min_reading_interval{std::chrono::seconds{1}};
    std::size_t max_batch_readings = 1000;
    std::size_t backfill_rate = 100; ///< readings per second
    std::size_t backfill_burst = 10'000;
    std::chrono::days keep_readings{0}; ///< 0: forever
    std::chrono::days keep_rollups{0};
    std::size_t max_page_size = 100;
    std::optional<bool> simulation{}; ///< empty: `simulates` decides
    std::chrono::days log_retention{30};

    [[nodiscard]] bool is_local() const noexcept { return environment == "local"; }
    /// Whether devices are simulated until their first sign-in: by default only in a local environment.
    [[nodiscard]] bool simulates() const noexcept { return simulation.value_or(is_local()); }
    /// Whether the demo administrator may exist and sign in. Its password is public, so the server must be
    /// reachable from this machine only.
    [[nodiscard]] bool allows_demo() const noexcept { return is_local() && is_loopback(host); }
};

/// A row of the table of settings.
struct setting {
    std::string_view name;
    std::string_view help; ///< a sentence for .env.example and `check-config`
    bool secret = false;   ///< reports show whether it is set, never its value
    /// Parses `text` and sets the value. Returns the problem, or an empty string on success.
    std::string (*read)(config& target, std::string_view text);
    std::string (*show)(const config& source);
};
[[nodiscard]] const std::vector<setting>& settings();

/// Reads every setting from `environment`, or else from `file`, into `target`. Returns all invalid settings;
/// they keep their defaults.
[[nodiscard]] std::vector<field_error> read_settings(config& target, const variables& environment,
                                                     const variables& file);

/// Loads all settings. `invalid_input` names all invalid ones.
[[nodiscard]] result<config> load_config(const variables& environment, const variables& file);

/// The environment variables of this process that are settings.
[[nodiscard]] variables process_environment();

} // namespace breakwater::app
