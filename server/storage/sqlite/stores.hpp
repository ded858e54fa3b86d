#pragma once

#include "storage/database.hpp"
#include "storage/sqlite/block_entry.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/damage_log.hpp"
#include "storage/sqlite/hot_index.hpp"
#include "storage/sqlite/latest_cache.hpp"
#include "storage/sqlite/prepared_block.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::storage::sqlite {

/// What the writer remembers between transactions, so that a reading needs no look-up: it is the only writer
/// of the file (see file_lock.hpp). Removal forgets a device at once, whether or not it is rolled back.
struct writer_memory {
    struct device_memory {
        device_key key = 0;
        /// No reading of the device is beyond it; nothing: not looked up yet.
        std::optional<reading_position> last{};
        bool heard = false; ///< `device::first_heard_at` is set
    };
    std::unordered_map<uuid, device_memory> devices;
    /// In the open transaction, or one was heard for the first time: rolling it back must forget all devices.
    bool device_added = false;
    reading_id next_reading_id = 1;
    // Of the open transaction: for the index of hot readings, once it is committed.
    std::vector<appended_reading> appended;
    std::vector<device_key> removed; ///< devices of which nothing is left
};

/// What all connections to one file share.
struct shared_state {
    explicit shared_state(const clock& its) noexcept : time{its} {}
    /// As `blocks::latest_values` has it.
    [[nodiscard]] timestamp believed() const noexcept { return blocks::believed_until(time.now()); }

    const clock& time;
    hot_index hot;
    damage_log damage;
    latest_cache latest;
    std::size_t max_hot = 0; ///< hot readings; past it `append` refuses
};

class user_store final : public storage::user_store {
public:
    user_store(connection& db, writer_memory* memory) noexcept : db_{db}, memory_{memory} {}
    result<std::optional<user>> find(user_id id) const override;
    result<std::optional<user>> find_by_email(std::string_view email) const override;
    result<std::vector<user>> list() const override;
    result<user_id> insert(const user& added) override;
    result<void> update(const user& changed) override;
    result<void> remove(user_id id) override;

private:
    connection& db_;
    writer_memory* memory_;
};

class device_store final : public storage::device_store {
public:
    device_store(connection& db, writer_memory* memory) noexcept : db_{db}, memory_{memory} {}
    result<std::optional<device>> find(device_id id) const override;
    result<std::vector<device>> list(const device_query& query) const override;
    result<std::int64_t> count(user_id owner, std::int64_t most) const override;
    result<void> insert(const device& added) override;
    result<void> update(const device& changed) override;
    result<void> remove(device_id id) override;

private:
    connection& db_;
    writer_memory* memory_;
};

class session_store final : public storage::session_store {
public:
    explicit session_store(connection& db) noexcept : db_{db} {}
    result<std::optional<refresh_token>> find(const token_hash& hash) const override;
    result<void> insert(const refresh_token& added) override;
    result<void> mark_used(const token_hash& hash, timestamp at) override;
    result<void> revoke_family(const uuid& family) override;
    result<void> revoke_user(user_id user) override;
    result<std::vector<live_session>> live(user_id user, timestamp now) const override;
    result<std::int64_t> purge(timestamp expired_before, std::int64_t most) override;

private:
    connection& db_;
};

