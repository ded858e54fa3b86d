#include "app/commands/init_command.hpp"

#include "app/commands/outcome.hpp"
#include "app/config_report.hpp"
#include "app/new_password.hpp"
#include "app/output_file.hpp"
#include "base/encoding.hpp"
#include "domain/user.hpp"
#include "services/password_policy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <span>

namespace breakwater::app {

namespace {

constexpr std::string_view env_file = ".env";
constexpr std::string_view default_database = "sqlite:///./data/breakwater.db";
constexpr std::size_t key_bytes = 48;

std::string new_key(random_source& random) {
    std::array<std::uint8_t, key_bytes> bytes{};
    random.fill(bytes);
    return base64url_encode(bytes);
}

std::string env_text(const init_options& options, std::string_view contact, std::string_view database,
                     random_source& random) {
    const bool local_proxy = is_loopback(options.host);
    return fmt::format(
        R"(# Configuration for production, written by `breakwater init`. It contains keys: keep the mode 600, and keep a copy in a safe place.
# `breakwater check-config` shows all settings with warnings; .env.example explains them.

ENVIRONMENT=production
HOST={}
PORT={}
TLS_CERT_FILE={}
TLS_KEY_FILE={}
# Proxies whose X-Forwarded-For is trusted: one on this machine if the server listens on a loopback address.
TRUSTED_PROXIES={}
API_CORS_ORIGINS=[]
SECURITY_CONTACT=mailto:{}
METRICS_TOKEN={}
DATABASE_URL={}
TELEMETRY_SIMULATION_ENABLED=false

# Anybody with one of these keys can sign tokens. Replacing a key invalidates all tokens of its kind.
JWT_SECRET_KEY={}
JWT_REFRESH_SECRET_KEY={}
JWT_DEVICE_SECRET_KEY={}
)",
        options.host, options.port, options.tls_certificate_file, options.tls_key_file,
        local_proxy ? "127.0.0.1,::1" : "", contact, new_key(random), database, new_key(random),
        new_key(random), new_key(random));
}

result<void> write_new_file(std::string_view text) {
    auto file = output_file::open(env_file, false);
    if (!file)
        return pass(std::move(file));
    if (auto written = file->write(text); !written)
        return written;
    return file->finish();
}

int create_administrator(const config& settings, std::string_view email, std::string_view password) {
    auto opened = open_core(settings, false);
    if (!opened)
        return refuse_database(settings, std::move(opened).error(), false);
    const auto created =
        (*opened)->user_service.create(email, password, role::admin, operator_at_the_shell("init"));
    if (!created) {
        remark(fmt::format(
            ".env was written, but the administrator was not created. Run `breakwater user create {} --role "
            "admin`.",
            email));
        return refuse(created.error());
    }
    return exit_success;
}

} // namespace

int init(const init_options& options) {
    const auto email = normalise_email(options.admin);
    if (!email)
        return refuse({.code = errc::invalid_input,
                       .detail = fmt::format("{:?} is not an e-mail address.", options.admin)},
                      exit_usage);
    std::error_code ignored;
    if (std::filesystem::exists(env_file, ignored))
        return refuse({.code = errc::bad_state,
                       .detail = "This folder already contains a .env, which init does not overwrite. "
                                 "Nothing was changed."});
    crypto::system_random random;
    const variables environment = process_environment();
    const auto url = environment.find("DATABASE_URL");
    const std::string database = url == environment.end() ? std::string{default_database} : url->second;
    const std::string text = env_text(options, *email, database, random);
    const auto file = parse_env(text, env_file);
    if (!file)
        return refuse(file.error(), exit_usage);
    if (file->at("DATABASE_URL") != database)
        return refuse({.code = errc::invalid_input,
                       .detail = "DATABASE_URL has spaces, quotes or line breaks, which .env can't hold."},
                      exit_usage);
    const auto checked = check_settings(environment, *file, random);
    if (!checked.problems.empty())
        return refuse(
            {.code = errc::invalid_input, .detail = fmt::format("{}", fmt::join(checked.problems, "\n"))},
            exit_usage);
    const auto password = read_new_password(*email, options.password_stdin);
    if (!password)
        return refuse(password.error());
    if (const auto allowed = services::check_new_password(*password); !allowed)
        return refuse(allowed.error());
    if (const auto written = write_new_file(text); !written)
        return refuse(written.error());
    if (const int exit_code = create_administrator(checked.settings, *email, *password);
        exit_code != exit_success)
        return exit_code;
    fmt::print("Written: .env (mode 600), with new keys. Keep a copy of it in a safe place.\n"
               "Created: {}, with the administrator {}.\n",
               checked.settings.database.shown(), *email);
    for (const std::string& warning : warnings_of(checked.settings))
        fmt::print("Warning: {}\n", warning);
    fmt::print("Next:    breakwater serve\n");
    return exit_success;
}

} // namespace breakwater::app
