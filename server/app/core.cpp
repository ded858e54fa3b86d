#include "app/core.hpp"

#include "app/open_database.hpp"
#include "base/log.hpp"
#include "crypto/password_hash.hpp"
#include "services/password_policy.hpp"
#include "simulator/simulator.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace breakwater::app {

namespace {

effective_policy defaults_of(const config& settings) {
    return {.min_interval = settings.min_reading_interval,
            .payload_limit_bytes = static_cast<std::int64_t>(settings.payload_limit_bytes),
            .backfill_per_second = static_cast<std::int64_t>(settings.backfill_rate),
            .backfill_burst = static_cast<std::int64_t>(settings.backfill_burst),
            .keep_readings_days = settings.keep_readings.count(),
            .keep_rollups_days = settings.keep_rollups.count()};
}

breakwater::audit::recorder::options recorder_options(events::event_listener* events) {
    breakwater::audit::recorder::options options;
    if (events != nullptr)
        options.on_denied = [events](const security_event& event) { events->access_denied(event); };
    return options;
}

result<void> fill_registries(core& parts) {
    return parts.store->read([&](const storage::snapshot& view) -> result<void> {
        const auto users = view.users().list();
        if (!users)
            return std::unexpected(users.error());
        for (const user& user : *users)
            parts.users.put(user);
        const auto devices = view.devices().list({});
        if (!devices)
            return std::unexpected(devices.error());
        for (const device& device : *devices)
            parts.devices.put(device);
        const auto by_category = view.policies().of_categories();
        if (!by_category)
            return std::unexpected(by_category.error());
        for (const auto& [category, policy] : *by_category)
            parts.policies.put(category, policy);
        const auto by_device = view.policies().of_devices();
        if (!by_device)
            return std::unexpected(by_device.error());
        for (const auto& [id, policy] : *by_device)
            parts.policies.put(id, policy);
        return {};
    });
}

result<void> create_demo(core& parts) {
    auto caller = operator_at_the_shell("serve");
    auto admin = parts.user_service.create_demo_administrator(caller);
    if (!admin)
        return pass(std::move(admin));
    if (!parts.settings.simulates())
        return {};
    caller.principal.user = admin->id;
    for (const category_info& category : categories())
        if (auto created = parts.device_service.create(category.default_name, category.id, caller); !created)
            return pass(std::move(created));
    return {};
}

} // namespace

core::core(const config& configured, std::unique_ptr<const clock> wall_clock,
           std::unique_ptr<storage::database> opened, events::event_listener* events)
    : settings{configured},
      own_clock{std::move(wall_clock)},
      time{*own_clock},
      store{std::move(opened)},
      policies{defaults_of(settings)},
      devices_follow{store->feed(), devices},
      users_follow{store->feed(), users},
      policies_follow{store->feed(), policies},
      audit{*store, time, recorder_options(events)},
      alert_writer{time, services::alert_settings{}.reopen_within},
      device_service{{*store, devices, alert_writer, audit, time, random},
                     {.secret_bcrypt_cost = settings.device_bcrypt_cost,
                      .simulates_new = settings.simulates(),
                      .max_devices_of_user = settings.max_devices_of_user,
                      .max_devices_of_admin = settings.max_devices_of_admin},
                     [](const device_id& id, category category, timestamp now) {
                         return simulator::sample_readings(id, category, simulation_seed, now);
                     }},
      user_service{{*store, alert_writer, audit, time, random}, settings.bcrypt_cost},
      invitation_service{{*store, audit, time, random}},
      reading_service{*store, device_service},
      policy_service{*store, policies, device_service, audit, time},
      alert_service{{*store, device_service, alert_writer, audit, time}, services::alert_settings{}} {}

result<std::unique_ptr<core>> open_core(const config& settings, bool read_only,
                                        events::event_listener* events) {
    auto time = std::make_unique<const system_clock>();
    std::function<void(const security_event&)> on_recorded;
    if (events != nullptr)
        on_recorded = [events](const security_event& event) { events->event_recorded(event); };
    auto store =
        open_database(settings.database, settings,
                      {.read_only = read_only, .time = time.get(), .on_recorded = std::move(on_recorded)});
    if (!store)
        return pass(std::move(store));
    auto parts = std::make_unique<core>(settings, std::move(time), std::move(*store), events);
    if (auto filled = fill_registries(*parts); !filled)
        return pass(std::move(filled));
    if (auto follows = parts->store->follow_others(); !follows)
        return pass(std::move(follows));
    return parts;
}

result<std::optional<user>> find_user(core& parts, std::string_view email) {
    return storage::fetch(*parts.store,
                          [&](const storage::snapshot& view) { return view.users().find_by_email(email); });
}

result<void> prepare_accounts(core& parts) {
    const auto users = parts.user_service.list();
    if (!users)
        return std::unexpected(users.error());
    if (parts.settings.allows_demo())
        return users->empty() ? create_demo(parts) : result<void>{};
    using services::demo_admin_email;
    const auto demo = std::ranges::find(*users, demo_admin_email, &user::email);
    if (demo != users->end() && crypto::verify_password(services::demo_admin_password, demo->password_hash))
        return fail(errc::invalid_input,
                    fmt::format("{} still has the demo password, but ENVIRONMENT is {} and HOST is {}. "
                                "Change the password first: breakwater user set-password {}",
                                demo_admin_email, parts.settings.environment, parts.settings.host,
                                demo_admin_email));
    if (std::ranges::none_of(*users,
                             [](const user& user) { return user.role == role::admin && !user.disabled_at; }))
        log::write(
            log::level::warning, "no administrator exists yet",
            {{"hint", "stop the server, run `breakwater user create EMAIL --role admin`, start it again"}});
    return {};
}

services::caller operator_at_the_shell(std::string_view command) {
    return {.principal = {.kind = identity::principal::kind::system},
            .origin = {.route = fmt::format("breakwater {}", command)}};
}

} // namespace breakwater::app