class reading_store final : public storage::reading_store {
public:
    reading_store(connection& db, shared_state& shared, writer_memory* memory) noexcept
        : db_{db}, shared_{shared}, memory_{memory} {}
    result<std::vector<reading>> page(const reading_filter& filter, reading_order order,
                                      std::optional<reading_position> after,
                                      std::size_t limit) const override;
    result<reading_summary> summary(const reading_filter& filter) const override;
    result<std::vector<latest_state>> latest(std::span<const device_id> devices,
                                             bool include_simulated) const override;
    result<std::vector<series>> aggregates(const series_question& asked) const override;
    result<std::optional<timestamp>> last_received(device_id device, bool include_simulated) const override;
    result<std::vector<device_id>> heard_since(timestamp since) const override;
    using storage::reading_store::append;
    result<void> append(std::span<reading> readings, const prepared_readings* prepared) override;
    result<std::int64_t> forget_message_ids(timestamp limit, std::int64_t most) override;
    result<std::int64_t> expire(const device_id& device, std::optional<timestamp> readings_before,
                                std::optional<timestamp> rollups_before, std::int64_t most) override;
    result<std::int64_t> purge(std::int64_t most) override;

private:
    result<std::int64_t> expire_blocks(device_key device, timestamp limit, std::int64_t most);
    /// Leaves of a block what arrived at the limit or later. How many readings went.
    result<std::int64_t> trim_block(device_key device, const block_entry& old, timestamp limit);
    /// The device's key, or 0 where there is no such device.
    [[nodiscard]] result<device_key> find_key(const device_id& device) const;
    [[nodiscard]] result<std::optional<timestamp>>
    last_received(device_key device, const std::vector<hot_entry>& hot, bool include_simulated) const;
    /// What the writer remembers of the device; null where there is no such device.
    result<writer_memory::device_memory*> recall(const device_id& device);
    result<void> append_of(const device_id& device, std::span<reading> readings,
                           const prepared_block* prepared);
    result<void> note_heard(writer_memory::device_memory& device, std::span<const reading> readings);
    result<void> append_hot(device_key device, std::span<reading> readings);
    /// True: stored as a block of their own, past all that is stored of the device.
    /// `prepared`: of these readings, or null.
    result<bool> append_block(writer_memory::device_memory& device, std::span<reading> readings,
                              const prepared_block* prepared);
    /// Takes a small block that nothing comes after out of the store, to go into the next with what follows:
    /// `more` readings.
    result<std::vector<reading>> take_small_end(const writer_memory::device_memory& device, std::size_t more);
    /// True where it was there already, and has become what it was.
    result<bool> recognise(device_key device, reading& what);
    [[nodiscard]] result<std::optional<reading_position>> last_position(device_key device) const;
    /// The device's hot readings as this connection's transaction sees them.
    [[nodiscard]] result<std::vector<hot_entry>> hot_readings(device_key device) const;
    /// The same where it is known through which id the device is folded, and the highest id of all.
    [[nodiscard]] result<std::vector<hot_entry>> hot_readings(device_key device, reading_id through,
                                                              reading_id last) const;
    result<std::int64_t> purge_rollups(device_key device, std::int64_t most);
    result<std::int64_t> purge_blocks(device_key device, std::int64_t most);
    result<std::int64_t> purge_hot(device_key device, std::int64_t most);

    connection& db_;
    shared_state& shared_;
    writer_memory* memory_;
};

class policy_store final : public storage::policy_store {
public:
    explicit policy_store(connection& db) noexcept : db_{db} {}
    result<std::vector<std::pair<category, reading_policy>>> of_categories() const override;
    result<std::vector<std::pair<device_id, reading_policy>>> of_devices() const override;
    result<void> put(category of, const reading_policy& decided) override;
    result<void> put(const device_id& of, const reading_policy& decided) override;

private:
    connection& db_;
};

class limit_store final : public storage::limit_store {
public:
    explicit limit_store(connection& db) noexcept : db_{db} {}
    result<std::vector<limit_state>> list() const override;
    result<void> save(std::span<const limit_state> states) override;

private:
    connection& db_;
};

class alert_store final : public storage::alert_store {
public:
    explicit alert_store(connection& db) noexcept : db_{db} {}
    result<std::vector<alert_rule>> rules() const override;
    result<std::optional<alert_rule>> find_rule(rule_id id) const override;
    result<std::vector<alert>> list(const alert_query& query) const override;
    result<std::optional<alert>> find(alert_id id) const override;
    result<std::optional<alert>> newest(rule_id rule, const std::optional<device_id>& device,
                                        std::string_view subject, bool late) const override;
    result<alert_summary> summary(std::optional<user_id> owner) const override;
    result<rule_id> insert_rule(const alert_rule& added) override;
    result<void> update_rule(const alert_rule& changed) override;
    result<void> remove_rule(rule_id id) override;
    result<alert_id> insert(const alert& added) override;
    result<void> update(const alert& changed) override;
    result<std::int64_t> expire(timestamp limit, std::int64_t most) override;

private:
    connection& db_;
};

