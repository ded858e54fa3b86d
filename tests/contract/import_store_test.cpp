#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

BREAKWATER_CONTRACT(imports);

TEST_P(imports, store_every_member) {
    import_progress progress{.bytes = 4096, .lines = 12, .readings = 10, .at = at(5)};
    progress.digest.fill(0xa5);
    import_id id = 0;
    write([&](transaction& tx) -> result<void> {
        const auto added = tx.imports().insert(progress);
        id = added.value_or(0);
        return added ? result<void>{} : std::unexpected(added.error());
    });
    progress.bytes = 8192;
    progress.complete = true;
    progress.digest.fill(0x5a);
    write([&](transaction& tx) { return tx.imports().update(id, progress); });
    reopen();
    read([&](const snapshot& state) {
        const auto all = state.imports().list().value();
        ASSERT_EQ(all.size(), 1U);
        EXPECT_EQ(all[0].digest, progress.digest);
        EXPECT_EQ(all[0].bytes, 8192U);
        EXPECT_EQ(all[0].lines, 12U);
        EXPECT_EQ(all[0].readings, 10U);
        EXPECT_TRUE(all[0].complete);
        EXPECT_EQ(all[0].at, at(5));
    });
}

TEST_P(imports, beyond_the_limit_are_forgotten_oldest_first) {
    write([&](transaction& tx) -> result<void> {
        for (std::uint64_t n = 0; n < import_store::max_imports + 5; ++n)
            if (const auto added = tx.imports().insert({.bytes = n}); !added)
                return std::unexpected(added.error());
        return {};
    });
    read([&](const snapshot& state) {
        const auto all = state.imports().list().value();
        ASSERT_EQ(all.size(), import_store::max_imports);
        EXPECT_EQ(all.front().bytes, import_store::max_imports + 4) << "newest first";
        EXPECT_EQ(all.back().bytes, 5U);
    });
}

} // namespace
} // namespace breakwater::storage::contract
