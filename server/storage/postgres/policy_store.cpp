#include "storage/engine/entity_rows.hpp"
#include "storage/postgres/stores.hpp"

namespace breakwater::storage::postgres {

namespace {

using engine::micros_of;
using engine::read_policy;

} // namespace

result<std::vector<std::pair<category, reading_policy>>> policy_store::of_categories() const {
    statement query =
        db_.prepare("SELECT category, min_interval, payload_limit_bytes, backfill_per_second,"
                    " backfill_burst, keep_readings_days, keep_rollups_days FROM category_policies");
    return query.rows([](const statement& row) {
        return std::pair{static_cast<category>(row.integer(0)), read_policy(row, 1)};
    });
}

result<std::vector<std::pair<device_id, reading_policy>>> policy_store::of_devices() const {
    statement query = db_.prepare("SELECT d.id, p.min_interval, p.payload_limit_bytes, p.backfill_per_second,"
                                  " p.backfill_burst, p.keep_readings_days, p.keep_rollups_days"
                                  " FROM device_policies AS p JOIN devices AS d ON d.key = p.device");
    return query.rows([](const statement& row) { return std::pair{row.id(0), read_policy(row, 1)}; });
}

result<void> policy_store::put(category kind, const reading_policy& policy) {
    if (policy.empty())
        return db_.run_later("DELETE FROM category_policies WHERE category = $1", static_cast<int>(kind));
    return db_.run_later(
        "INSERT INTO category_policies VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (category) DO UPDATE"
        " SET min_interval = excluded.min_interval, payload_limit_bytes = excluded.payload_limit_bytes,"
        " backfill_per_second = excluded.backfill_per_second, backfill_burst = excluded.backfill_burst,"
        " keep_readings_days = excluded.keep_readings_days, keep_rollups_days = excluded.keep_rollups_days",
        static_cast<int>(kind), micros_of(policy), policy.payload_limit_bytes, policy.backfill_per_second,
        policy.backfill_burst, policy.keep_readings_days, policy.keep_rollups_days);
}

result<void> policy_store::put(const device_id& device, const reading_policy& policy) {
    if (policy.empty())
        return db_.run_later(
            "DELETE FROM device_policies WHERE device = (SELECT key FROM devices WHERE id = $1)", device);
    const auto changes = db_.run(
        "INSERT INTO device_policies SELECT key, $2, $3, $4, $5, $6, $7 FROM devices WHERE id = $1"
        " ON CONFLICT (device) DO UPDATE"
        " SET min_interval = excluded.min_interval, payload_limit_bytes = excluded.payload_limit_bytes,"
        " backfill_per_second = excluded.backfill_per_second, backfill_burst = excluded.backfill_burst,"
        " keep_readings_days = excluded.keep_readings_days, keep_rollups_days = excluded.keep_rollups_days",
        device, micros_of(policy), policy.payload_limit_bytes, policy.backfill_per_second,
        policy.backfill_burst, policy.keep_readings_days, policy.keep_rollups_days);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes == 0)
        return fail(errc::not_found, "Device not found.");
    return {};
}

} // namespace breakwater::storage::postgres
