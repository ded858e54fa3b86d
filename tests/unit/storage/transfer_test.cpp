#include "storage/transfer/transfer.hpp"

#include "base/encoding.hpp"
#include "storage/postgres/postgres_database.hpp"
#include "storage/postgres/transfer.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "storage/sqlite/transfer.hpp"
#include "support/postgres_server.hpp"
#include "support/seeded_random.hpp"
#include "support/temp_folder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <functional>
#include <memory>
#include <set>

namespace breakwater::storage::transfer {
namespace {

using namespace std::chrono_literals;

timestamp at(std::int64_t seconds) {
    return timestamp{std::chrono::seconds{1'700'000'000 + seconds}};
}

/// A database of either kind, by its name.
class place {
public:
    virtual ~place() = default;
    virtual result<std::unique_ptr<database>> open() = 0;
    virtual result<std::unique_ptr<table_reader>> source() = 0;
    virtual result<std::unique_ptr<transfer_target>> target() = 0;
    /// The message of the error; empty on success.
    virtual std::string sql(const std::string& statements) = 0;
};

class file_place final : public place {
public:
    result<std::unique_ptr<database>> open() override {
        return sqlite::open({.file = file_, .background_compaction = false});
    }
    result<std::unique_ptr<table_reader>> source() override { return sqlite::open_transfer_source(file_); }
    result<std::unique_ptr<transfer_target>> target() override { return sqlite::open_transfer_target(file_); }
    std::string sql(const std::string& statements) override {
        sqlite3* raw = nullptr;
        std::string message = "can't open";
        if (sqlite3_open(file_.c_str(), &raw) == SQLITE_OK)
            message = sqlite3_exec(raw, statements.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK
                          ? ""
                          : sqlite3_errmsg(raw);
        sqlite3_close(raw);
        return message;
    }

private:
    test::temp_folder folder_;
    std::filesystem::path file_ = folder_ / "store.db";
};

class postgres_place final : public place {
public:
    explicit postgres_place(std::string name) : name_{std::move(name)} { server_.create(name_); }
    ~postgres_place() override { server_.drop(name_); }
    result<std::unique_ptr<database>> open() override {
        static test::seeded_random random;
        return postgres::open(options(), random);
    }
    result<std::unique_ptr<table_reader>> source() override {
        return postgres::open_transfer_source(options());
    }
    result<std::unique_ptr<transfer_target>> target() override {
        return postgres::open_transfer_target(options());
    }
    std::string sql(const std::string& statements) override { return server_.run_sql(name_, statements); }

private:
    [[nodiscard]] postgres::options options() const {
        return {.url = server_.url_of(name_), .background_compaction = false};
    }

    test::postgres_server& server_ = test::postgres_server::instance();
    const std::string name_;
};

/// Forwards to a target. Fails before or after an `append`, and may change rows.
class unreliable_target final : public transfer_target {
public:
    explicit unreliable_target(transfer_target& real) : real_{real} {}

    std::function<result<void>()> before_append = [] { return result<void>{}; };
    std::function<result<void>()> after_append = [] { return result<void>{}; };
    std::function<void(const table&, std::vector<row>&)> change = [](const table&, std::vector<row>&) {};

    result<std::int64_t> count(const table& of) override { return real_.count(of); }
    result<std::unique_ptr<row_cursor>> rows(const table& of, const row& after) override {
        return real_.rows(of, after);
    }
    result<std::vector<counter>> counters() override { return real_.counters(); }
    result<std::int64_t> count_unreadable() override { return real_.count_unreadable(); }
    result<std::optional<transfer_state>> state() override { return real_.state(); }
    result<void> begin(const transfer_state& first) override { return real_.begin(first); }
    result<void> append(const table& to, std::span<const row> added, const transfer_state& reached) override {
        if (auto failed = before_append(); !failed)
            return failed;
        std::vector<row> changed{added.begin(), added.end()};
        change(to, changed);
        if (auto done = real_.append(to, changed, reached); !done)
            return done;
        return after_append();
    }
    result<void> raise(std::span<const counter> counters) override { return real_.raise(counters); }
    result<void> finish() override { return real_.finish(); }
    [[nodiscard]] bool stores_nul(const table& in) const override { return real_.stores_nul(in); }

private:
    transfer_target& real_;
};

constexpr token_hash first_token{1, 2, 3};
constexpr token_hash second_token{4, 5, 6};
constexpr std::array<std::uint8_t, 32> invitation_token{7};

/// Fills a database with every kind of entity, and with readings in every form.
class filler {
public:
    explicit filler(database& db) : db_{db} {}

    std::vector<device_id> devices;

    void fill() {
        add_people_and_devices();
        add_other_entities();
        add_readings();
        add_removed();
    }

    void write(catalogue::unit_of_work work) {
        const auto done = db_.write(std::move(work));
        ASSERT_TRUE(done) << done.error().detail;
    }

    void append(const device_id& device, std::int64_t from, int count, bool simulated = false) {
        std::vector<reading> readings;
        for (std::int64_t n = from; n < from + count; ++n) {
            readings.push_back({.device_id = device,
                                .received_at = at(n),
                                .payload = fmt::format(R"({{"n": {}.50,"text":"zażółć \u0000\n{}"}})", n,
                                                       std::string(static_cast<std::size_t>(n % 7), 'x')),
                                .simulated = simulated});
            if (n % 3 == 0)
                readings.back().device_timestamp = at(n) - 1500us;
            if (n % 50 == 1)
                readings.back().message_id = fmt::format("message {}", n);
        }
        write([&](transaction& tx) { return tx.readings().append(readings); });
    }

private:
    void add_people_and_devices() {
        write([&](transaction& tx) -> result<void> {
            for (const char* email : {"ann@example.com", "bob@example.com", "carl@example.com"})
                if (auto added = tx.users().insert({.email = email,
                                                    .role = email[0] == 'a' ? role::admin : role::user,
                                                    .password_hash = std::string{"hash of "} + email,
                                                    .session_version = 3,
                                                    .created_at = at(0)});
                    !added)
                    return pass(std::move(added));
            auto disabled = *tx.users().find(2);
            disabled->disabled_at = at(5);
            if (auto updated = tx.users().update(*disabled); !updated)
                return updated;
            for (int i = 0; i < 6; ++i) {
                devices.push_back(uuid::random(random_));
                device added{.id = devices.back(),
                             .owner = 1 + i % 2,
                             .name = fmt::format("Żółw {}", i),
                             .category = category::ip_camera,
                             .token_version = i + 1,
                             .created_at = at(i),
                             .updated_at = at(i + 1),
                             .simulated = i == 1};
                if (i == 2) {
                    added.status = device_status::blocked;
                    added.block = device_block{.author = block_author::rule,
                                               .owner_may_release = true,
                                               .user = 1,
                                               .name = "Too hot",
                                               .reason = "It burns.",
                                               .at = at(9),
                                               .alert = 1};
                }
                if (auto inserted = tx.devices().insert(added); !inserted)
                    return inserted;
                if (auto known = tx.credentials().insert({.subject = devices.back(),
                                                          .verifier = fmt::format("$2b${}", i),
                                                          .created_at = at(i),
                                                          .last_used_at = at(i + 2)});
                    !known)
                    return pass(std::move(known));
            }
            return {};
        });
    }

    void add_other_entities() {
        write([&](transaction& tx) -> result<void> {
            const uuid family = uuid::random(random_);
            for (const auto& [hash, used] : {std::pair{first_token, std::optional{at(3)}},
                                             std::pair{second_token, std::optional<timestamp>{}}})
                if (auto added = tx.sessions().insert({.hash = hash,
                                                       .family = family,
                                                       .user = 1,
                                                       .issued_at = at(1),
                                                       .expires_at = at(1000),
                                                       .family_expires_at = at(2000),
                                                       .used_at = used});
                    !added)
                    return added;
            if (auto added = tx.invitations().insert({.token_hash = invitation_token,
                                                      .email = "dora@example.com",
                                                      .created_by = 1,
                                                      .created_at = at(2),
                                                      .expires_at = at(3000)});
                !added)
                return pass(std::move(added));
            if (auto put = tx.policies().put(category::smart_lock, {.min_interval = 5s}); !put)
                return put;
            if (auto put = tx.policies().put(devices[0], {.keep_readings_days = 30}); !put)
                return put;
            const limit_state limits[] = {{devices[0], 12.345, at(7)}};
            if (auto saved = tx.limits().save(limits); !saved)
                return saved;
            if (auto saved = tx.clock().save({.seen_at = at(8), .held_for = 3s, .ahead = 4s}); !saved)
                return saved;
            if (auto added = tx.imports().insert(
                    {.digest = {9}, .bytes = 10, .lines = 11, .readings = 12, .complete = true, .at = at(4)});
                !added)
                return pass(std::move(added));
            const auto rule = tx.alerts().insert_rule(
                {.name = "Too hot",
                 .severity = alert_severity::critical,
                 .device = devices[2],
                 .when = field_condition{.field = "n", .high = 0.1, .hysteresis = 1e-9},
                 .quarantine = true,
                 .created_at = at(1),
                 .updated_at = at(1)});
            if (!rule)
                return std::unexpected(rule.error());
            for (const int i : {2, 5}) {
                alert raised{.rule = *rule,
                             .rule_name = "Too hot",
                             .severity = alert_severity::critical,
                             .device = devices[static_cast<std::size_t>(i)],
                             .subject = "n",
                             .summary = "n is 3.",
                             .raised_at = at(i),
                             .last_raised_at = at(i)};
                if (auto added = tx.alerts().insert(raised); !added)
                    return pass(std::move(added));
            }
            for (int i = 0; i < 3; ++i) {
                const auto hook = tx.webhooks().insert({.name = fmt::format("Hook {}", i),
                                                        .url = "https://example.com/hook",
                                                        .created_at = at(i),
                                                        .updated_at = at(i)},
                                                       fmt::format("secret {}", i));
                if (!hook)
                    return std::unexpected(hook.error());
                for (int n = 0; n < 4; ++n) {
                    const auto queued = tx.outbox().enqueue(destination_of(*hook), R"({"alert":1})", at(n));
                    if (!queued)
                        return std::unexpected(queued.error());
                    if (n % 2 == 0)
                        if (auto sent = tx.outbox().mark_delivered(queued->id, 200, at(n + 1)); !sent)
                            return sent;
                }
            }
            return {};
        });
        write([&](transaction& tx) -> result<void> {
            for (int i = 0; i < 30; ++i) {
                security_event event{.created_at = at(i),
                                     .actor = actor_type::user,
                                     .actor_id = "1",
                                     .type = event_type::device_create,
                                     .target = target_of(target_type::device, devices[0]),
                                     .other_targets = {target_of(target_type::user, std::int64_t{i})},
                                     .detail = fmt::format("Event {}", i),
                                     .origin = {"192.0.2.1", "request", "POST /devices"},
                                     .count = i + 1};
                if (auto added = tx.audit().append(event); !added)
                    return pass(std::move(added));
                if (auto published = tx.changes().publish(rule_changed{i}); !published)
                    return published;
            }
            return {};
        });
    }

    void add_readings() {
        // Compacted readings stay in the buffer, between others that are not compacted.
        for (int i = 0; i < 60; ++i) {
            append(devices[0], i * 20, 20);
            append(devices[2], i * 2, 2);
        }
        ASSERT_TRUE(db_.compact(false));
        append(devices[0], 1200, 30);
        append(devices[1], 0, 20, true);
    }

    void add_removed() {
        append(devices[3], 0, 40);
        append(devices[5], 0, 10);
        write([&](transaction& tx) -> result<void> {
            if (auto removed = tx.devices().remove(devices[3]); !removed)
                return removed;
            if (auto removed = tx.devices().remove(devices[5]); !removed)
                return removed;
            if (auto removed = tx.users().remove(3); !removed)
                return removed;
            if (auto removed = tx.webhooks().remove(3); !removed)
                return removed;
            if (auto removed = tx.outbox().remove(destination_of(3)); !removed)
                return removed;
            auto expired = tx.audit().expire(at(5), 100);
            return expired ? result<void>{} : pass(std::move(expired));
        });
    }

    database& db_;
    test::seeded_random random_;
};

/// A value that lives as long as a loop over it.
template <class T>
T value_of(result<T> from) {
    return std::move(from).value();
}

/// What a server shows of a database, through the ports.
std::string shown(database& db, const std::vector<device_id>& devices) {
    std::string out;
    const auto line = [&]<class... Parts>(fmt::format_string<Parts...> format, Parts&&... parts) {
        out += fmt::format(format, std::forward<Parts>(parts)...) + "\n";
    };
    const auto micros = [](std::optional<timestamp> time) {
        return time ? std::to_string(time->time_since_epoch().count()) : "-";
    };
    const auto done = db.read([&](const snapshot& view) -> result<void> {
        for (const user& one : value_of(view.users().list()))
            line("user {} {} {} {} {}", one.id, one.email, one.password_hash, one.session_version,
                 micros(one.disabled_at));
        for (const device& one : value_of(view.devices().list({.name_contains = "zolw"}))) {
            line("device {} {} {} {} {} {} {}", one.id.to_string(), one.owner, one.name, one.token_version,
                 one.simulated, micros(one.first_reading_at), one.block ? one.block->reason : "");
            for (const credential& known :
                 value_of(view.credentials().of(one.id, credential_kind::device_secret)))
                line("credential {} {} {}", known.id, known.verifier, micros(known.last_used_at));
        }
        for (const token_hash& hash : {first_token, second_token})
            line("token {} {}", (*view.sessions().find(hash))->family.to_string(),
                 micros((*view.sessions().find(hash))->used_at));
        line("invitation {}", (*view.invitations().find(invitation_token))->email);
        for (const auto& [kind, policy] : value_of(view.policies().of_categories()))
            line("policy {}", policy.min_interval->count());
        for (const auto& [id, policy] : value_of(view.policies().of_devices()))
            line("policy {} {}", id.to_string(), *policy.keep_readings_days);
        for (const limit_state& limit : value_of(view.limits().list()))
            line("limit {} {} {}", limit.device.to_string(), limit.tokens, micros(limit.at));
        line("clock {} {}", micros((*view.clock().find())->seen_at), (*view.clock().find())->ahead.count());
        for (const import_progress& done_import : value_of(view.imports().list()))
            line("import {} {}", hex_encode(done_import.digest), done_import.bytes);
        for (const alert_rule& rule : value_of(view.alerts().rules()))
            line("rule {} {} {}", rule.id, rule.name, rule.device ? rule.device->to_string() : "");
        for (const alert& one : value_of(view.alerts().list({})))
            line("alert {} {} {} {} {}", one.id, one.device->to_string(), one.device_name, one.device_deleted,
                 micros(one.raised_at));
        for (const webhook& hook : value_of(view.webhooks().list()))
            line("webhook {} {} {}", hook.id, hook.name, (*view.webhooks().find_receiver(hook.id))->secret);
        for (const outbox_message& message : value_of(view.outbox().list({})))
            line("message {} {} {} {}", message.id, message.destination.id, message.payload,
                 to_string(message.state));
        line("pending {}", *view.outbox().pending(destination_kind::webhook));
        for (const logged_change& change : value_of(view.changes().after(0, 1000)))
            line("change {} {} {}", change.position, change.kind, change.key);
        for (const security_event& event : value_of(view.audit().list({})))
            line("event {} {} {} {} {}", event.id, event.detail, event.count, event.target->id,
                 event.other_targets.size());
        line("events of a device {}",
             view.audit()
                 .list({.target_type = target_type::device, .target_id = devices[0].to_string()})
                 ->size());
        for (const device_id& device : devices) {
            for (const reading& one :
                 value_of(view.readings().page({.device_id = device, .include_simulated = true},
                                               reading_order::oldest_first, {}, 100'000)))
                line("reading {} {} {} {} {}", one.id, micros(one.received_at), micros(one.device_timestamp),
                     one.simulated, one.payload);
            const auto latest = view.readings().latest(std::span{&device, 1}, true);
            line("latest {}", micros(latest->front().received_at));
            for (const series& values : value_of(view.readings().aggregates(
                     {.device_id = device, .from = at(0), .to = at(2000), .fields = {"n"}, .step = 60s})))
                for (const auto& [start, values_in_minute] : values)
                    line("minute {} {} {}", micros(start), values_in_minute.count, values_in_minute.sum);
        }
        return {};
    });
    EXPECT_TRUE(done);
    return out;
}

struct direction {
    bool from_file;
    bool to_file;
};

class a_transfer : public testing::TestWithParam<direction> {
protected:
    static std::unique_ptr<place> make(bool file, const char* name) {
        if (file)
            return std::make_unique<file_place>();
        return std::make_unique<postgres_place>(name);
    }

    void SetUp() override {
        auto opened = from_->open();
        ASSERT_TRUE(opened) << opened.error().detail;
        filler content{**opened};
        content.fill();
        devices_ = content.devices;
        damage_a_block();
        expected_ = shown(**opened, devices_);
    }

    void damage_a_block() {
        ASSERT_EQ(from_->sql("UPDATE blocks SET bytes = (SELECT bytes FROM latest LIMIT 1)"
                             " WHERE key = (SELECT min(key) FROM blocks)"),
                  "");
    }

    result<report> transfer(const options& settings = {}) {
        auto source = from_->source();
        if (!source)
            return pass(std::move(source));
        auto target = to_->target();
        if (!target)
            return pass(std::move(target));
        return transfer_all(**source, **target, settings);
    }

    std::unique_ptr<place> from_ = make(GetParam().from_file, "transfer_source");
    std::unique_ptr<place> to_ = make(GetParam().to_file, "transfer_target");
    std::vector<device_id> devices_;
    std::string expected_;
};

std::string direction_name(const testing::TestParamInfo<direction>& info) {
    const auto name = [](bool file) { return file ? "sqlite" : "postgres"; };
    return fmt::format("{}_to_{}", name(info.param.from_file), name(info.param.to_file));
}

INSTANTIATE_TEST_SUITE_P(, a_transfer,
                         testing::Values(direction{true, false}, direction{false, true},
                                         direction{true, true}, direction{false, false}),
                         direction_name);

TEST_P(a_transfer, moves_everything) {
    const auto moved = transfer();
    ASSERT_TRUE(moved) << moved.error().detail;
    EXPECT_TRUE(moved->equal());
    EXPECT_FALSE(moved->resumed);
    for (const table_comparison& next : moved->tables)
        EXPECT_TRUE(next.source.rows > 0) << next.table << " is not tested";
    auto opened = to_->open();
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(shown(**opened, devices_), expected_);
}

TEST_P(a_transfer, continues_after_a_failure_at_each_batch) {
    int runs = 0;
    result<report> moved = fail(errc::internal, "");
    for (bool before = true; !moved && runs < 1000; before = !before, ++runs) {
        auto source = from_->source();
        ASSERT_TRUE(source) << source.error().detail;
        auto opened = to_->target();
        ASSERT_TRUE(opened) << opened.error().detail;
        unreliable_target target{**opened};
        const auto failure = [] { return result<void>{fail(errc::storage_unavailable, "Lost.")}; };
        bool any = false; // each run makes progress, by one batch
        if (before)
            target.before_append = [&] { return std::exchange(any, true) ? failure() : result<void>{}; };
        else
            target.after_append = failure;
        moved = transfer_all(**source, target, {.source_name = "a source", .batch_rows = 10});
        if (moved)
            break;
        ASSERT_EQ(moved.error().detail, "Lost.");
        opened->reset();
        const auto refused = to_->open();
        ASSERT_FALSE(refused);
        ASSERT_TRUE(refused.error().detail.contains("breakwater migrate --from a source"))
            << refused.error().detail;
    }
    ASSERT_TRUE(moved) << moved.error().detail;
    EXPECT_TRUE(moved->equal());
    EXPECT_TRUE(moved->resumed);
    EXPECT_GT(runs, 40);
    auto opened = to_->open();
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(shown(**opened, devices_), expected_);
}

/// Tests that need not run between two databases of the same kind.
class a_transfer_between_kinds : public a_transfer {};

INSTANTIATE_TEST_SUITE_P(, a_transfer_between_kinds,
                         testing::Values(direction{true, false}, direction{false, true}), direction_name);

TEST_P(a_transfer_between_kinds, continues_numbers_behind_those_of_the_source) {
    ASSERT_TRUE(transfer());
    reading_id last = 0;
    for (place* where : {from_.get(), to_.get()}) {
        auto opened = where->open();
        ASSERT_TRUE(opened) << opened.error().detail;
        std::vector<reading> readings{
            {.device_id = devices_[0], .received_at = at(5000), .payload = "{}"},
            {.device_id = devices_[0], .received_at = at(5000), .payload = "{}", .message_id = "message 1"}};
        ASSERT_TRUE((*opened)->write([&](transaction& tx) -> result<void> {
            EXPECT_EQ(tx.users().insert({.email = "new@example.com"}), 4);
            EXPECT_EQ(tx.webhooks().insert({.name = "New"}, "secret"), 4);
            EXPECT_EQ(tx.audit().append({.created_at = at(9000)}), 31);
            EXPECT_EQ(tx.audit().take_expired_count(), 5);
            return tx.readings().append(readings);
        }));
        EXPECT_EQ(readings[1].outcome, append_outcome::repeated);
        EXPECT_EQ(readings[1].received_at, at(1));
        EXPECT_GE(readings[0].id, std::exchange(last, readings[0].id));
    }
}

TEST_P(a_transfer_between_kinds, refuses_a_target_that_is_not_empty) {
    {
        auto used = to_->open();
        ASSERT_TRUE(used);
        ASSERT_TRUE((*used)->write([](transaction& tx) -> result<void> {
            auto added = tx.audit().append({.created_at = at(0)});
            return added ? result<void>{} : pass(std::move(added));
        }));
    }
    const auto refused = transfer();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().detail,
              "The target is not empty: security_events has 1 row(s). It was not changed.");
    EXPECT_TRUE(to_->open());
}

TEST_P(a_transfer_between_kinds, refuses_to_continue_from_a_source_that_changed) {
    const auto stop_in_the_middle = [](const progress& now) { return now.stage != stage::copying; };
    const auto stopped = transfer({.source_name = "a source", .on_progress = stop_in_the_middle});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().detail, "Interrupted. The same command continues the migration.");
    {
        auto opened = from_->open();
        ASSERT_TRUE(opened);
        ASSERT_TRUE((*opened)->write([](transaction& tx) { return tx.clock().save({.seen_at = at(77)}); }));
    }
    const auto refused = transfer();
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().detail.contains("from another database or from before a change"))
        << refused.error().detail;
}

TEST_P(a_transfer_between_kinds, refuses_to_run_beside_a_server) {
    for (place* where : {from_.get(), to_.get()}) {
        const auto running = where->open();
        ASSERT_TRUE(running);
        const auto refused = transfer();
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, errc::storage_unavailable);
    }
}

TEST_P(a_transfer_between_kinds, refuses_databases_of_other_versions) {
    ASSERT_EQ(from_->sql("DELETE FROM schema_migrations WHERE number > 1"), "");
    EXPECT_TRUE(transfer().error().detail.contains("older version"));
    ASSERT_TRUE(to_->open());
    ASSERT_EQ(to_->sql("UPDATE schema_migrations SET number = 1000, name = 'new' WHERE number ="
                       " (SELECT max(number) FROM schema_migrations)"),
              "");
    EXPECT_TRUE(to_->target().error().detail.contains("newer version"));
}

TEST_P(a_transfer_between_kinds, finds_every_difference_and_keeps_the_target_closed) {
    for (const table& changed :
         {*std::ranges::find(portable_tables(), buffered_table, &table::name),
          *std::ranges::find(portable_tables(), std::string_view{"latest"}, &table::name)}) {
        SCOPED_TRACE(changed.name);
        to_ = nullptr; // its name is used again
        to_ = make(GetParam().to_file, "transfer_target");
        {
            auto source = from_->source();
            ASSERT_TRUE(source);
            auto opened = to_->target();
            ASSERT_TRUE(opened);
            unreliable_target target{**opened};
            target.change = [&](const table& to, std::vector<row>& rows) {
                if (to.name == changed.name)
                    std::get<std::string>(rows.back().back()).back() = '~';
            };
            const auto moved = transfer_all(**source, target, {.source_name = "a source"});
            ASSERT_TRUE(moved) << moved.error().detail;
            EXPECT_FALSE(moved->equal());
            for (const table_comparison& next : moved->tables)
                EXPECT_EQ(next.equal(), next.table != changed.name) << next.table;
        }
        EXPECT_FALSE(to_->open());
    }
}

/// The columns that portable tables don't contain under the same name, without those of `except`: tables and
/// columns.
std::vector<std::string> not_portable(const std::vector<std::pair<std::string, std::string>>& columns,
                                      const std::set<std::string>& except) {
    std::vector<std::string> out;
    for (const auto& [of, name] : columns) {
        const auto known = std::ranges::find(portable_tables(), of, &table::name);
        const bool is_portable =
            known != portable_tables().end() &&
            std::ranges::find(known->columns, name, &column::name) != known->columns.end();
        if (!is_portable && !except.contains(of) && !except.contains(of + "." + name))
            out.push_back(of + "." + name);
    }
    return out;
}

// A new column must become portable, or be added here with the reason why it need not be.
TEST(portable_tables, contain_every_column_of_sqlite) {
    const test::temp_folder folder;
    ASSERT_TRUE(sqlite::open({.file = folder / "store.db"}));
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "store.db").c_str(), &raw), SQLITE_OK);
    std::vector<std::pair<std::string, std::string>> columns;
    sqlite3_exec(
        raw,
        "SELECT m.name, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = "
        "'table'",
        [](void* out, int, char** values, char**) {
            static_cast<decltype(columns)*>(out)->emplace_back(values[0], values[1]);
            return 0;
        },
        &columns, nullptr);
    sqlite3_close(raw);
    const std::set<std::string> except{"write_buffer",
                                       "block_entries",
                                       "blocks.key", // converted
                                       "devices.first_heard_at",
                                       "message_ids.noted_at", // other names
                                       "counters",
                                       "sqlite_sequence", // counters
                                       "outbox_pending",
                                       "rollups.key", // made by the target
                                       "retention_gate",
                                       "removed_devices.swept_through",
                                       "live_tickets",       // live for seconds
                                       "schema_migrations"}; // of this file
    EXPECT_GT(columns.size(), 200U);
    EXPECT_EQ(not_portable(columns, except), std::vector<std::string>{});
}

TEST(portable_tables, contain_every_column_of_postgres) {
    postgres_place opened{"transfer_source"};
    ASSERT_TRUE(opened.open());
    std::vector<std::pair<std::string, std::string>> columns;
    for (const auto& next : test::postgres_server::rows_of(
             test::postgres_server::instance().url_of("transfer_source"),
             "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"))
        columns.emplace_back(next[0], next[1]);
    const std::set<std::string> except{"chunks",
                                       "damaged_chunks", // converted
                                       "expired_events", // a counter
                                       "outbox_pending",
                                       "live_tickets", // live for seconds
                                       "devices.folded_name",
                                       "security_events.routine",
                                       "blocks.key",
                                       "rollups.key",
                                       "blocks.bucket",
                                       "rollups.bucket",
                                       "latest.bucket",
                                       "message_ids.bucket",
                                       "compactions.bucket",
                                       "device_owners", // made by the target
                                       "lanes",
                                       "nodes",
                                       "leases",
                                       "compactions.lane",
                                       "compactions.seq",
                                       "changes.lane",
                                       "changes.action",
                                       "changes.owner",      // for running nodes
                                       "schema_migrations"}; // of this database
    EXPECT_GT(columns.size(), 200U);
    EXPECT_EQ(not_portable(columns, except), std::vector<std::string>{});
}

class a_transfer_to_postgres : public testing::Test {
protected:
    result<report> transfer(table_reader& source, const options& settings = {}) {
        auto target = to_.target();
        if (!target)
            return pass(std::move(target));
        return transfer_all(source, **target, settings);
    }

