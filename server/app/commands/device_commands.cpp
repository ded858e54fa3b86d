#include "app/commands/device_commands.hpp"

#include "api/schema/value_input.hpp"
#include "app/commands/outcome.hpp"
#include "app/terminal.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <unordered_map>

namespace breakwater::app {

namespace {

/// The secret goes to standard output once, and nowhere else.
void tell_secret(const services::new_secret& made, bool json) {
    if (json)
        fmt::print("{{\"device_id\":\"{}\",\"device_secret\":\"{}\",\"category\":\"{}\"}}\n",
                   made.id.to_string(), made.secret, info(made.kind).slug);
    else
        fmt::print("device_id      {}\ndevice_secret  {}\n", made.id.to_string(), made.secret);
    remark("The secret is shown this once: only its hash is kept. Give it to the device now.");
}

/// Where its readings come from.
std::string_view voice_of(const device& known) {
    return known.simulated ? "simulated" : known.never_heard() ? "never heard" : "its own";
}

std::string json_of(const device& known, std::string_view owner) {
    std::string out = fmt::format(R"({{"id":"{}","name":)", known.id.to_string());
    append_json_string(out, known.name);
    out += fmt::format(R"(,"category":"{}","status":"{}","owner":)", info(known.category).slug,
                       to_string(known.status));
    append_json_string(out, owner);
    out += fmt::format(R"(,"created_at":"{}","updated_at":"{}","simulated":{},"never_heard":{})",
                       format_rfc3339(known.created_at), format_rfc3339(known.updated_at), known.simulated,
                       known.never_heard());
    if (known.block) {
        out += fmt::format(R"(,"blocked_by":)");
        append_json_string(out, services::author_of(*known.block, {.administrator = true}));
        out += R"(,"blocked_reason":)";
        append_json_string(out, known.block->reason);
        out += fmt::format(R"(,"blocked_at":"{}")", format_rfc3339(known.block->at));
    }
    out += '}';
    return out;
}

} // namespace

int create_device(const create_device_options& chosen) {
    if (const auto wrong =
            api::schema::check_text(chosen.name, min_device_name_length, max_device_name_length, true);
        !wrong.empty())
        return refuse({.code = errc::invalid_input,
                       .detail = fmt::format("The name m{}", std::string_view{wrong}.substr(1))},
                      exit_usage);
    return with_core(false, [&](core& parts) {
        const auto owner = account_of(parts, chosen.owner);
        if (!owner)
            return refuse(owner.error());
        auto caller = operator_at_the_shell("device create");
        caller.user = owner->id;
        const auto made = parts.device_service->create(chosen.name, chosen.category, caller);
        if (!made)
            return refuse(made.error());
        tell_secret(*made, chosen.json);
        return exit_success;
    });
}

int list_devices(const list_devices_options& chosen) {
    return with_core(true, [&](core& parts) {
        storage::device_query wanted{.owner = std::nullopt,
                                     .status = chosen.status,
                                     .category = chosen.category,
                                     .name_contains = {},
                                     .after = std::nullopt,
                                     .limit = std::nullopt};
        auto caller = operator_at_the_shell("device list");
        if (!chosen.owner.empty()) {
            const auto owner = account_of(parts, chosen.owner);
            if (!owner)
                return refuse(owner.error());
            caller.user = owner->id;
            caller.administrator = false; // a person sees their own
        }
        const auto devices = parts.device_service->list(std::move(wanted), caller);
        if (!devices)
            return refuse(devices.error());
        const auto users = parts.user_service->list();
        if (!users)
            return refuse(users.error());
        std::unordered_map<user_id, std::string_view> owners;
        for (const user& known : *users)
            owners.emplace(known.id, known.email);

        if (chosen.json) {
            std::string out;
            for (const device& known : *devices)
                out += (out.empty() ? "[\n  " : ",\n  ") + json_of(known, owners[known.owner]);
            fmt::print("{}\n", out.empty() ? "[]" : out + "\n]");
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{{"ID", "CATEGORY", "STATUS", "READINGS", "OWNER", "NAME"}};
        for (const device& known : *devices)
            rows.push_back({known.id.to_string(), std::string{info(known.category).slug},
                            std::string{to_string(known.status)}, std::string{voice_of(known)},
                            std::string{owners[known.owner]}, printable(known.name)});
        fmt::print("{}", as_table(rows));
        return exit_success;
    });
}

int rotate_device(const rotate_device_options& chosen) {
    const auto id = uuid::parse(chosen.id);
    if (!id)
        return refuse({.code = errc::invalid_input,
                       .detail = fmt::format(
                           "{:?} is not a device's id; `breakwater device list` shows them.", chosen.id)},
                      exit_usage);
    return with_core(false, [&](core& parts) {
        const auto made = parts.device_service->rotate_secret(*id, operator_at_the_shell("device rotate"));
        if (!made)
            return refuse(made.error());
        tell_secret(*made, chosen.json);
        remark("The old secret and all tokens of the device have stopped working.");
        return exit_success;
    });
}

} // namespace breakwater::app
