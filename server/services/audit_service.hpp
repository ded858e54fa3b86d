#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/security_event.hpp"
#include "services/caller.hpp"
#include "storage/database.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::services {

/// The incidents a lecturer can stage.
enum class scenario : std::uint8_t { jwt_invalid, missing_authorization, device_forbidden };

[[nodiscard]] std::string_view to_string(scenario value) noexcept;
[[nodiscard]] std::optional<scenario> parse_scenario(std::string_view text) noexcept;

/// The audit log, for administrators. Members block. Any thread may call.
class audit_service {
public:
    audit_service(storage::database& store, const clock& time) : store_{store}, clock_{time} {}

    result<std::vector<security_event>> list(const storage::event_query& query);
    /// Writes an event that is marked as staged, in a field of its own (contract, correction 10).
    result<security_event> simulate(scenario what, std::string_view note, const caller& who);

private:
    storage::database& store_;
    const clock& clock_;
};

} // namespace breakwater::services
