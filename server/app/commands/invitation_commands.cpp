#include "app/commands/invitation_commands.hpp"

#include "app/commands/outcome.hpp"
#include "app/json_rows.hpp"
#include "app/terminal.hpp"
#include "base/time.hpp"
#include "wire/invitation_dto.hpp"

#include <fmt/format.h>

namespace breakwater::app {

int create_invitation(const create_invitation_options& options) {
    std::string email;
    if (!options.email.empty()) {
        const auto address = normalise_email(options.email);
        if (!address)
            return refuse({.code = errc::invalid_input,
                           .detail = fmt::format("{:?} is not an e-mail address.", options.email)},
                          exit_usage);
        email = *address;
    }
    if (options.hours < 1 || options.hours > max_invitation_life.count())
        return refuse({.code = errc::invalid_input,
                       .detail = fmt::format("--hours must be from 1 to {}.", max_invitation_life.count())},
                      exit_usage);
    return with_core(false, [&](core& parts) {
        const auto created =
            parts.invitation_service.create(email, options.role, std::chrono::hours{options.hours},
                                            operator_at_the_shell("invitation create"));
        if (!created)
            return refuse(created.error());
        remark(fmt::format(
            "Invitation {} for {} as {}, valid until {}. Append this path to the scheme and host of the "
            "server. It is shown only once:",
            created->stored.id, email.empty() ? "anybody" : email, to_string(options.role),
            format_rfc3339(created->stored.expires_at)));
        fmt::print("{}\n", wire::to_dto(created->stored, created->token, parts.settings.base_path).path);
        return exit_success;
    });
}

int list_invitations(bool json) {
    return with_core(true, [&](core& parts) {
        const auto invitations = parts.invitation_service.list();
        if (!invitations)
            return refuse(invitations.error());
        if (json) {
            print_json(*invitations);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{{"ID", "FOR", "ROLE", "UNTIL"}};
        for (const invitation& item : *invitations)
            rows.push_back({std::to_string(item.id), item.email.empty() ? "anybody" : item.email,
                            std::string{to_string(item.role)},
                            format_rfc3339(std::chrono::floor<std::chrono::seconds>(item.expires_at))});
        fmt::print("{}", as_table(rows));
        return exit_success;
    });
}

int delete_invitation(const delete_invitation_options& options) {
    return with_core(false, [&](core& parts) {
        const auto removed =
            parts.invitation_service.remove(options.id, operator_at_the_shell("invitation delete"));
        return removed ? exit_success : refuse(removed.error());
    });
}

} // namespace breakwater::app
