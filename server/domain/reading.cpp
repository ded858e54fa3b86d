#include "domain/reading.hpp"

namespace breakwater {

timestamp measured_at(const std::optional<timestamp>& device_timestamp, timestamp received_at) noexcept {
    using namespace std::chrono;
    constexpr timestamp earliest{sys_days{year{2000} / 1 / 1}};
    constexpr minutes tolerance{5};
    if (!device_timestamp || *device_timestamp < earliest || *device_timestamp > received_at + tolerance)
        return received_at;
    return *device_timestamp;
}

timestamp measured_at(const breakwater::reading& reading) noexcept {
    return measured_at(reading.device_timestamp, reading.received_at);
}

} // namespace breakwater
