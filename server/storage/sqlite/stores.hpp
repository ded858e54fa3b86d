#pragma once

#include "storage/catalogue.hpp"
#include "storage/engine/series_store.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/series_tables.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace breakwater::storage::sqlite {

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
    result<std::int64_t> count(user_id owner, std::int64_t limit) const override;
    result<void> insert(const device& added) override;
    result<void> update(const device& changed) override;
    result<void> remove(device_id id) override;

private:
    connection& db_;
    writer_memory* memory_;
};

class credential_store final : public storage::credential_store {
public:
    explicit credential_store(connection& db) noexcept : db_{db} {}
    result<std::vector<credential>> of(const credential_subject& subject,
                                       credential_kind kind) const override;
    result<credential_id> insert(const credential& added) override;
    result<void> record_use(credential_id id, timestamp at) override;
    result<void> remove(const credential_subject& subject, credential_kind kind) override;

private:
    connection& db_;
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
    result<std::int64_t> purge(timestamp expired_before, std::int64_t max_count) override;

private:
    connection& db_;
};

class ticket_store final : public storage::ticket_store {
public:
    explicit ticket_store(connection& db) noexcept : db_{db} {}
    result<ticket_count> count(user_id user, const ticket_window& valid) const override;
    result<void> insert(const live_ticket& added) override;
    result<std::optional<live_ticket>> take(const ticket_digest& digest) override;
    result<void> purge(const ticket_window& valid, std::int64_t max_count) override;

private:
    connection& db_;
};

class policy_store final : public storage::policy_store {
public:
    explicit policy_store(connection& db) noexcept : db_{db} {}
    result<std::vector<std::pair<category, reading_policy>>> of_categories() const override;
    result<std::vector<std::pair<device_id, reading_policy>>> of_devices() const override;
    result<void> put(category kind, const reading_policy& policy) override;
    result<void> put(const device_id& device, const reading_policy& policy) override;

private:
    connection& db_;
};

class limit_store final : public storage::limit_store {
public:
    explicit limit_store(connection& db) noexcept : db_{db} {}
    result<std::vector<limit_state>> list() const override;
    result<std::vector<limit_state>> of(std::span<const device_id> devices) const override;
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
    result<std::int64_t> expire(timestamp before, std::int64_t max_count) override;

private:
    connection& db_;
};

class webhook_store final : public storage::webhook_store {
public:
    explicit webhook_store(connection& db) noexcept : db_{db} {}
    result<std::vector<webhook>> list() const override;
    result<std::optional<webhook>> find(webhook_id id) const override;
    result<std::optional<webhook_receiver>> find_receiver(webhook_id id) const override;
    result<webhook_id> insert(const webhook& added, std::string_view secret) override;
    result<void> update(const webhook& changed) override;
    result<void> remove(webhook_id id) override;

private:
    connection& db_;
};

class outbox_store final : public storage::outbox_store {
public:
    explicit outbox_store(connection& db) noexcept : db_{db} {}
    result<std::vector<outbox_message>> list(const message_query& query) const override;
    result<std::optional<outbox_message>> find(message_id id) const override;
    result<std::vector<pending_message>> next() const override;
    result<std::int64_t> pending(destination_kind kind) const override;
    result<enqueued_message> enqueue(const destination_key& destination, std::string_view payload,
                                     timestamp now, const std::optional<message_hold>& hold) override;
    result<void> withdraw(destination_kind kind, std::int64_t withdrawal_key) override;
    result<void> mark_delivered(message_id id, std::int64_t status, timestamp now) override;
    result<bool> mark_failed(message_id id, const failed_attempt& attempt, std::optional<timestamp> next,
                             timestamp now) override;
    result<std::int64_t> give_up(const destination_key& destination, std::string_view reason,
                                 timestamp now) override;
    result<void> retry(message_id id, timestamp now) override;
    result<void> remove(const destination_key& destination) override;
    result<std::int64_t> expire(timestamp before, std::int64_t max_count) override;

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
    result<void> purge(timestamp before) override;

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

class change_log final : public storage::change_log {
public:
    explicit change_log(connection& db) noexcept : db_{db} {}
    result<std::vector<logged_change>> after(change_position position, std::size_t limit) const override;
    result<change_position> last() const override;
    result<void> publish(change made) override;

private:
    connection& db_;
};

class audit_log final : public storage::audit_log {
public:
    explicit audit_log(connection& db) noexcept : db_{db} {}
    result<std::vector<security_event>> list(const event_query& query) const override;
    result<event_id> append(const security_event& event) override;
    result<std::int64_t> expire(timestamp before, std::int64_t max_count) override;
    result<std::int64_t> take_expired_count() override;

private:
    connection& db_;
};

/// All stores over one connection. `memory` is the writer's; null for a connection that only reads.
struct store_set {
    store_set(connection& db, shared_state& shared, writer_memory* memory) noexcept
        : users{db, memory},
          devices{db, memory},
          credentials{db},
          sessions{db},
          tickets{db},
          series{db},
          readings{series, shared, memory},
          policies{db},
          limits{db},
          alerts{db},
          webhooks{db},
          outbox{db},
          invitations{db},
          imports{db},
          clock{db},
          changes{db},
          audit{db} {}
    void lock_entities() noexcept {} // one process at a time uses the file

    user_store users;
    device_store devices;
    credential_store credentials;
    session_store sessions;
    ticket_store tickets;
    series_tables series; ///< of `readings`
    engine::series_store readings;
    policy_store policies;
    limit_store limits;
    alert_store alerts;
    webhook_store webhooks;
    outbox_store outbox;
    invitation_store invitations;
    import_store imports;
    clock_store clock;
    change_log changes;
    audit_log audit;
};

} // namespace breakwater::storage::sqlite
