#include "contract/backend.hpp"

#include <algorithm>

namespace breakwater::storage::contract {
namespace {

BREAKWATER_CONTRACT(devices);

std::vector<std::string> names(const std::vector<device>& list) {
    std::vector<std::string> out;
    for (const device& item : list)
        out.push_back(item.name);
    return out;
}

void expect_same(const device& left, const device& right) {
    EXPECT_EQ(left.id, right.id);
    EXPECT_EQ(left.owner, right.owner);
    EXPECT_EQ(left.name, right.name);
    EXPECT_EQ(left.category, right.category);
    EXPECT_EQ(left.status, right.status);
    EXPECT_EQ(left.token_version, right.token_version);
    EXPECT_EQ(left.created_at, right.created_at);
    EXPECT_EQ(left.updated_at, right.updated_at);
    EXPECT_EQ(left.deactivated_at, right.deactivated_at);
}

TEST_P(devices, store_every_member) {
    const device added{.id = new_id(),
                       .owner = add_user("ann@example.com"),
                       .name = "Dachstation \xC3\xBC \"1\"",
                       .category = category::smart_lock,
                       .status = device_status::blocked,
                       .token_version = 12,
                       .created_at = at(1, 1),
                       .updated_at = at(2, 2),
                       .deactivated_at = at(3, 3)};
    write([&](transaction& tx) { return tx.devices().insert(added); });
    reopen();
    read([&](const snapshot& state) {
        const auto stored = *state.devices().find(added.id);
        ASSERT_TRUE(stored);
        expect_same(*stored, added);
        EXPECT_FALSE(*state.devices().find(new_id()));
    });
}

TEST_P(devices, are_updated_except_id_and_created_at) {
    const auto ann = add_user("ann@example.com");
    const auto bob = add_user("bob@example.com");
    device changed = add_device(ann, "one");
    changed.owner = bob;
    changed.name = "two";
    changed.category = category::ip_camera;
    changed.status = device_status::blocked;
    changed.token_version = 3;
    changed.updated_at = at(10);
    changed.deactivated_at = at(11);
    device update = changed;
    update.created_at = at(99); // ignored
    write([&](transaction& tx) { return tx.devices().update(update); });
    read([&](const snapshot& state) { expect_same(**state.devices().find(changed.id), changed); });
}

TEST_P(devices, refuse_duplicate_ids_unknown_owners_and_unknown_devices) {
    const auto existing = add_device(add_user("ann@example.com"), "one");
    const auto duplicate = db_->write([&](transaction& tx) { return tx.devices().insert(existing); });
    ASSERT_FALSE(duplicate);
    EXPECT_EQ(duplicate.error().code, errc::conflict);
    const auto orphan = db_->write(
        [&](transaction& tx) { return tx.devices().insert({.id = new_id(), .owner = 99, .name = "x"}); });
    ASSERT_FALSE(orphan);
    EXPECT_EQ(orphan.error().code, errc::not_found);
    const auto changed =
        db_->write([&](transaction& tx) { return tx.devices().update({.id = new_id(), .owner = 1}); });
    ASSERT_FALSE(changed);
    EXPECT_EQ(changed.error().code, errc::not_found);
    const auto removed = db_->write([&](transaction& tx) { return tx.devices().remove(new_id()); });
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().code, errc::not_found);
}

TEST_P(devices, are_listed_by_creation_time_and_id) {
    const auto ann = add_user("ann@example.com");
    add_device(ann, "late", 30);
    const auto tied_a = add_device(ann, "tied", 20);
    const auto tied_b = add_device(ann, "tied", 20);
    add_device(ann, "early", 10);
    read([&](const snapshot& state) {
        const auto all = *state.devices().list({});
        EXPECT_EQ(names(all), (std::vector<std::string>{"early", "tied", "tied", "late"}));
        EXPECT_EQ(all[1].id, std::min(tied_a.id, tied_b.id));
        EXPECT_EQ(all[2].id, std::max(tied_a.id, tied_b.id));
    });
}

TEST_P(devices, are_paged_without_gaps_or_repeats) {
    const auto ann = add_user("ann@example.com");
    for (int i = 0; i < 25; ++i)
        add_device(ann, "device " + std::to_string(i), i / 5); // five at a time are tied
    read([&](const snapshot& state) {
        const auto all = *state.devices().list({});
        ASSERT_EQ(all.size(), 25U);
        std::vector<device> paged;
        for (device_query query{.limit = 4};;) {
            const auto page = *state.devices().list(query);
            if (page.empty())
                break;
            EXPECT_LE(page.size(), 4U);
            paged.insert(paged.end(), page.begin(), page.end());
            query.after = {page.back().created_at, page.back().id};
        }
        EXPECT_EQ(names(paged), names(all));
    });
}

TEST_P(devices, are_narrowed_by_each_filter_and_all_together) {
    const auto ann = add_user("ann@example.com");
    const auto bob = add_user("bob@example.com");
    add_device(ann, "North Roof", 1);
    device blocked = add_device(ann, "south roof", 2);
    add_device(bob, "100% north_lock", 3);
    blocked.status = device_status::blocked;
    blocked.category = category::air_quality;
    write([&](transaction& tx) { return tx.devices().update(blocked); });
    read([&](const snapshot& state) {
        const auto list = [&](const device_query& query) { return names(*state.devices().list(query)); };
        using expected = std::vector<std::string>;
        EXPECT_EQ(list({.owner = bob}), expected{"100% north_lock"});
        EXPECT_EQ(list({.status = device_status::blocked}), expected{"south roof"});
        EXPECT_EQ(list({.category = category::air_quality}), expected{"south roof"});
        EXPECT_EQ(list({.name_contains = "NORTH"}), (expected{"North Roof", "100% north_lock"}));
        EXPECT_EQ(list({.name_contains = "NÓRTH ro"}), expected{"North Roof"});
        EXPECT_EQ(list({.name_contains = "%"}), expected{"100% north_lock"});
        EXPECT_EQ(list({.name_contains = "h_l"}), expected{"100% north_lock"});
        EXPECT_EQ(list({.name_contains = "' OR 1=1 --"}), expected{});
        EXPECT_EQ(list({.owner = ann, .status = device_status::active, .name_contains = "roof"}),
                  expected{"North Roof"});
        EXPECT_EQ(list({.limit = 0}), expected{});
    });
}

TEST_P(devices, are_removed_with_their_readings) {
    const auto ann = add_user("ann@example.com");
    const auto removed = add_device(ann, "removed");
    const auto kept = add_device(ann, "kept");
    add_readings({{.device_id = removed.id, .received_at = at(1), .payload = "{}"},
                  {.device_id = removed.id, .received_at = at(2), .payload = "{}", .simulated = true},
                  {.device_id = kept.id, .received_at = at(1), .payload = "{}"}});
    write([&](transaction& tx) { return tx.devices().remove(removed.id); });
    // A new device with the same id must not get the old readings.
    write([&](transaction& tx) { return tx.devices().insert(removed); });
    read([&](const snapshot& state) {
        EXPECT_EQ(state.readings().summary({.device_id = removed.id, .include_simulated = true})->total, 0);
        EXPECT_FALSE(*state.readings().last_received(removed.id, true));
        EXPECT_EQ(state.readings().summary({.device_id = kept.id})->total, 1);
    });
}

TEST_P(devices, store_whether_they_are_simulated_and_who_blocked_them) {
    const auto ann = add_user("ann@example.com");
    device roof = add_device(ann, "Roof");
    roof.simulated = true;
    roof.status = device_status::blocked;
    roof.block = device_block{.author = block_author::rule,
                              .owner_may_release = true,
                              .user = 7,
                              .name = "Too hot",
                              .reason = "t is 31.",
                              .at = at(5),
                              .alert = 12};
    write([&](transaction& tx) { return tx.devices().update(roof); });
    const auto stored_device = [&] {
        device stored;
        read([&](const snapshot& state) { stored = **state.devices().find(roof.id); });
        return stored;
    };
    EXPECT_TRUE(stored_device().simulated && stored_device().owner_may_release());
    const device_block block = stored_device().block.value();
    EXPECT_EQ(block.author, block_author::rule);
    EXPECT_EQ(block.user, 7);
    EXPECT_EQ(block.name, "Too hot");
    EXPECT_EQ(block.reason, "t is 31.");
    EXPECT_EQ(block.at, at(5));
    EXPECT_EQ(block.alert, 12);
    roof.simulated = false;
    roof.status = device_status::active;
    roof.block.reset();
    roof.signed_in_at = at(6);
    write([&](transaction& tx) { return tx.devices().update(roof); });
    EXPECT_FALSE(stored_device().simulated || stored_device().block);
    EXPECT_EQ(stored_device().signed_in_at, at(6));
}

TEST_P(devices, become_real_permanently_with_their_first_real_reading) {
    device roof{.id = new_id(), .owner = add_user("ann@example.com"), .name = "Roof", .simulated = true};
    write([&](transaction& tx) { return tx.devices().insert(roof); });
    const auto stored_device = [&] {
        device stored;
        read([&](const snapshot& state) { stored = **state.devices().find(roof.id); });
        return stored;
    };
    add_readings({{.device_id = roof.id, .received_at = at(1), .payload = "{}", .simulated = true}});
    EXPECT_TRUE(stored_device().simulated);
    EXPECT_FALSE(stored_device().is_real());
    // A reading that was rolled back does not make the device real; the next one does.
    ASSERT_FALSE(db_->write([&](transaction& tx) -> result<void> {
        std::vector<reading> rows{{.device_id = roof.id, .received_at = at(2), .payload = "{}"}};
        if (auto done = tx.readings().append(rows); !done)
            return done;
        return fail(errc::internal, "no");
    }));
    EXPECT_TRUE(stored_device().simulated);
    add_readings({{.device_id = roof.id, .received_at = at(3), .payload = "{}"},
                  {.device_id = roof.id, .received_at = at(4), .payload = "{}"}});
    add_readings({{.device_id = roof.id, .received_at = at(5), .payload = "{}", .simulated = true}});
    EXPECT_FALSE(stored_device().simulated);
    EXPECT_EQ(stored_device().first_reading_at, at(3));
    EXPECT_TRUE(stored_device().is_real());
    read([&](const snapshot& state) {
        EXPECT_EQ(state.readings().last_received(roof.id, false).value(), at(4));
        EXPECT_EQ(state.readings().last_received(roof.id, true).value(), at(5));
    });
    reopen();
    add_readings({{.device_id = roof.id, .received_at = at(9), .payload = "{}"}});
    EXPECT_EQ(stored_device().first_reading_at, at(3)) << "the first reading does not change";
}

TEST_P(devices, leave_readings_that_are_purged_in_steps_even_after_a_restart) {
    const auto owner = add_user("owner@example.com");
    const device removed = add_device(owner, "Gone");
    const device empty = add_device(owner, "Empty");
    const device kept = add_device(owner, "Kept");
    std::vector<reading> rows(5, reading{.device_id = removed.id, .received_at = at(1), .payload = "{}"});
    rows.push_back({.device_id = kept.id, .received_at = at(1), .payload = "{}"});
    const auto stored_rows = add_readings(rows);
    const auto purge = [this](std::int64_t max_count) {
        std::int64_t count = -1;
        write([&](transaction& tx) -> result<void> {
            count = *tx.readings().purge(max_count);
            return {};
        });
        return count;
    };
    EXPECT_EQ(purge(10), 0);
    write([&](transaction& tx) { return tx.devices().remove(removed.id); });
    write([&](transaction& tx) { return tx.devices().remove(empty.id); });
    EXPECT_GE(purge(1), 1) << "some readings remain";
    reopen();
    EXPECT_LT(purge(100), 100) << "all readings are purged";
    EXPECT_EQ(purge(10), 0);
    read([&](const snapshot& state) {
        EXPECT_EQ(state.readings().summary({.device_id = kept.id})->total, 1);
    });
    reopen();
    EXPECT_GT(add_readings({{.device_id = kept.id, .received_at = at(2), .payload = "{}"}})[0].id,
              stored_rows.back().id);
}

} // namespace
} // namespace breakwater::storage::contract
