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
    config settings;
    system_clock time;
    crypto::system_random random;
    std::unique_ptr<storage::database> store;
    registry::device_registry devices;
    registry::user_registry users;
    std::optional<registry::policy_registry> policies;
    std::optional<storage::change_feed::subscription> devices_follow; ///< the registries follow first
    std::optional<storage::change_feed::subscription> users_follow;
    std::optional<storage::change_feed::subscription> policies_follow;
    std::optional<breakwater::audit::recorder> audit;
    std::optional<services::alert_writer> alert_writer;
    std::optional<services::device_service> device_service;
    std::optional<services::user_service> user_service;
    std::optional<services::invitation_service> invitation_service;
    std::optional<services::reading_service> reading_service;
    std::optional<services::policy_service> policy_service;
    std::optional<services::alert_service> alert_service;

    core() = default;
    core(const core&) = delete;
    core& operator=(const core&) = delete;
};

/// Opens the database and fills the registries, which follow its change feed from then on. With `read_only`
/// nothing can be changed, and a server may be running. `events` receives security events; null: nobody does.
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
