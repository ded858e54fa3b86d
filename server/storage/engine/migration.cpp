#include "storage/engine/migration.hpp"

namespace breakwater::storage::engine {

result<std::size_t> count_applied(std::span<const migration> ours,
                                  std::span<const applied_migration> applied) {
    for (std::size_t i = 0; i < applied.size(); ++i) {
        const applied_migration& stored = applied[i];
        if (i >= ours.size() || stored.number > static_cast<std::int64_t>(ours.size()))
            return fail(errc::storage_unavailable,
                        "The database comes from a newer version of Breakwater (it has migration " +
                            stored.name + "). Run that version, or restore a backup made by this version.");
        if (stored.number != ours[i].number || stored.checksum != ours[i].checksum)
            return fail(errc::storage_unavailable,
                        "Migration " + std::string{ours[i].name} +
                            " of the database differs from this version's. Run the version that created it.");
    }
    return applied.size();
}

std::unexpected<error> refuse_incomplete_transfer(std::string_view source) {
    return fail(errc::storage_unavailable, "The migration of " + std::string{source} +
                                               " into this database is not complete. Finish it with "
                                               "`breakwater migrate --from " +
                                               std::string{source} + " --to` and the URL of this database.");
}

} // namespace breakwater::storage::engine
