#pragma once

#include "domain/security_event.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::storage::engine {

/// The targets of an event, as they are stored: type and id of the first, and the others as a JSON array of
/// pairs.
struct event_targets {
    std::optional<event_target> first;
    std::vector<event_target> others;
};

/// `type` is empty if the event has no target. `others`: as `other_targets_text` writes it. Empty if the
/// texts come from a newer version.
[[nodiscard]] std::optional<event_targets> read_event_targets(std::string_view type, std::string_view id,
                                                              std::string_view others);
[[nodiscard]] std::string other_targets_text(const std::vector<event_target>& others);

} // namespace breakwater::storage::engine
