#pragma once

#include "base/ids.hpp"
#include "domain/category.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace breakwater::live {

enum class live_kind : std::uint8_t { reading, device, security_event };

/// What happened, as clients get it: the text is made once, whoever it goes to.
struct live_event {
    live_kind kind = live_kind::reading;
    bool simulated = false;
    bool gone = false; ///< the device: nobody owns it any more, `owner` did
    breakwater::category category = breakwater::category::weather_station;
    device_id device{};
    user_id owner = 0;
    std::string text; ///< a JSON object
};

/// Events that became known together. Never changed: every I/O thread reads it.
struct event_batch {
    std::uint64_t first = 0; ///< the number of its first event; the others follow
    std::vector<live_event> events;

    [[nodiscard]] std::uint64_t end() const noexcept { return first + events.size(); }
};

using shared_batch = std::shared_ptr<const event_batch>;

} // namespace breakwater::live
