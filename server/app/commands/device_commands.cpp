#include "app/commands/device_commands.hpp"

#include "app/commands/outcome.hpp"
#include "app/json_rows.hpp"
#include "app/terminal.hpp"
#include "wire/command_rows.hpp"
#include "wire/device_dto.hpp"
#include "wire/schema/value_input.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace breakwater::app {

namespace {

/// Prints the secret on standard output. It is stored and logged nowhere.
void print_secret(const services::new_secret& created, bool json) {
    if (json)
        fmt::print("{}\n",
                   wire::schema::to_json(wire::device_credentials{
                       .device_id = created.id, .device_secret = created.secret, .category = created.kind}));
    else
        fmt::print("device_id      {}\ndevice_secret  {}\n", created.id.to_string(), created.secret);
    remark("The secret is shown only once: the server stores only a hash. Give it to the device now.");
}

/// The source of the readings of a device.
std::string_view reading_source_of(const device& device) {
    return device.simulated ? "simulated" : device.never_heard() ? "none yet" : "real";
}

wire::listed_device row_of(const device& device, std::string_view owner) {
    wire::listed_device row{.id = device.id,
                            .name = device.name,
                            .category = device.category,
                            .status = device.status,
                            .owner = std::string{owner},
                            .created_at = device.created_at,
                            .updated_at = device.updated_at,
                            .simulated = device.simulated,
                            .never_heard = device.never_heard()};
    if (device.block) {
        row.blocked_by = {services::author_of(*device.block, operator_at_the_shell("device list"))};
        row.blocked_reason = {device.block->reason};
        row.blocked_at = {device.block->at};
    }
    return row;
}

} // namespace

int create_device(const create_device_options& options) {
    if (const auto problem =
            wire::schema::check_text(options.name, min_device_name_length, max_device_name_length, true);
        !problem.empty())
        return refuse({.code = errc::invalid_input,
                       .detail = fmt::format("The name m{}", std::string_view{problem}.substr(1))},
                      exit_usage);
    return with_core(false, [&](core& parts) {
        const auto owner = account_of(parts, options.owner);
        if (!owner)
            return refuse(owner.error());
        auto caller = operator_at_the_shell("device create");
        caller.principal.user = owner->id;
        const auto created = parts.device_service.create(options.name, options.category, caller);
        if (!created)
            return refuse(created.error());
        print_secret(*created, options.json);
        return exit_success;
    });
}

int list_devices(const list_devices_options& options) {
    return with_core(true, [&](core& parts) {
        storage::device_query query{.owner = std::nullopt,
                                    .status = options.status,
                                    .category = options.category,
                                    .name_contains = {},
                                    .after = std::nullopt,
                                    .limit = std::nullopt};
        if (!options.owner.empty()) {
            const auto owner = account_of(parts, options.owner);
            if (!owner)
                return refuse(owner.error());
            query.owner = owner->id;
        }
        const auto devices =
            parts.device_service.list(std::move(query), operator_at_the_shell("device list"));
        if (!devices)
            return refuse(devices.error());
        const auto users = parts.user_service.list();
        if (!users)
            return refuse(users.error());
        std::unordered_map<user_id, std::string_view> owners;
        for (const user& user : *users)
            owners.emplace(user.id, user.email);

        if (options.json) {
            print_json(*devices, [&](const device& device) { return row_of(device, owners[device.owner]); });
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{{"ID", "CATEGORY", "STATUS", "READINGS", "OWNER", "NAME"}};
        for (const device& device : *devices)
            rows.push_back({device.id.to_string(), std::string{info(device.category).slug},
                            std::string{to_string(device.status)}, std::string{reading_source_of(device)},
                            std::string{owners[device.owner]}, printable(device.name)});
        fmt::print("{}", as_table(rows));
        return exit_success;
    });
}

int rotate_device(const rotate_device_options& options) {
    const auto id = uuid::parse(options.id);
    if (!id)
        return refuse({.code = errc::invalid_input,
                       .detail = fmt::format(
                           "{:?} is not a device id. `breakwater device list` shows the ids.", options.id)},
                      exit_usage);
    return with_core(false, [&](core& parts) {
        const auto rotated = parts.device_service.rotate_secret(*id, operator_at_the_shell("device rotate"));
        if (!rotated)
            return refuse(rotated.error());
        print_secret(*rotated, options.json);
        remark("The old secret and all tokens of the device no longer work.");
        return exit_success;
    });
}

} // namespace breakwater::app
