#include "contract/backend.hpp"

#include <algorithm>

namespace breakwater::storage::contract {
namespace {

BREAKWATER_CONTRACT(devices);

std::vector<std::string> names(const std::vector<device>& list) {
    std::vector<std::string> out;
    for (const device& each : list)
        out.push_back(each.name);
    return out;
}

void expect_same(const device& left, const device& right) {
    EXPECT_EQ(left.id, right.id);
    EXPECT_EQ(left.owner, right.owner);
    EXPECT_EQ(left.name, right.name);
    EXPECT_EQ(left.category, right.category);
    EXPECT_EQ(left.status, right.status);
    EXPECT_EQ(left.secret_hash, right.secret_hash);
    EXPECT_EQ(left.token_version, right.token_version);
    EXPECT_EQ(left.created_at, right.created_at);
    EXPECT_EQ(left.updated_at, right.updated_at);
    EXPECT_EQ(left.deactivated_at, right.deactivated_at);
}

TEST_P(devices, keep_every_member) {
    const device added{.id = new_id(),
                       .owner = add_user("ann@example.com"),
                       .name = "Dachstation \xC3\xBC \"1\"",
                       .category = category::smart_lock,
                       .status = device_status::blocked,
                       .secret_hash = "$2b$04$x",
                       .token_version = 12,
                       .created_at = at(1, 1),
                       .updated_at = at(2, 2),
                       .deactivated_at = at(3, 3)};
    write([&](transaction& tx) { return tx.devices().insert(added); });
    reopen();
    read([&](const snapshot& state) {
        const auto found = *state.devices().find(added.id);
        ASSERT_TRUE(found);
        expect_same(*found, added);
        EXPECT_FALSE(*state.devices().find(new_id()));
    });
}

TEST_P(devices, are_changed_in_all_but_id_and_creation) {
    const auto ann = add_user("ann@example.com");
    const auto bob = add_user("bob@example.com");
    device changed = add_device(ann, "one");
    changed.owner = bob;
    changed.name = "two";
    changed.category = category::ip_camera;
    changed.status = device_status::blocked;
    changed.secret_hash = "other";
    changed.token_version = 3;
    changed.updated_at = at(10);
    changed.deactivated_at = at(11);
    device asked = changed;
    asked.created_at = at(99);
    write([&](transaction& tx) { return tx.devices().update(asked); });
    read([&](const snapshot& state) { expect_same(**state.devices().find(changed.id), changed); });
}

TEST_P(devices, refuse_what_cant_be) {
    const auto known = add_device(add_user("ann@example.com"), "one");
    const auto again = db_->write([&](transaction& tx) { return tx.devices().insert(known); });
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, errc::conflict);
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

TEST_P(devices, are_listed_by_creation_and_id) {
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

TEST_P(devices, are_paged_without_gap_or_repeat) {
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

TEST_P(devices, take_their_readings_with_them) {
    const auto ann = add_user("ann@example.com");
    const auto gone = add_device(ann, "gone");
    const auto kept = add_device(ann, "kept");
    add_readings({{.device_id = gone.id, .received_at = at(1), .payload = "{}"},
                  {.device_id = gone.id, .received_at = at(2), .payload = "{}", .simulated = true},
                  {.device_id = kept.id, .received_at = at(1), .payload = "{}"}});
    write([&](transaction& tx) { return tx.devices().remove(gone.id); });
    // The same id again must not find the old readings.
    write([&](transaction& tx) { return tx.devices().insert(gone); });
    read([&](const snapshot& state) {
        EXPECT_EQ(state.readings().summary({.device_id = gone.id, .include_simulated = true})->total, 0);
        EXPECT_FALSE(*state.readings().last_received(gone.id, true));
        EXPECT_EQ(state.readings().summary({.device_id = kept.id})->total, 1);
    });
}

TEST_P(devices, keep_what_they_are_and_who_blocked_them) {
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
    const auto kept = [&] {
        device found;
        read([&](const snapshot& state) { found = **state.devices().find(roof.id); });
        return found;
    };
    EXPECT_TRUE(kept().simulated && kept().owner_may_release());
    const device_block block = kept().block.value();
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
    EXPECT_FALSE(kept().simulated || kept().block);
    EXPECT_EQ(kept().signed_in_at, at(6));
}

TEST_P(devices, are_real_for_good_from_their_first_own_reading_on) {
    device roof{.id = new_id(), .owner = add_user("ann@example.com"), .name = "Roof", .simulated = true};
    write([&](transaction& tx) { return tx.devices().insert(roof); });
    const auto kept = [&] {
        device found;
        read([&](const snapshot& state) { found = **state.devices().find(roof.id); });
        return found;
    };
    add_readings({{.device_id = roof.id, .received_at = at(1), .payload = "{}", .simulated = true}});
    EXPECT_TRUE(kept().simulated);
    EXPECT_FALSE(kept().is_real());
    // What is rolled back made nothing real, and the next one is told from it.
    ASSERT_FALSE(db_->write([&](transaction& tx) -> result<void> {
        std::vector<reading> rows{{.device_id = roof.id, .received_at = at(2), .payload = "{}"}};
        if (auto done = tx.readings().append(rows); !done)
            return done;
        return fail(errc::internal, "no");
    }));
    EXPECT_TRUE(kept().simulated);
    add_readings({{.device_id = roof.id, .received_at = at(3), .payload = "{}"},
                  {.device_id = roof.id, .received_at = at(4), .payload = "{}"}});
    add_readings({{.device_id = roof.id, .received_at = at(5), .payload = "{}", .simulated = true}});
    EXPECT_FALSE(kept().simulated);
    EXPECT_EQ(kept().first_heard_at, at(3));
    EXPECT_TRUE(kept().is_real());
    read([&](const snapshot& state) {
        EXPECT_EQ(state.readings().last_received(roof.id, false).value(), at(4));
        EXPECT_EQ(state.readings().last_received(roof.id, true).value(), at(5));
    });
    reopen();
    add_readings({{.device_id = roof.id, .received_at = at(9), .payload = "{}"}});
    EXPECT_EQ(kept().first_heard_at, at(3)) << "the first stays the first";
}

TEST_P(devices, leave_readings_that_are_removed_in_steps_also_after_a_restart) {
    const auto owner = add_user("owner@example.com");
    const device gone = add_device(owner, "Gone");
    const device empty = add_device(owner, "Empty");
    const device kept = add_device(owner, "Kept");
    std::vector<reading> rows(5, reading{.device_id = gone.id, .received_at = at(1), .payload = "{}"});
    rows.push_back({.device_id = kept.id, .received_at = at(1), .payload = "{}"});
    const auto stored_rows = add_readings(rows);
    const auto purge = [this](std::int64_t most) {
        std::int64_t count = -1;
        write([&](transaction& tx) -> result<void> {
            count = *tx.readings().purge(most);
            return {};
        });
        return count;
    };
    EXPECT_EQ(purge(10), 0);
    write([&](transaction& tx) { return tx.devices().remove(gone.id); });
    write([&](transaction& tx) { return tx.devices().remove(empty.id); });
    EXPECT_GE(purge(1), 1) << "there is more to do";
    reopen();
    EXPECT_LT(purge(100), 100) << "all is done";
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
