#include "storage/engine/damage_log.hpp"

#include "base/log.hpp"

#include <string>

namespace breakwater::storage::engine {

void damage_log::report_block(std::int64_t key) {
    {
        const lock_guard lock{mutex_};
        if (!blocks_.insert(key).second)
            return;
    }
    log::write(log::level::error, "a block of readings is damaged; queries omit its readings",
               {{"block", std::to_string(key)}});
}

void damage_log::report_rollup(std::int64_t key) {
    {
        const lock_guard lock{mutex_};
        if (!rollups_.insert(key).second)
            return;
    }
    log::write(log::level::error, "a rollup of readings is damaged; queries use its readings instead",
               {{"rollup", std::to_string(key)}});
}

void damage_log::report_chunk(std::int64_t key) {
    {
        const lock_guard lock{mutex_};
        if (!chunks_.insert(key).second)
            return;
    }
    log::write(log::level::error, "a chunk of buffered readings is damaged; queries omit its readings",
               {{"chunk", std::to_string(key)}});
}

std::size_t damage_log::size() const {
    const lock_guard lock{mutex_};
    return blocks_.size() + rollups_.size() + chunks_.size();
}

result<std::optional<blocks::block>> open_block(series_tables& tables, damage_log& damage, device_key device,
                                                std::int64_t block) {
    const auto bytes = tables.block_bytes(device, block);
    if (!bytes && bytes.error().code != errc::not_found)
        return std::unexpected(bytes.error());
    if (bytes) {
        auto opened = blocks::block::open(*bytes);
        if (opened && opened->read_payloads())
            return std::move(*opened);
    }
    damage.report_block(block);
    return std::nullopt;
}

} // namespace breakwater::storage::engine
