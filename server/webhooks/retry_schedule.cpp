#include "webhooks/retry_schedule.hpp"

#include <array>
#include <utility>

namespace breakwater::webhooks {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<seconds, 7> delays{seconds{10}, seconds{30}, minutes{2}, minutes{10},
                                        minutes{30}, hours{1},    hours{3}};
constexpr int jitter_divisor = 5;

} // namespace

std::optional<milliseconds> delay_after(std::int64_t attempts, random_source& random) {
    if (attempts < 1 || std::cmp_greater(attempts, delays.size()))
        return std::nullopt;
    const milliseconds delay = delays[static_cast<std::size_t>(attempts - 1)];
    std::array<std::uint8_t, 2> bytes{};
    random.fill(bytes);
    const std::int64_t fraction = bytes[0] * 256 + bytes[1];
    return delay + delay / jitter_divisor * fraction / 65'536;
}

} // namespace breakwater::webhooks
