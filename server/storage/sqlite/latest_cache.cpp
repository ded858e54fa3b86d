#include "storage/sqlite/latest_cache.hpp"

namespace breakwater::storage::sqlite {

namespace {

/// Nothing where it is damaged, which the next readings make good.
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

result<void> merge_latest(connection& db, device_key device, const blocks::latest_values& more,
                          timestamp believed) {
    auto stored = stored_latest(db, device);
    if (!stored)
        return pass(std::move(stored));
    stored->merge(more, believed);
    const std::string bytes = stored->write();
    return db.run("INSERT INTO latest VALUES (?1, ?2) ON CONFLICT (device) DO UPDATE SET bytes = ?2", device,
                  blob{bytes});
}

result<latest_fields> latest_cache::of(connection& db, device_key device, std::string_view stored,
                                       const std::vector<hot_entry>& hot, bool include_simulated,
                                       timestamp believed) {
    const std::lock_guard lock{mutex_};
    known& its = devices_[device];
    if (its.stored != stored) {
        its.values.merge(read_stored(stored), believed);
        its.stored = stored;
    }
    for (const hot_entry& entry : hot) {
        if (entry.id() <= its.through)
            continue;
        statement query = db.prepare("SELECT device_timestamp, payload FROM hot_readings WHERE id = ?1");
        const auto row = query.bind(entry.id()).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row)
            its.values.add({.device_id = {},
                            .device_timestamp = query.optional_time(0),
                            .received_at = entry.received_at(),
                            .payload = query.text(1),
                            .simulated = entry.simulated()},
                           reader_, believed);
    }
    if (!hot.empty())
        its.through = std::max(its.through, hot.back().id());
    latest_fields out = its.values.of(false);
    if (include_simulated)
        for (const auto& [name, last] : its.values.of(true))
            if (const auto [found, added] = out.emplace(name, last);
                !added && last.measured_at > found->second.measured_at)
                found->second = last;
    return out;
}

void latest_cache::drop(device_key device) {
    const std::lock_guard lock{mutex_};
    devices_.erase(device);
}

} // namespace breakwater::storage::sqlite
