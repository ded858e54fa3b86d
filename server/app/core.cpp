#include "app/core.hpp"

#include "api/alert_handlers.hpp"
#include "base/log.hpp"
#include "crypto/password_hash.hpp"
#include "services/password_policy.hpp"
#include "simulator/simulator.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace breakwater::app {

namespace {

result<void> fill_registries(core& parts) {
    return parts.store->read([&](const storage::snapshot& view) -> result<void> {
        const auto users = view.users().list();
        if (!users)
            return std::unexpected(users.error());
        for (const user& known : *users)
            parts.users.put(known);
        const auto devices = view.devices().list({});
        if (!devices)
            return std::unexpected(devices.error());
        for (const device& known : *devices)
            parts.devices.put(known);
        const auto by_category = view.policies().of_categories();
        if (!by_category)
            return std::unexpected(by_category.error());
        for (const auto& [kind, decided] : *by_category)
            parts.policies->put(kind, decided);
        const auto by_device = view.policies().of_devices();
        if (!by_device)
            return std::unexpected(by_device.error());
        for (const auto& [id, decided] : *by_device)
            parts.policies->put(id, decided);
        return {};
    });
}

result<void> make_demo(core& parts) {
    auto caller = operator_at_the_shell("serve");
    auto admin = parts.user_service->create_demo_administrator(caller);
    if (!admin)
        return pass(std::move(admin));
    if (!parts.settings.simulates())
        return {};
    caller.user = admin->id;
    for (const category_info& kind : categories())
        if (auto made = parts.device_service->create(kind.default_name, kind.id, caller); !made)
            return pass(std::move(made));
    return {};
}

} // namespace

result<std::unique_ptr<core>> open_core(const config& chosen, bool read_only,
                                        services::device_observer observer, events::event_listener* events,
                                        std::function<void()> rules_changed) {
    auto parts = std::make_unique<core>();
    parts->settings = chosen;
    std::function<void(const security_event&)> on_recorded;
    if (events != nullptr)
        on_recorded = [events](const security_event& event) { events->recorded(event); };
    auto store = storage::sqlite::open({.file = chosen.database_file,
                                        .read_only = read_only,
                                        .time = &parts->time,
                                        .on_recorded = std::move(on_recorded)});
    if (!store)
        return pass(std::move(store));
    parts->store = std::move(*store);
    parts->policies.emplace(
        effective_policy{.min_interval = chosen.min_reading_interval,
                         .payload_limit_bytes = static_cast<std::int64_t>(chosen.payload_limit_bytes),
                         .backfill_per_second = static_cast<std::int64_t>(chosen.backfill_rate),
                         .backfill_burst = static_cast<std::int64_t>(chosen.backfill_burst),
                         .keep_readings_days = chosen.keep_readings.count(),
                         .keep_rollups_days = chosen.keep_rollups.count()});
    if (auto filled = fill_registries(*parts); !filled)
        return pass(std::move(filled));
    core& p = *parts;
    std::function<void(const security_event&)> on_denied;
    if (events != nullptr)
        on_denied = [events](const security_event& event) { events->denied(event); };
    p.audit.emplace(*p.store, p.time, storage::audit_recorder::options{.on_denied = std::move(on_denied)});
    observer.deleting = [&p](storage::transaction& tx, const device_id& id, const services::caller& who) {
        return p.alert_service->end_of_device(tx, id, who);
    };
    observer.becoming_real = [&p](storage::transaction& tx, const device_id& id) {
        return p.alert_service->end_simulated(tx, id);
    };
    p.device_service.emplace(
        services::device_service::parts{*p.store, p.devices, *p.audit, p.time, p.random},
        services::device_settings{.secret_bcrypt_cost = chosen.device_bcrypt_cost,
                                  .simulates_new = chosen.simulates(),
                                  .max_devices_of_user = chosen.max_devices_of_user,
                                  .max_devices_of_admin = chosen.max_devices_of_admin},
        [](const device_id& id, category kind, timestamp now) {
            return simulator::sample_readings(id, kind, simulation_seed, now);
        },
        observer);
    p.user_service.emplace(
        services::user_service::parts{*p.store, p.users, p.devices, *p.audit, p.time, p.random},
        chosen.bcrypt_cost, std::move(observer));
    p.invitation_service.emplace(services::invitation_service::parts{*p.store, *p.audit, p.time, p.random});
    p.reading_service.emplace(*p.store, *p.device_service);
    p.policy_service.emplace(*p.store, *p.policies, *p.device_service, *p.audit, p.time,
                             [events](const device& of) {
                                 if (events != nullptr)
                                     events->changed(of, events::device_change::updated);
                             });
    services::alert_service::observer told{.rules_changed = std::move(rules_changed)};
    if (events != nullptr)
        told.changed = [events](const alert& what, alert_change how) { events->alerted(what, how); };
    p.alert_service.emplace(
        services::alert_service::parts{*p.store, *p.device_service, *p.audit, p.time, api::alerts::json_of},
        services::alert_settings{}, std::move(told));
    return parts;
}

result<std::optional<user>> find_user(core& parts, std::string_view email) {
    return storage::ask(*parts.store,
                        [&](const storage::snapshot& view) { return view.users().find_by_email(email); });
}

result<void> prepare_accounts(core& parts) {
    const auto users = parts.user_service->list();
    if (!users)
        return std::unexpected(users.error());
    if (parts.settings.allows_demo())
        return users->empty() ? make_demo(parts) : result<void>{};
    using services::demo_admin_email;
    const auto demo = std::ranges::find(*users, demo_admin_email, &user::email);
    if (demo != users->end() && crypto::verify_password(services::demo_admin_password, demo->password_hash))
        return fail(errc::invalid_input,
                    fmt::format("{} still has the demo password, ENVIRONMENT is {} and HOST is {}. Change it "
                                "first: breakwater user set-password {}",
                                demo_admin_email, parts.settings.environment, parts.settings.host,
                                demo_admin_email));
    if (std::ranges::none_of(*users,
                             [](const user& each) { return each.role == role::admin && !each.disabled_at; }))
        log::write(
            log::level::warning, "there is no administrator yet",
            {{"hint", "stop the server, run `breakwater user create EMAIL --role admin`, start it again"}});
    return {};
}

services::caller operator_at_the_shell(std::string_view command) {
    return {.user = 0,
            .administrator = true,
            .origin = {.route = fmt::format("breakwater {}", command)},
            .system = true};
}

} // namespace breakwater::app
