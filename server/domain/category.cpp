#include "domain/category.hpp"

namespace breakwater {

namespace {

using std::chrono::seconds;

constexpr std::array<category_info, category_count> table{{
    {category::weather_station, "weather_station", "Weather station",
     "Outdoor station that measures temperature, humidity, wind, pressure, rain and UV.", "Weather station",
     seconds{15}, seconds{45},
     R"({"timestamp":"2026-01-15T12:00:00Z","status":"outdoor","metrics":{"temperature_c":18.4,"humidity_pct":61.2,)"
     R"("wind_speed_ms":3.7,"pressure_hpa":1014.6,"rainfall_mm":0.0,"uv_index":4.1}})"},
    {category::indoor_thermometer, "indoor_thermometer", "Indoor thermometer",
     "Room sensor for temperature and humidity, with a comfort index.", "Indoor thermometer", seconds{30},
     seconds{90},
     R"({"timestamp":"2026-01-15T12:00:00Z","status":"indoor","metrics":{"temperature_c":21.6,"humidity_pct":44.0,)"
     R"("comfort_index":82.5}})"},
    {category::ip_camera, "ip_camera", "IP camera",
     "Network camera that reports the health of its stream and detected motion.", "IP camera", seconds{10},
     seconds{25},
     R"({"timestamp":"2026-01-15T12:00:00Z","status":"idle","snapshot_taken":false,"metrics":{"bitrate_mbps":4.2,)"
     R"("latency_ms":38.0,"packet_loss_pct":0.1}})"},
    {category::air_quality, "air_quality", "Air quality monitor",
     "Monitor for particulate matter, carbon dioxide and volatile organic compounds.", "Air quality monitor",
     seconds{45}, seconds{120},
     R"({"timestamp":"2026-01-15T12:00:00Z","status":"good","metrics":{"pm2_5":8.3,"pm10":15.1,"co2_ppm":520.0,)"
     R"("voc_ppb":110.0}})"},
    {category::smart_lock, "smart_lock", "Smart lock",
     "Door lock that reports its state, its battery and who used it last.", "Smart lock", seconds{60},
     seconds{180},
     R"({"timestamp":"2026-01-15T12:00:00Z","status":"locked","battery_pct":87.0,"jam_detected":false,)"
     R"("last_action":{"user":"resident","method":"keypad","timestamp":"2026-01-15T11:42:10Z"}})"},
}};

} // namespace

const std::array<category_info, category_count>& categories() noexcept {
    return table;
}

const category_info& info(category id) noexcept {
    return table[static_cast<std::size_t>(id)];
}

std::optional<category> parse_category(std::string_view slug) noexcept {
    for (const category_info& entry : table)
        if (entry.slug == slug)
            return entry.id;
    return std::nullopt;
}

std::string known_category_slugs() {
    std::string out;
    for (const category_info& entry : table) {
        if (!out.empty())
            out += ", ";
        out += entry.slug;
    }
    return out;
}

} // namespace breakwater
