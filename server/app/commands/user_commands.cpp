#include "app/commands/user_commands.hpp"

#include "app/commands/outcome.hpp"
#include "app/new_password.hpp"
#include "app/terminal.hpp"
#include "base/json_text.hpp"
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
    parts.devices.for_each([&](const device_id&, const storage::device_state& known) {
        if (known.owner == owner)
            ++count;
    });
    return count;
}

/// Empty where it is confirmed, else the exit code.
std::optional<int> confirm_deletion(const core& parts, const user& known) {
    if (::isatty(STDIN_FILENO) == 0)
        return refuse({.code = errc::bad_state,
                       .detail = "There is no terminal to ask at; --yes deletes without asking."},
                      exit_usage);
    const auto answer =
        ask(fmt::format("This deletes {} ({}), {} device(s) and all their readings, for good.\n"
                        "Type the address to go on: ",
                        known.email, to_string(known.role), devices_of(parts, known.id)),
            false);
    if (!answer)
        return refuse(answer.error());
    if (normalise_email(*answer) != known.email)
        return refuse({.code = errc::bad_state, .detail = "That is another address. Nothing was deleted."});
    return std::nullopt;
}

std::string as_json(const user& known) {
    std::string out = fmt::format(R"({{"id":{},"email":)", known.id);
    append_json_string(out, known.email);
    out += fmt::format(R"(,"role":"{}","created_at":"{}","disabled":{}}})", to_string(known.role),
                       format_rfc3339(known.created_at), known.disabled_at.has_value());
    return out;
}

/// Opens the database to change the account of that address.
int with_account(std::string_view email, const std::function<int(core&, const user&)>& command) {
    if (!normalise_email(email))
        return refuse_address(email);
    return with_core(false, [&](core& parts) {
        const auto known = account_of(parts, email);
        return known ? command(parts, *known) : refuse(known.error());
    });
}

int switch_account(std::string_view email, bool disabled) {
    return with_account(email, [&](core& parts, const user& known) {
        const auto changed = parts.user_service->update(
            known.id,
            {.email = std::nullopt, .password = std::nullopt, .role = std::nullopt, .disabled = disabled},
            operator_at_the_shell(disabled ? "user disable" : "user enable"));
        if (!changed)
            return refuse(changed.error());
        fmt::print("{} {}.\n", changed->email,
                   disabled ? "is disabled; its sessions have ended, its devices go on"
                            : "may sign in again");
        return exit_success;
    });
}

} // namespace

int create_user(const create_user_options& chosen) {
    const auto email = normalise_email(chosen.email);
    if (!email)
        return refuse_address(chosen.email);
    // The database first: nobody likes to think of a password for a server that must be stopped first.
    return with_core(false, [&](core& parts) {
        if (auto taken = find_user(parts, *email); !taken)
            return refuse(taken.error());
        else if (*taken)
            return refuse({.code = errc::bad_state,
                           .detail = fmt::format("{} has an account already. `breakwater user set-password "
                                                 "{}` gives it a new password.",
                                                 *email, *email)});
        const auto password = read_new_password(*email, chosen.password_stdin);
        if (!password)
            return refuse(password.error());
        const auto made =
            parts.user_service->create(*email, *password, chosen.role, operator_at_the_shell("user create"));
        if (!made)
            return refuse(made.error());
        fmt::print("User {} created: {} ({}).\n", made->id, made->email, to_string(made->role));
        return exit_success;
    });
}

int list_users(bool json) {
    return with_core(true, [&](core& parts) {
        const auto users = parts.user_service->list();
        if (!users)
            return refuse(users.error());
        if (json) {
            std::string out;
            for (const user& known : *users)
                out += (out.empty() ? "[\n  " : ",\n  ") + as_json(known);
            fmt::print("{}\n", out.empty() ? "[]" : out + "\n]");
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{{"ID", "EMAIL", "ROLE", "STATE", "CREATED"}};
        for (const user& known : *users)
            rows.push_back({std::to_string(known.id), known.email, std::string{to_string(known.role)},
                            known.disabled_at ? "disabled" : "enabled",
                            format_rfc3339(std::chrono::floor<std::chrono::seconds>(known.created_at))});
        fmt::print("{}", as_table(rows));
        return exit_success;
    });
}

int set_password(const set_password_options& chosen) {
    return with_account(chosen.email, [&](core& parts, const user& known) {
        auto password = read_new_password(known.email, chosen.password_stdin);
        if (!password)
            return refuse(password.error());
        const auto changed = parts.user_service->update(
            known.id, {.email = std::nullopt, .password = std::move(*password), .role = std::nullopt},
            operator_at_the_shell("user set-password"));
        if (!changed)
            return refuse(changed.error());
        fmt::print("{} has a new password; its sessions have ended.\n", changed->email);
        return exit_success;
    });
}

int disable_user(const switch_user_options& chosen) {
    return switch_account(chosen.email, true);
}

int enable_user(const switch_user_options& chosen) {
    return switch_account(chosen.email, false);
}

int delete_user(const delete_user_options& chosen) {
    return with_account(chosen.email, [&](core& parts, const user& known) {
        if (!chosen.yes)
            if (const auto stopped = confirm_deletion(parts, known))
                return *stopped;
        if (const auto removed = parts.user_service->remove(known.id, operator_at_the_shell("user delete"));
            !removed)
            return refuse(removed.error());
        fmt::print("User {} ({}) deleted.\n", known.id, known.email);
        return exit_success;
    });
}

} // namespace breakwater::app
