#pragma once

#include "base/ids.hpp"
#include "domain/category.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace breakwater::live {

enum class live_kind : std::uint8_t { reading, device, security_event, alert };

/// What happened, as clients get it.
struct live_event {
    live_kind kind = live_kind::reading;
    bool simulated = false;
    bool gone = false; ///< the device: nobody owns it any more, `owner` did
    breakwater::category category = breakwater::category::weather_station;
    device_id device{};
    user_id owner = 0;
    std::string text; ///< a JSON object; in a batch it is the batch's, from `offset` on
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// Events that became known together. Never changed: every I/O thread reads it. Their texts are made once,
/// whoever they go to, and stand in a row with commas between, so that who wants all of them is sent one
/// piece.
struct event_batch {
    std::uint64_t first = 0; ///< the number of its first event; the others follow
    std::vector<live_event> events;
    std::string text;

    [[nodiscard]] std::uint64_t end() const noexcept { return first + events.size(); }
};

using shared_batch = std::shared_ptr<const event_batch>;

} // namespace breakwater::live
