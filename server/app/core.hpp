#pragma once

#include "app/config.hpp"
#include "base/clock.hpp"
#include "crypto/random.hpp"
#include "events/event_bus.hpp"
#include "services/alert_service.hpp"
#include "services/audit_service.hpp"
#include "services/auth_service.hpp"
#include "services/device_service.hpp"
#include "services/invitation_service.hpp"
#include "services/policy_service.hpp"
#include "services/reading_service.hpp"
#include "services/token_service.hpp"
#include "services/user_service.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"
#include "storage/device_registry.hpp"
#include "storage/policy_registry.hpp"
#include "storage/user_registry.hpp"

#include <memory>
#include <optional>

namespace breakwater::app {

/// What the simulated devices' values derive from; a device's id makes each its own.
inline constexpr std::uint64_t simulation_seed = 1;

/// The database with everything that works on it, as the server and the commands need it. Made in the order
/// of the members; destroyed in the reverse.
struct core {
    config settings;
    system_clock time;
    crypto::system_random random;
    std::unique_ptr<storage::database> store;
    storage::device_registry devices;
    storage::user_registry users;
    std::optional<storage::policy_registry> policies;
    std::optional<storage::audit_recorder> audit;
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

/// Opens the database and fills the registries. With `read_only` it may run beside a server, and nothing can
/// be changed. `observer` hears of devices, `events` of
/// what is put on record and of alerts.
[[nodiscard]] result<std::unique_ptr<core>> open_core(
    const config& chosen, bool read_only = false, services::device_observer observer = {},
    events::event_listener* events = nullptr, std::function<void()> rules_changed = [] {});

/// The first start where `config::allows_demo`: makes the demo administrator and, with `simulation`, a device
/// of each category. Elsewhere: refuses to go on while the demo administrator has the demo password, and says
/// what to do; where there is no administrator yet, a log line says how to make one.
[[nodiscard]] result<void> prepare_accounts(core& parts);

/// The account of a normalised address, where there is one.
[[nodiscard]] result<std::optional<user>> find_user(core& parts, std::string_view email);

/// Who acts when a command does: somebody with a shell on the server, who may do everything.
[[nodiscard]] services::caller operator_at_the_shell(std::string_view command);

} // namespace breakwater::app
