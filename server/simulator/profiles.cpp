#include "simulator/profiles.hpp"

#include "base/time.hpp"
#include "simulator/lock_history.hpp"
#include "simulator/moment.hpp"
#include "simulator/noise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

namespace breakwater::simulator {

namespace {

constexpr double minute = 60;
constexpr double hour = 3600;

/// One device at one moment. Each call of `wave` and `site` uses a channel of its own, so that quantities are
/// independent.
struct scene {
    moment now;
    std::uint64_t seed;

    [[nodiscard]] double wave(std::uint64_t channel, double period_seconds) const {
        return noise(seed, channel, now.seconds, period_seconds);
    }
    /// A constant of this device's location, in [-1, 1].
    [[nodiscard]] double site(std::uint64_t channel) const { return 2 * unit(mix(seed, ~channel)) - 1; }
};

double rounded(double value, double steps_per_unit) {
    return std::round(value * steps_per_unit) / steps_per_unit + 0.0; // the sum turns -0 into 0
}

/// Writes the members common to all payloads, then those of the category.
class payload_text {
public:
    payload_text(const moment& now, category kind) {
        text_.reserve(320);
        text_ += R"({"timestamp":")";
        append_rfc3339(text_, std::chrono::floor<std::chrono::seconds>(now.at));
        fmt::format_to(std::back_inserter(text_), R"(","category":"{}","__simulated__":true)",
                       info(kind).slug);
    }
    template <class... Values>
    void add(fmt::format_string<Values...> members, Values&&... values) {
        text_ += ',';
        fmt::format_to(std::back_inserter(text_), members, std::forward<Values>(values)...);
    }
    [[nodiscard]] std::string close() && {
        text_ += '}';
        return std::move(text_);
    }

private:
    std::string text_;
};

void weather_station(payload_text& out, const scene& device) {
    const moment& now = device.now;
    const double cloud =
        std::clamp(0.5 + 0.6 * device.wave(1, 9 * hour) + 0.12 * device.wave(2, 50 * minute), 0.0, 1.0);
    // The air is warmest three hours after noon, and clouds reduce the daily variation.
    const double warmth = now.daily(15) * (1 - 0.5 * cloud);
    const double temperature = 10.5 + 3 * device.site(1) + 9.5 * now.season +
                               (4 + 1.5 * now.season) * warmth + 4 * device.wave(3, 36 * hour) +
                               0.4 * device.wave(4, 25 * minute);
    const double rain = std::max(0.0, cloud - 0.7) / 0.3 * 1.5 * (1 + device.wave(5, 40 * minute));
    const double humidity = 66 - 13 * warmth + 18 * (cloud - 0.5) + 4 * rain + 6 * device.wave(6, 5 * hour) +
                            1.2 * device.wave(7, 20 * minute);
    const double wind = 3.2 + 1.4 * now.sun + 2.6 * device.wave(8, 14 * hour) +
                        0.9 * device.wave(9, 15 * minute) + 0.5 * device.wave(10, 2 * minute);
    const double pressure = 1013 + 13 * device.wave(11, 70 * hour) + 3 * device.wave(12, 11 * hour);
    const double uv = 8.8 * std::pow(now.sun, 1.3) * (1 - 0.75 * cloud);
    out.add(
        R"("status":"outdoor","metrics":{{"temperature_c":{:.1f},"humidity_pct":{:.1f},"wind_speed_ms":{:.1f},)"
        R"("pressure_hpa":{:.1f},"rainfall_mm":{:.1f},"uv_index":{:.1f}}})",
        rounded(temperature, 10), rounded(std::clamp(humidity, 12.0, 100.0), 10),
        rounded(std::max(0.0, wind), 10), rounded(pressure, 10), rounded(rain, 10), rounded(uv, 10));
}

void indoor_thermometer(payload_text& out, const scene& device) {
    const moment& now = device.now;
    const double home = std::max(now.between(6.3, 8.6), now.between(17, 22.8));
    const double temperature =
        rounded(20.4 + 1.2 * device.site(1) + 1.1 * home + 1.6 * std::max(0.0, now.season) +
                    0.6 * device.wave(1, 5 * hour) + 0.15 * device.wave(2, 12 * minute),
                10);
    const double humidity =
        rounded(std::clamp(44 + 5 * device.site(2) + 6 * now.season + 3 * home +
                               4 * device.wave(3, 7 * hour) + 0.5 * device.wave(4, 15 * minute),
                           20.0, 75.0),
                10);
    const double comfort = 100 - 6 * std::abs(temperature - 21.5) - 0.9 * std::abs(humidity - 45);
    out.add(
        R"("status":"indoor","metrics":{{"temperature_c":{:.1f},"humidity_pct":{:.1f},"comfort_index":{:.1f}}})",
        temperature, humidity, rounded(std::clamp(comfort, 0.0, 100.0), 10));
}

