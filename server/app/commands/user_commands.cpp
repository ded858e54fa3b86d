#include "app/commands/user_commands.hpp"

#include "app/commands/outcome.hpp"
#include "app/json_rows.hpp"
#include "app/new_password.hpp"
#include "app/terminal.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <unistd.h>

namespace breakwater::app {

namespace {

int refuse_address(std::string_view text) {
    return refuse(
        {.code = errc::invalid_input, .detail = fmt::format("{:?} is not an e-mail address.", text)},
        exit_usage);
}

std::size_t devices_of(const core& parts, user_id owner) {
    std::size_t count = 0;
    parts.devices.for_each([&](const device_id&, const registry::device_state& state) {
        if (state.owner == owner)
            ++count;
    });
    return count;
}

/// Asks for confirmation. Returns the exit code if it is refused.
std::optional<int> confirm_deletion(const core& parts, const user& user) {
    if (::isatty(STDIN_FILENO) == 0)
        return refuse({.code = errc::bad_state,
                       .detail = "There is no terminal for the confirmation. --yes deletes without it."},
                      exit_usage);
    const auto answer =
        read_answer(fmt::format("This permanently deletes {} ({}), {} device(s) and all their readings.\n"
                                "Type the address to confirm: ",
                                user.email, to_string(user.role), devices_of(parts, user.id)),
                    false);
    if (!answer)
        return refuse(answer.error());
    if (normalise_email(*answer) != user.email)
        return refuse(
            {.code = errc::bad_state, .detail = "The address does not match. Nothing was deleted."});
    return std::nullopt;
}

/// Opens the database and runs `command` on the account with this address.
int with_account(std::string_view email, const std::function<int(core&, const user&)>& command) {
    if (!normalise_email(email))
        return refuse_address(email);
    return with_core(false, [&](core& parts) {
        const auto account = account_of(parts, email);
        return account ? command(parts, *account) : refuse(account.error());
    });
}

int set_account_disabled(std::string_view email, bool disabled) {
    return with_account(email, [&](core& parts, const user& user) {
        const auto changed = parts.user_service.update(
            user.id,
            {.email = std::nullopt, .password = std::nullopt, .role = std::nullopt, .disabled = disabled},
            operator_at_the_shell(disabled ? "user disable" : "user enable"));
        if (!changed)
            return refuse(changed.error());
        fmt::print("{} {}.\n", changed->email,
                   disabled ? "is disabled and its sessions have ended; its devices keep working"
                            : "can sign in again");
        return exit_success;
    });
}

} // namespace

int create_user(const create_user_options& options) {
    const auto email = normalise_email(options.email);
    if (!email)
        return refuse_address(options.email);
    // Open the database before asking for the password: this fails if the server is running.
    return with_core(false, [&](core& parts) {
        if (auto existing = find_user(parts, *email); !existing)
            return refuse(existing.error());
        else if (*existing)
            return refuse({.code = errc::bad_state,
                           .detail = fmt::format("{} already has an account. `breakwater user set-password "
                                                 "{}` sets a new password.",
                                                 *email, *email)});
        const auto password = read_new_password(*email, options.password_stdin);
        if (!password)
            return refuse(password.error());
        const auto created =
            parts.user_service.create(*email, *password, options.role, operator_at_the_shell("user create"));
        if (!created)
            return refuse(created.error());
        fmt::print("User {} created: {} ({}).\n", created->id, created->email, to_string(created->role));
        return exit_success;
    });
}

int list_users(bool json) {
    return with_core(true, [&](core& parts) {
        const auto users = parts.user_service.list();
        if (!users)
            return refuse(users.error());
        if (json) {
            print_json(*users);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{{"ID", "EMAIL", "ROLE", "STATE", "CREATED"}};
        for (const user& user : *users)
            rows.push_back({std::to_string(user.id), user.email, std::string{to_string(user.role)},
                            user.disabled_at ? "disabled" : "enabled",
                            format_rfc3339(std::chrono::floor<std::chrono::seconds>(user.created_at))});
        fmt::print("{}", as_table(rows));
        return exit_success;
    });
}

int set_password(const set_password_options& options) {
    return with_account(options.email, [&](core& parts, const user& user) {
        auto password = read_new_password(user.email, options.password_stdin);
        if (!password)
            return refuse(password.error());
        const auto changed = parts.user_service.update(
            user.id, {.email = std::nullopt, .password = std::move(*password), .role = std::nullopt},
            operator_at_the_shell("user set-password"));
        if (!changed)
            return refuse(changed.error());
        fmt::print("{} has a new password and its sessions have ended.\n", changed->email);
        return exit_success;
    });
}

int disable_user(const switch_user_options& options) {
    return set_account_disabled(options.email, true);
}

int enable_user(const switch_user_options& options) {
    return set_account_disabled(options.email, false);
}

int delete_user(const delete_user_options& options) {
    return with_account(options.email, [&](core& parts, const user& user) {
        if (!options.yes)
            if (const auto exit_code = confirm_deletion(parts, user))
                return *exit_code;
        if (const auto removed = parts.user_service.remove(user.id, operator_at_the_shell("user delete"));
            !removed)
            return refuse(removed.error());
        fmt::print("User {} ({}) deleted.\n", user.id, user.email);
        return exit_success;
    });
}

} // namespace breakwater::app
