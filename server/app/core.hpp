#pragma once

#include "app/config.hpp"
#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "crypto/random.hpp"
#include "events/event_bus.hpp"
#include "identity/token_service.hpp"
#include "registry/device_registry.hpp"
#include "registry/policy_registry.hpp"
#include "registry/user_registry.hpp"
#include "services/alert_service.hpp"
#include "services/audit_service.hpp"
#include "services/auth_service.hpp"
#include "services/device_service.hpp"
#include "services/invitation_service.hpp"
#include "services/policy_service.hpp"
#include "services/reading_service.hpp"
#include "services/user_service.hpp"
#include "storage/database.hpp"

#include <memory>
#include <optional>

namespace breakwater::app {

/// The simulator derives the values of a device from this seed and the id of the device.
inline constexpr std::uint64_t simulation_seed = 1;

/// The database with its registries and services, for the server and the commands. Members are created in
/// their order and destroyed in reverse.
struct core {
    /// `events` receives security events; null: nobody does.
    core(const config& configured, std::unique_ptr<const clock> wall_clock,
         std::unique_ptr<storage::database> opened, events::event_listener* events);
    core(const core&) = delete;
    core& operator=(const core&) = delete;

    const config settings;
    const std::unique_ptr<const clock> own_clock;
    const clock& time;
    crypto::system_random random;
    const std::unique_ptr<storage::database> store;
    registry::device_registry devices;
    registry::user_registry users;
    registry::policy_registry policies;
    const storage::change_feed::subscription devices_follow; ///< the registries follow first
    const storage::change_feed::subscription users_follow;
    const storage::change_feed::subscription policies_follow;
    breakwater::audit::recorder audit;
    services::alert_writer alert_writer;
    services::device_service device_service;
    services::user_service user_service;
    services::invitation_service invitation_service;
    services::reading_service reading_service;
    services::policy_service policy_service;
    services::alert_service alert_service;
};

/// Opens the database and fills the registries, which follow its change feed from then on. With `read_only`
/// nothing can be changed, and a server may be running. `events`: as for `core`.
[[nodiscard]] result<std::unique_ptr<core>> open_core(const config& settings, bool read_only = false,
                                                      events::event_listener* events = nullptr);

/// With `config::allows_demo` and without accounts: creates the demo administrator and, with
/// `config::simulates`, one device of each category. Without `allows_demo`: `invalid_input` while the demo
/// administrator has the demo password, and a log line with a hint if there is no administrator.
[[nodiscard]] result<void> prepare_accounts(core& parts);

/// The account with this normalised e-mail address, if any.
[[nodiscard]] result<std::optional<user>> find_user(core& parts, std::string_view email);

/// The caller of a command: an operator with a shell on the server, who may do everything.
[[nodiscard]] services::caller operator_at_the_shell(std::string_view command);

} // namespace breakwater::app
