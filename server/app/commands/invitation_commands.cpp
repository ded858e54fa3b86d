#include "app/commands/invitation_commands.hpp"

#include "api/dto/invitation_dto.hpp"
#include "app/commands/outcome.hpp"
#include "app/json_rows.hpp"
#include "app/terminal.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

namespace breakwater::app {

int create_invitation(const create_invitation_options& chosen) {
    std::string email;
    if (!chosen.email.empty()) {
        const auto address = normalise_email(chosen.email);
        if (!address)
            return refuse({.code = errc::invalid_input,
                           .detail = fmt::format("{:?} is not an e-mail address.", chosen.email)},
                          exit_usage);
        email = *address;
    }
    if (chosen.hours < 1 || chosen.hours > max_invitation_life.count())
        return refuse({.code = errc::invalid_input,
                       .detail = fmt::format("--hours must be from 1 to {}.", max_invitation_life.count())},
                      exit_usage);
    return with_core(false, [&](core& parts) {
        const auto made = parts.invitation_service->create(
            email, chosen.role, std::chrono::hours{chosen.hours}, operator_at_the_shell("invitation create"));
        if (!made)
            return refuse(made.error());
        remark(fmt::format(
            "Invitation {} for {} as {}, until {}. Behind the server's scheme and host, its link, shown this "
            "once:",
            made->stored.id, email.empty() ? "anybody" : email, to_string(chosen.role),
            format_rfc3339(made->stored.expires_at)));
        fmt::print("{}\n", api::dto::to_dto(made->stored, made->token, parts.settings.base_path).path);
        return exit_success;
    });
}

int list_invitations(bool json) {
    return with_core(true, [&](core& parts) {
        const auto open = parts.invitation_service->list();
        if (!open)
            return refuse(open.error());
        if (json) {
            print_json(*open);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{{"ID", "FOR", "ROLE", "UNTIL"}};
        for (const invitation& each : *open)
            rows.push_back({std::to_string(each.id), each.email.empty() ? "anybody" : each.email,
                            std::string{to_string(each.role)},
                            format_rfc3339(std::chrono::floor<std::chrono::seconds>(each.expires_at))});
        fmt::print("{}", as_table(rows));
        return exit_success;
    });
}

int delete_invitation(const delete_invitation_options& chosen) {
    return with_core(false, [&](core& parts) {
        const auto removed =
            parts.invitation_service->remove(chosen.id, operator_at_the_shell("invitation delete"));
        return removed ? exit_success : refuse(removed.error());
    });
}

} // namespace breakwater::app