class webhook_store final : public storage::webhook_store {
public:
    explicit webhook_store(connection& db) noexcept : db_{db} {}
    result<std::vector<webhook>> list() const override;
    result<std::optional<webhook>> find(webhook_id id) const override;
    result<std::vector<webhook_delivery>> deliveries(const delivery_query& query) const override;
    result<std::optional<webhook_delivery>> find_delivery(delivery_id id) const override;
    result<std::vector<outgoing_delivery>> next_of_each() const override;
    result<std::int64_t> pending() const override;
    result<webhook_id> insert(const webhook& added, std::string_view secret) override;
    result<void> update(const webhook& changed) override;
    result<void> remove(webhook_id id) override;
    result<enqueued_count> enqueue(alert_severity severity, std::string_view body, timestamp now,
                                   const std::optional<held_back>& hold) override;
    result<void> withdraw(alert_id about) override;
    result<delivery_id> enqueue_for(webhook_id id, std::string_view body, timestamp now) override;
    result<void> mark_delivered(delivery_id id, std::int64_t status, timestamp now) override;
    result<bool> mark_failed(delivery_id id, const failed_attempt& what,
                             std::optional<timestamp> next) override;
    result<std::int64_t> give_up(webhook_id id, std::string_view why) override;
    result<void> retry(delivery_id id, timestamp now) override;
    result<std::int64_t> expire(timestamp limit, std::int64_t most) override;

private:
    connection& db_;
};

class invitation_store final : public storage::invitation_store {
public:
    explicit invitation_store(connection& db) noexcept : db_{db} {}
    result<std::optional<invitation>> find(const std::array<std::uint8_t, 32>& token_hash) const override;
    result<std::vector<invitation>> open(timestamp now) const override;
    result<invitation_id> insert(const invitation& added) override;
    result<void> mark_used(invitation_id id, timestamp at) override;
    result<void> remove(invitation_id id) override;
    result<void> purge(timestamp limit) override;

private:
    connection& db_;
};

class import_store final : public storage::import_store {
public:
    explicit import_store(connection& db) noexcept : db_{db} {}
    result<std::vector<import_progress>> list() const override;
    result<import_id> insert(const import_progress& added) override;
    result<void> update(import_id id, const import_progress& changed) override;

private:
    connection& db_;
};

class clock_store final : public storage::clock_store {
public:
    explicit clock_store(connection& db) noexcept : db_{db} {}
    result<std::optional<clock_state>> find() const override;
    result<void> save(const clock_state& state) override;

private:
    connection& db_;
};

class audit_log final : public storage::audit_log {
public:
    explicit audit_log(connection& db) noexcept : db_{db} {}
    result<std::vector<security_event>> list(const event_query& query) const override;
    result<event_id> append(const security_event& event) override;
    result<std::int64_t> expire(timestamp limit, std::int64_t most) override;
    result<std::int64_t> take_expired_count() override;

private:
    connection& db_;
};

/// All stores over one connection. `memory` is the writer's; a connection that only reads has none.
struct store_set {
    store_set(connection& db, shared_state& shared, writer_memory* memory) noexcept
        : users{db, memory},
          devices{db, memory},
          sessions{db},
          readings{db, shared, memory},
          policies{db},
          limits{db},
          alerts{db},
          webhooks{db},
          invitations{db},
          imports{db},
          clock{db},
          audit{db} {}
    user_store users;
    device_store devices;
    session_store sessions;
    reading_store readings;
    policy_store policies;
    limit_store limits;
    alert_store alerts;
    webhook_store webhooks;
    invitation_store invitations;
    import_store imports;
    clock_store clock;
    audit_log audit;
};

/// The highest reading id that was ever given out.
result<reading_id> last_reading_id(connection& db);
/// Remembers it in the file; called before hot readings are deleted, in the same transaction.
result<void> keep_last_reading_id(connection& db, const writer_memory& memory);

} // namespace breakwater::storage::sqlite