    file_place from_;
    postgres_place to_{"transfer_target"};
};

TEST_F(a_transfer_to_postgres, refuses_texts_that_cannot_be_stored) {
    {
        auto opened = from_.open();
        ASSERT_TRUE(opened);
        filler{**opened}.fill();
    }
    ASSERT_EQ(from_.sql("UPDATE alerts SET note = 'a' || char(0) || 'b' WHERE id = 2"), "");
    {
        auto source = from_.source();
        ASSERT_TRUE(source);
        const auto refused = transfer(**source);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, errc::invalid_input);
        EXPECT_EQ(refused.error().detail,
                  "The target can't store a text of the source, which contains the character U+0000: note of "
                  "the row id 2 of alerts. Change the text first. Nothing was copied.");
    }
    EXPECT_TRUE(to_.open()) << "nothing was copied";
}

TEST_F(a_transfer_to_postgres, refuses_a_target_with_damaged_readings) {
    ASSERT_TRUE(from_.open());
    ASSERT_TRUE(to_.open());
    ASSERT_EQ(to_.sql("INSERT INTO damaged_chunks VALUES (1, 1, 1, 1, 1, 7, 7, 0, 0, 'x', 'x')"), "");
    auto source = from_.source();
    ASSERT_TRUE(source);
    const auto refused = transfer(**source);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().detail, "The target is not empty: it has damaged readings.");
}

