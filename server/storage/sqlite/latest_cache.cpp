#include "storage/sqlite/latest_cache.hpp"

namespace breakwater::storage::sqlite {

namespace {

/// No values if the bytes are damaged; later readings then replace them.
blocks::latest_values read_stored(std::string_view bytes) {
    return blocks::latest_values::read(bytes).value_or(blocks::latest_values{});
}

result<blocks::latest_values> stored_latest(connection& db, device_key device) {
    statement query = db.prepare("SELECT bytes FROM latest WHERE device = ?1");
    const auto row = query.bind(device).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return blocks::latest_values{};
    return read_stored(query.blob_view(0));
}

} // namespace

result<void> merge_latest(connection& db, device_key device, const blocks::latest_values& added,
                          timestamp latest_plausible) {
    auto stored = stored_latest(db, device);
    if (!stored)
        return pass(std::move(stored));
    stored->merge(added, latest_plausible);
    const std::string bytes = stored->write();
    return db.run("INSERT INTO latest VALUES (?1, ?2) ON CONFLICT (device) DO UPDATE SET bytes = ?2", device,
                  blob{bytes});
}

result<latest_fields> latest_cache::fields(connection& db, device_key device, std::string_view stored,
                                           const std::vector<buffered_reading>& buffered,
                                           bool include_simulated, timestamp latest_plausible) {
    const lock_guard lock{mutex_};
    device_entry& cached = devices_[device];
    if (cached.stored != stored) {
        cached.values.merge(read_stored(stored), latest_plausible);
        cached.stored = stored;
    }
    for (const buffered_reading& entry : buffered) {
        if (entry.id() <= cached.through)
            continue;
        statement query = db.prepare("SELECT device_timestamp, payload FROM write_buffer WHERE id = ?1");
        const auto row = query.bind(entry.id()).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row)
            cached.values.add({.device_id = {},
                               .device_timestamp = query.optional_time(0),
                               .received_at = entry.received_at(),
                               .payload = query.text(1),
                               .simulated = entry.simulated()},
                              reader_, latest_plausible);
    }
    if (!buffered.empty())
        cached.through = std::max(cached.through, buffered.back().id());
    latest_fields out = cached.values.fields(false);
    if (include_simulated)
        for (const auto& [name, last] : cached.values.fields(true))
            if (const auto [position, added] = out.emplace(name, last);
                !added && last.measured_at > position->second.measured_at)
                position->second = last;
    return out;
}

void latest_cache::drop(device_key device) {
    const lock_guard lock{mutex_};
    devices_.erase(device);
}

} // namespace breakwater::storage::sqlite
