#pragma once

#include "base/result.hpp"
#include "domain/change.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace breakwater::storage {

/// Position of a change in the log, from 1 up. Later commits have higher positions.
using change_position = std::int64_t;

/// A backend keeps this many changes. A new one replaces the oldest.
inline constexpr change_position max_logged_changes = 10'000;

struct logged_change {
    change_position position = 0;
    std::string kind; ///< as `change_subject`
    std::string key;
};

/// The changes of entities, in the order of their commits. It tells another process which objects it must
/// load again. Followers in the same process receive the changes from `change_feed`.
class change_log {
public:
    virtual ~change_log() = default;

    /// The changes after this position, oldest first. `bad_state` if some of them are no longer kept: the
    /// caller must load everything again, and go on at `last`.
    virtual result<std::vector<logged_change>> after(change_position position, std::size_t limit) const = 0;
    /// Position of the newest change; 0 if there is none yet.
    virtual result<change_position> last() const = 0;

    /// Logs the change within the transaction. After the commit the followers of the catalogue's feed receive
    /// it.
    virtual result<void> publish(change made) = 0;
};

} // namespace breakwater::storage