TEST_F(a_transfer_to_postgres, refuses_a_database_with_another_encoding) {
    test::postgres_server& server = test::postgres_server::instance();
    ASSERT_EQ(server.run_sql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0"), "");
    const auto refused = postgres::open_transfer_target({.url = server.url_of("latin")});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().detail, "The database must have the encoding UTF8.");
    server.drop("latin");
}

TEST_F(a_transfer_to_postgres, stores_a_symbol_for_nul_in_the_audit_log) {
    {
        auto opened = from_.open();
        ASSERT_TRUE(opened);
        ASSERT_TRUE((*opened)->write([&](transaction& tx) -> result<void> {
            auto added = tx.audit().append({.created_at = at(1), .detail = std::string{"a\0b", 3}});
            return added ? result<void>{} : pass(std::move(added));
        }));
    }
    auto source = from_.source();
    ASSERT_TRUE(source);
    const auto moved = transfer(**source);
    ASSERT_TRUE(moved) << moved.error().detail;
    EXPECT_TRUE(moved->equal());
    EXPECT_EQ(moved->changed_events, 1);
    auto opened = to_.open();
    ASSERT_TRUE(opened);
    EXPECT_TRUE((*opened)->read([](const snapshot& view) -> result<void> {
        EXPECT_EQ(view.audit().list({})->front().detail, "a\u2400b");
        return {};
    }));
}

TEST(a_transfer_from_postgres, leaves_damaged_chunks_behind_only_if_it_is_told_to) {
    postgres_place from{"transfer_source"};
    file_place to;
    std::vector<device_id> devices;
    {
        auto opened = from.open();
        ASSERT_TRUE(opened);
        filler content{**opened};
        content.fill();
        devices = content.devices;
        content.append(devices[4], 0, 7);
    }
    ASSERT_EQ(from.sql("UPDATE chunks SET body = 'x' WHERE first_id = (SELECT max(first_id) FROM chunks)"),
              "");
    auto source = from.source();
    ASSERT_TRUE(source);
    auto target = to.target();
    ASSERT_TRUE(target);
    const auto refused = transfer_all(**source, **target, {});
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().detail.contains("Up to 7 buffered readings")) << refused.error().detail;
    const auto moved = transfer_all(**source, **target, {.leave_unreadable = true});
    ASSERT_TRUE(moved) << moved.error().detail;
    EXPECT_TRUE(moved->equal());
    EXPECT_EQ(moved->unreadable, 7);
}

} // namespace
} // namespace breakwater::storage::transfer
