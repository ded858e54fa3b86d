#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/category.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

/// A deleted device has no state: its row is gone.
enum class device_status : std::uint8_t { active, blocked };

[[nodiscard]] std::string_view to_string(device_status value) noexcept;
[[nodiscard]] std::optional<device_status> parse_device_status(std::string_view text) noexcept;

/// Who blocked a device.
enum class block_author : std::uint8_t { owner, rule, administrator };

[[nodiscard]] std::string_view to_string(block_author value) noexcept;

/// Why a device is blocked, and who may release it: its author's rank or a higher one. What an administrator
/// or a rule blocked is an administrator's to release, unless the rule says that the owner may.
struct device_block {
    block_author author = block_author::administrator;
    bool owner_may_release = false;
    user_id user = 0;     ///< the person; 0: a rule, the server's shell, or not known
    std::string name{};   ///< the person's address or the rule's name, as it was then; empty: not known
    std::string reason{}; ///< a sentence; empty: none was given
    timestamp at{};
    std::optional<std::int64_t> alert{}; ///< the alert of the rule
};

struct device {
    device_id id;
    user_id owner = 0;
    std::string name{}; ///< 3–100 characters
    breakwater::category category = breakwater::category::weather_station;
    device_status status = device_status::active;
    std::string secret_hash{};      ///< crypt(5) text; never leaves the server
    std::int64_t token_version = 1; ///< goes up with each rotation, invalidation and block
    timestamp created_at{};
    timestamp updated_at{};
    std::optional<timestamp>
        deactivated_at{}; ///< when it was last blocked or its tokens were last invalidated
    /// The simulator speaks for it: until it signs in itself, which ends that for good.
    bool simulated = false;
    std::optional<timestamp> signed_in_at{};   ///< for the first time
    std::optional<timestamp> first_heard_at{}; ///< its first reading that isn't simulated; set by the store
    std::optional<device_block> block{};       ///< of a blocked device

    /// It exists outside of this server. Never simulated again.
    [[nodiscard]] bool is_real() const noexcept { return signed_in_at || first_heard_at; }
    /// Nobody spoke for it yet: samples don't count.
    [[nodiscard]] bool never_heard() const noexcept { return !simulated && !first_heard_at; }
    /// Whether its owner may release it, who isn't an administrator.
    [[nodiscard]] bool owner_may_release() const noexcept { return block && block->owner_may_release; }
};

inline constexpr std::size_t min_device_name_length = 3;
inline constexpr std::size_t max_device_name_length = 100;
inline constexpr std::size_t max_block_reason_length = 200; ///< characters

} // namespace breakwater
