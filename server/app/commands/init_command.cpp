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
constexpr std::size_t key_bytes = 48;

std::string new_key(random_source& random) {
    std::array<std::uint8_t, key_bytes> bytes{};
    random.fill(bytes);
    return base64url_encode(bytes);
}

std::string text_of(const init_options& chosen, std::string_view contact, random_source& random) {
    const bool local_proxy = is_loopback(chosen.host);
    return fmt::format(
        R"(# A configuration for production, made by `breakwater init`. It holds keys: keep its mode at 600, and keep a copy in a safe place.
# `breakwater check-config` shows every setting and warns of what is unwise; .env.example explains them.

ENVIRONMENT=production
HOST={}
PORT={}
TLS_CERT_FILE={}
TLS_KEY_FILE={}
# Proxies whose X-Forwarded-For counts: one on this machine, where the server listens for this machine alone.
TRUSTED_PROXIES={}
API_CORS_ORIGINS=[]
SECURITY_CONTACT=mailto:{}
METRICS_TOKEN={}
DATABASE_URL=sqlite:///./data/breakwater.db
TELEMETRY_SIMULATION_ENABLED=false

# Whoever has one of these can sign tokens. A new one ends all tokens of its kind.
JWT_SECRET_KEY={}
JWT_REFRESH_SECRET_KEY={}
JWT_DEVICE_SECRET_KEY={}
)",
        chosen.host, chosen.port, chosen.tls_certificate_file, chosen.tls_key_file,
        local_proxy ? "127.0.0.1,::1" : "", contact, new_key(random), new_key(random), new_key(random),
        new_key(random));
}

result<void> write_new_file(std::string_view text) {
    auto file = output_file::open(env_file, false);
    if (!file)
        return pass(std::move(file));
    if (auto written = file->write(text); !written)
        return written;
    return file->finish();
}

int make_administrator(const config& settled, std::string_view email, std::string_view password) {
    auto opened = open_core(settled, false);
    if (!opened)
        return refuse_database(settled, std::move(opened).error(), false);
    const auto made =
        (*opened)->user_service->create(email, password, role::admin, operator_at_the_shell("init"));
    if (!made) {
        remark(fmt::format(
            ".env is written; the administrator isn't made. `breakwater user create {} --role admin` "
            "makes one.",
            email));
        return refuse(made.error());
    }
    return exit_success;
}

} // namespace

int init(const init_options& chosen) {
    const auto email = normalise_email(chosen.admin);
    if (!email)
        return refuse({.code = errc::invalid_input,
                       .detail = fmt::format("{:?} is not an e-mail address.", chosen.admin)},
                      exit_usage);
    std::error_code unknown;
    if (std::filesystem::exists(env_file, unknown))
        return refuse({.code = errc::bad_state,
                       .detail =
                           "There is a .env in this folder already; init makes a new one and changes none. "
                           "Nothing was changed."});
    crypto::system_random random;
    const std::string text = text_of(chosen, *email, random);
    const auto file = parse_env(text, env_file);
    if (!file)
        return refuse(file.error(), exit_usage);
    const auto checked = check_settings(process_environment(), *file, random);
    if (!checked.problems.empty())
        return refuse(
            {.code = errc::invalid_input, .detail = fmt::format("{}", fmt::join(checked.problems, "\n"))},
            exit_usage);
    const auto password = read_new_password(*email, chosen.password_stdin);
    if (!password)
        return refuse(password.error());
    if (const auto allowed = services::check_new_password(*password); !allowed)
        return refuse(allowed.error());
    if (const auto written = write_new_file(text); !written)
        return refuse(written.error());
    if (const int ended = make_administrator(checked.settings, *email, *password); ended != exit_success)
        return ended;
    fmt::print("Written: .env (mode 600), with new keys. Keep a copy of it in a safe place.\n"
               "Made:    {}, with the administrator {}.\n",
               checked.settings.database_file.string(), *email);
    for (const std::string& warning : warnings_of(checked.settings))
        fmt::print("Warning: {}\n", warning);
    fmt::print("Next:    breakwater serve\n");
    return exit_success;
}

} // namespace breakwater::app