void ip_camera(payload_text& out, const scene& device) {
    const moment& now = device.now;
    // The share of the time with motion: almost none at night.
    const double activity = 0.002 + 0.3 * now.between(6.5, 21.5) * (0.7 + 0.3 * device.site(1));
    const double motion_level = (1 + device.wave(1, 1.5 * minute)) / 2 - (1 - activity);
    const bool motion = motion_level > 0;
    const double bitrate = 2.1 + 1.6 * std::min(1.0, 3 * now.sun) +
                           2.4 * std::clamp(motion_level / 0.15, 0.0, 1.0) + 0.15 * device.wave(2, minute);
    const double evening = now.bell(20.5, 2);
    const double latency = 30 + 6 * device.site(2) + 20 * evening + 5 * device.wave(3, 40 * minute) +
                           2 * device.wave(4, 2 * minute);
    const double loss =
        0.09 + 0.8 * evening * std::max(0.0, device.wave(5, 35 * minute)) + 0.09 * device.wave(6, 4 * minute);
    const auto scene_number = static_cast<std::uint64_t>(now.seconds / 40);
    const bool snapshot = motion && unit(mix(device.seed, scene_number)) < 0.6;
    out.add(R"("status":"{}","snapshot_taken":{},"metrics":{{"bitrate_mbps":{:.2f},"latency_ms":{:.1f},)"
            R"("packet_loss_pct":{:.2f}}})",
            motion ? "motion_detected" : "idle", snapshot, rounded(bitrate, 100), rounded(latency, 10),
            rounded(std::max(0.0, loss), 100));
}

/// The worst of the four values decides. The particle limits are those of the US EPA's index.
std::string_view air_status(double pm2_5, double pm10, double co2, double voc) {
    if (pm2_5 > 35.4 || pm10 > 154 || co2 > 1500 || voc > 660)
        return "unhealthy";
    if (pm2_5 > 12 || pm10 > 54 || co2 > 1000 || voc > 220)
        return "moderate";
    return "good";
}

void air_quality(payload_text& out, const scene& device) {
    const moment& now = device.now;
    const double weekday = now.weekend ? 0.45 : 1.0;
    const double rush = weekday * (now.bell(8, 1.2) + 0.9 * now.bell(17.5, 1.5));
    const double busy = weekday * now.between(8, 18.5);
    const double stagnant = std::exp(0.9 * device.wave(1, 40 * hour)) * (1 - 0.3 * now.season);
    const double pm2_5 =
        rounded(std::max(0.5, (4 + device.site(1) + 9 * rush) * stagnant + device.wave(2, hour)), 10);
    const double pm10 = rounded(1.5 * pm2_5 + 4 + 2.5 * (1 + device.wave(3, 6 * hour)), 10);
    const double co2 = rounded(450 + 30 * device.site(2) + 260 * busy + 60 * rush +
                                   30 * device.wave(4, 3 * hour) + 6 * device.wave(5, 12 * minute),
                               1);
    const double voc =
        rounded(std::max(5.0, 85 + 45 * rush * stagnant + 60 * busy + 30 * device.wave(6, 4 * hour) +
                                  5 * device.wave(7, 15 * minute)),
                1);
    out.add(R"("status":"{}","metrics":{{"pm2_5":{:.1f},"pm10":{:.1f},"co2_ppm":{:.1f},"voc_ppb":{:.1f}}})",
            air_status(pm2_5, pm10, co2, voc), pm2_5, pm10, co2, voc);
}

/// A battery lasts about half a year, and is replaced before it is empty.
double battery(const scene& device) {
    const double life_days = 180 + 30 * device.site(1);
    const double worn = device.now.seconds / 86'400 / life_days + device.site(2);
    return rounded(100 - 88 * (worn - std::floor(worn)), 10);
}

void smart_lock(payload_text& out, const scene& device) {
    const lock_state lock = lock_at(device.seed, device.now.at);
    out.add(R"("status":"{}","battery_pct":{:.1f},"jam_detected":{})", lock.locked ? "locked" : "unlocked",
            battery(device), lock.jammed);
    if (!lock.last_action) {
        out.add(R"("last_action":null)");
        return;
    }
    out.add(R"("last_action":{{"user":"{}","method":"{}","timestamp":"{}"}})", lock.last_action->user,
            lock.last_action->method, format_rfc3339(lock.last_action->at));
}

} // namespace

std::string simulated_payload(category kind, std::uint64_t seed, timestamp at) {
    const scene device{moment{at}, seed};
    payload_text out{device.now, kind};
    switch (kind) {
    case category::weather_station: weather_station(out, device); break;
    case category::indoor_thermometer: indoor_thermometer(out, device); break;
    case category::ip_camera: ip_camera(out, device); break;
    case category::air_quality: air_quality(out, device); break;
    case category::smart_lock: smart_lock(out, device); break;
    }
    return std::move(out).close();
}

} // namespace breakwater::simulator
