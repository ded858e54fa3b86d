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

std::size_t damage_log::size() const {
    const std::lock_guard lock{mutex_};
    return known_.size();
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
