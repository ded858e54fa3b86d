#include "storage/sqlite/damage_log.hpp"

#include "base/log.hpp"
#include "storage/sqlite/block_entry.hpp"

#include <string>

namespace breakwater::storage::sqlite {

void damage_log::found(std::int64_t block) {
    {
        const std::lock_guard lock{mutex_};
        if (!known_.insert(block).second)
            return;
    }
    log::write(log::level::error, "a block of readings is damaged; its readings are left out of every answer",
               {{"block", std::to_string(block)}});
}

void damage_log::found_rollup(std::int64_t key) {
    {
        const std::lock_guard lock{mutex_};
        if (!known_rollups_.insert(key).second)
            return;
    }
    log::write(log::level::error, "a rollup of readings is damaged; what is asked of it is worked out anew",
               {{"rollup", std::to_string(key)}});
}

std::size_t damage_log::size() const {
    const std::lock_guard lock{mutex_};
    return known_.size() + known_rollups_.size();
}

result<std::optional<blocks::block>> open_block(connection& db, damage_log& damage, std::int64_t block) {
    const auto bytes = block_bytes(db, block);
    if (!bytes && bytes.error().code != errc::not_found)
        return std::unexpected(bytes.error());
    if (bytes) {
        auto opened = blocks::block::open(*bytes);
        if (opened && opened->read_payloads())
            return std::move(*opened);
    }
    damage.found(block);
    return std::nullopt;
}

} // namespace breakwater::storage::sqlite
