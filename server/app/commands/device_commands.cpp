#include "app/commands/device_commands.hpp"

#include "app/commands/outcome.hpp"
#include "app/terminal.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"
#include "wire/schema/value_input.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace breakwater::app {

namespace {

/// Prints the secret on standard output. It is stored and logged nowhere.
void print_secret(const services::new_secret& created, bool json) {
    if (json)
        fmt::print("{{\"device_id\":\"{}\",\"device_secret\":\"{}\",\"category\":\"{}\"}}\n",
                   created.id.to_string(), created.secret, info(created.kind).slug);
    else
        fmt::print("device_id      {}\ndevice_secret  {}\n", created.id.to_string(), created.secret);
    remark("The secret is shown only once: the server stores only a hash. Give it to the device now.");
}

/// The source of the readings of a device.
std::string_view reading_source_of(const device& device) {
    return device.simulated ? "simulated" : device.never_heard() ? "none yet" : "real";
}

std::string json_of(const device& device, std::string_view owner) {
    std::string out = fmt::format(R"({{"id":"{}","name":)", device.id.to_string());
    append_json_string(out, device.name);
    out += fmt::format(R"(,"category":"{}","status":"{}","owner":)", info(device.category).slug,
                       to_string(device.status));
    append_json_string(out, owner);
    out += fmt::format(R"(,"created_at":"{}","updated_at":"{}","simulated":{},"never_heard":{})",
                       format_rfc3339(device.created_at), format_rfc3339(device.updated_at), device.simulated,
                       device.never_heard());
    if (device.block) {
        out += fmt::format(R"(,"blocked_by":)");
        append_json_string(out, services::author_of(*device.block, operator_at_the_shell("device list")));
        out += R"(,"blocked_reason":)";
        append_json_string(out, device.block->reason);
        out += fmt::format(R"(,"blocked_at":"{}")", format_rfc3339(device.block->at));
    }
    out += '}';
    return out;
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
        const auto created = parts.device_service->create(options.name, options.category, caller);
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
            parts.device_service->list(std::move(query), operator_at_the_shell("device list"));
        if (!devices)
            return refuse(devices.error());
        const auto users = parts.user_service->list();
        if (!users)
            return refuse(users.error());
        std::unordered_map<user_id, std::string_view> owners;
        for (const user& user : *users)
            owners.emplace(user.id, user.email);

        if (options.json) {
            std::string out;
            for (const device& device : *devices)
                out += (out.empty() ? "[\n  " : ",\n  ") + json_of(device, owners[device.owner]);
            fmt::print("{}\n", out.empty() ? "[]" : out + "\n]");
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
        const auto rotated = parts.device_service->rotate_secret(*id, operator_at_the_shell("device rotate"));
        if (!rotated)
            return refuse(rotated.error());
        print_secret(*rotated, options.json);
        remark("The old secret and all tokens of the device no longer work.");
        return exit_success;
    });
}

} // namespace breakwater::app
