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

/// An event in the form that clients receive.
struct live_event {
    live_kind kind = live_kind::reading;
    bool simulated = false;
    bool is_removal = false; ///< the device was deleted; `owner` was its last owner
    breakwater::category category = breakwater::category::weather_station;
    device_id device{};
    user_id owner = 0;
    std::string text; ///< a JSON object; empty in a batch, whose `text` contains it at `offset`
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// Events of one batch. Immutable, since every I/O thread reads it. The JSON texts are built once for all
/// clients and are separated by commas, so that a client that receives all events gets one piece of text.
struct event_batch {
    std::uint64_t first = 0; ///< number of the first event; the others follow
    std::vector<live_event> events;
    std::string text;

    [[nodiscard]] std::uint64_t end() const noexcept { return first + events.size(); }
};

using shared_batch = std::shared_ptr<const event_batch>;

} // namespace breakwater::live
