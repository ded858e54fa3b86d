#include "storage/engine/latest_cache.hpp"

#include <algorithm>
#include <span>

namespace breakwater::storage::engine {

namespace {

/// Buffered readings that are read together.
constexpr std::size_t buffered_batch = 64;

/// No values if the bytes are damaged; later readings then replace them.
blocks::latest_values read_stored(std::string_view bytes) {
    if (bytes.empty())
        return {};
    return blocks::latest_values::read(bytes).value_or(blocks::latest_values{});
}

} // namespace

result<void> merge_latest(series_tables& tables, device_key device, const blocks::latest_values& added,
                          timestamp latest_plausible) {
    const auto bytes = tables.latest(device);
    if (!bytes)
        return std::unexpected(bytes.error());
    blocks::latest_values values = read_stored(*bytes);
    values.merge(added, latest_plausible);
    return tables.put_latest(device, values.write());
}

result<latest_fields> latest_cache::fields(series_tables& tables, device_key device, std::string_view stored,
                                           const std::vector<buffered_reading>& buffered,
                                           bool include_simulated, timestamp latest_plausible) {
    std::vector<buffered_reading> entries = buffered;
    {
        const lock_guard lock{mutex_};
        device_entry& cached = devices_[device];
        if (cached.stored != stored) {
            cached.values.merge(read_stored(stored), latest_plausible);
            cached.stored = stored;
        }
        std::erase_if(entries,
                      [&cached](const buffered_reading& entry) { return entry.id() <= cached.through; });
    }
    for (auto rest = std::span<const buffered_reading>{entries}; !rest.empty();) {
        const auto batch = rest.first(std::min(buffered_batch, rest.size()));
        rest = rest.subspan(batch.size());
        const auto readings = tables.read_buffered(batch); // without the lock: it may wait for the database
        if (!readings)
            return std::unexpected(readings.error());
        add(device, *readings, batch.back().id(), latest_plausible);
    }

    const lock_guard lock{mutex_};
    const device_entry& cached = devices_[device];
    latest_fields out = cached.values.fields(false);
    if (include_simulated)
        for (const auto& [name, last] : cached.values.fields(true))
            if (const auto [position, added] = out.emplace(name, last);
                !added && last.measured_at > position->second.measured_at)
                position->second = last;
    return out;
}

void latest_cache::add(device_key device, const std::vector<reading>& readings, reading_id through,
                       timestamp latest_plausible) {
    const lock_guard lock{mutex_};
    device_entry& cached = devices_[device];
    for (const reading& item : readings)
        if (item.id > cached.through)
            cached.values.add(item, reader_, latest_plausible);
    cached.through = std::max(cached.through, through);
}

void latest_cache::drop(device_key device) {
    const lock_guard lock{mutex_};
    devices_.erase(device);
}

} // namespace breakwater::storage::engine
