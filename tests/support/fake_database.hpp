#pragma once

#include "storage/catalogue.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace breakwater::test {

/// A catalogue of readings, tickets and audit events in memory, with failures and delays on request. Units
/// of work run at once on the calling thread or, after `hold`, in `commit_now`. Any thread may call.
class fake_database final : public storage::catalogue, public storage::series_preparer {
public:
    /// Makes all further units wait for `commit_now`.
    void hold() {
        const std::lock_guard lock{mutex_};
        held_ = true;
    }
    /// Runs all waiting units, including those that they add. Returns how many ran.
    std::size_t commit_now() { return run_waiting(); }

    /// Every commit fails with this error: its work runs, but nothing is stored. `nullopt` ends the failures.
    void fail_commits(std::optional<error> failure) {
        const std::lock_guard lock{mutex_};
        commit_failure_ = std::move(failure);
    }
    /// Units are refused on the calling thread and never run, as with a full queue.
    void refuse_units(std::optional<error> refusal) {
        const std::lock_guard lock{mutex_};
        refusal_ = std::move(refusal);
    }
    /// As if other processes used the database, and their changes could not be read.
    void set_stale(bool stale) { stale_ = stale; }
    [[nodiscard]] bool is_stale() const noexcept override { return stale_; }

    /// Readings of this device are not stored, as if it did not exist.
    void lose(const device_id& device) {
        const std::lock_guard lock{mutex_};
        lost_.insert(device);
    }

    [[nodiscard]] std::vector<reading> readings() const {
        const std::lock_guard lock{mutex_};
        return readings_.rows;
    }
    [[nodiscard]] std::vector<security_event> events() const {
        const std::lock_guard lock{mutex_};
        return events_.rows;
    }
    /// The number of readings of each append with prepared readings.
    [[nodiscard]] std::vector<std::size_t> prepared_appends() const {
        const std::lock_guard lock{mutex_};
        return readings_.prepared_sizes;
    }
    /// All states ever saved.
    [[nodiscard]] std::vector<storage::limit_state> limit_states() const {
        const std::lock_guard lock{mutex_};
        return limits_.rows;
    }
    /// The number of committed units.
    [[nodiscard]] std::size_t commits() const {
        const std::lock_guard lock{mutex_};
        return commits_;
    }
    /// The largest number of rows written by one unit.
    [[nodiscard]] std::size_t largest_unit() const {
        const std::lock_guard lock{mutex_};
        return largest_unit_;
    }

    result<void> read(query) override { return fail(errc::internal, "The fake database doesn't read."); }

    result<void> write(unit_of_work work) override {
        std::promise<result<void>> outcome;
        write_async(std::move(work), [&outcome](result<void> done) { outcome.set_value(std::move(done)); });
        return outcome.get_future().get();
    }

    void write_async(unit_of_work work, completion done) override {
        std::unique_lock lock{mutex_};
        if (refusal_) {
            const error refusal = *refusal_;
            lock.unlock();
            done(std::unexpected(refusal));
            return;
        }
        waiting_.emplace_back(std::move(work), std::move(done));
        const bool wait = held_;
        lock.unlock();
        if (!wait)
            run_waiting();
    }

    /// One byte per reading; nothing for a single reading.
    [[nodiscard]] std::unique_ptr<storage::prepared_readings>
    prepare(std::span<const reading> batch) const override {
        return batch.size() > 1 ? std::make_unique<prepared_rows>(batch.size()) : nullptr;
    }

    /// The number of waiting units.
    [[nodiscard]] std::size_t waiting() const {
        const std::lock_guard lock{mutex_};
        return waiting_.size();
    }

private:
    using unit = std::pair<unit_of_work, completion>;

    struct prepared_rows final : storage::prepared_readings {
        explicit prepared_rows(std::size_t size) : count{size} {}
        [[nodiscard]] std::size_t bytes() const noexcept override { return count; }
        const std::size_t count;
    };

    struct reading_rows final : storage::series_store {
        std::vector<reading> rows;
        std::vector<std::size_t> prepared_sizes;
        std::set<device_id>& lost;
        reading_id next = 1;

        explicit reading_rows(std::set<device_id>& lost_devices) : lost{lost_devices} {}

        /// Ignores all but the device and the order.
        result<std::vector<reading>> page(const storage::reading_filter& filter, storage::reading_order order,
                                          std::optional<storage::reading_position>,
                                          std::size_t) const override {
            std::vector<reading> out;
            std::ranges::copy_if(rows, std::back_inserter(out),
                                 [&](const reading& row) { return row.device_id == filter.device_id; });
            if (order == storage::reading_order::newest_first)
                std::ranges::reverse(out);
            return out;
        }
        result<storage::reading_summary> summary(const storage::reading_filter&) const override {
            return fail(errc::internal, "The fake database doesn't read.");
        }
        result<std::vector<latest_state>> latest(std::span<const device_id>, bool) const override {
            return fail(errc::internal, "The fake database doesn't read.");
        }
        result<std::vector<storage::series>> aggregates(const storage::series_query&) const override {
            return fail(errc::internal, "The fake database doesn't read.");
        }
        using storage::series_store::last_received;
        result<std::vector<std::optional<timestamp>>> last_received(std::span<const device_id> devices,
                                                                    bool) const override {
            std::vector<std::optional<timestamp>> out;
            for (const device_id& device : devices) {
                const auto last = std::ranges::find(rows.rbegin(), rows.rend(), device, &reading::device_id);
                out.push_back(last == rows.rend() ? std::nullopt : std::optional{last->received_at});
            }
            return out;
        }
        result<std::vector<device_id>> active_since(timestamp) const override { return {}; }
        using storage::series_store::append;
        result<void> append(std::span<reading> added, const storage::prepared_readings* prepared) override {
            if (prepared != nullptr)
                prepared_sizes.push_back(dynamic_cast<const prepared_rows*>(prepared)->count);
            for (reading& row : added) {
                if (lost.contains(row.device_id)) {
                    row.outcome = append_outcome::no_device;
                    continue;
                }
                row.id = next++;
                row.outcome = append_outcome::stored;
                rows.push_back(row);
            }
            return {};
        }
        result<std::int64_t> forget_message_ids(timestamp, std::int64_t) override { return 0; }
        result<std::int64_t> expire(const device_id&, std::optional<timestamp>, std::optional<timestamp>,
                                    std::int64_t) override {
            return 0;
        }
        result<std::int64_t> purge(std::int64_t) override { return 0; }
    };

    struct limit_rows final : storage::limit_store {
        std::vector<storage::limit_state> rows;

        result<std::vector<storage::limit_state>> list() const override { return rows; }
        result<std::vector<storage::limit_state>> of(std::span<const device_id> devices) const override {
            std::vector<storage::limit_state> out;
            std::ranges::copy_if(rows, std::back_inserter(out), [&](const storage::limit_state& row) {
                return std::ranges::find(devices, row.device) != devices.end();
            });
            return out;
        }
        result<void> save(std::span<const storage::limit_state> states) override {
            rows.insert(rows.end(), states.begin(), states.end());
            return {};
        }
    };

    struct ticket_rows final : storage::ticket_store {
        std::map<storage::ticket_digest, storage::live_ticket> rows;

        result<storage::ticket_count> count(user_id user,
                                            const storage::ticket_window& valid) const override {
            storage::ticket_count out;
            for (const auto& [digest, row] : rows)
                if (valid.contains(row.expires_at)) {
                    ++out.total;
                    out.of_user += row.user == user ? 1 : 0;
                }
            return out;
        }
        result<void> insert(const storage::live_ticket& added) override {
            rows.emplace(added.digest, added);
            return {};
        }
        result<std::optional<storage::live_ticket>> take(const storage::ticket_digest& digest) override {
            const auto found = rows.extract(digest);
            return found ? std::optional{found.mapped()} : std::nullopt;
        }
        result<void> purge(const storage::ticket_window&, std::int64_t) override { return {}; }
    };

    struct event_rows final : storage::audit_log {
        std::vector<security_event> rows;

        result<std::vector<security_event>> list(const storage::event_query&) const override { return rows; }
        result<event_id> append(const security_event& event) override {
            rows.push_back(event);
            rows.back().id = static_cast<event_id>(rows.size());
            return rows.back().id;
        }
        result<std::int64_t> expire(timestamp, std::int64_t) override { return 0; }
        result<std::int64_t> take_expired_count() override { return 0; }
    };

    class open_transaction final : public storage::transaction {
    public:
        explicit open_transaction(fake_database& database) : database_{database} {}

        storage::user_store& users() override { std::abort(); }
        storage::device_store& devices() override { std::abort(); }
        storage::credential_store& credentials() override { std::abort(); }
        storage::session_store& sessions() override { std::abort(); }
        storage::ticket_store& tickets() override { return database_.tickets_; }
        storage::series_store& readings() override { return database_.readings_; }
        storage::policy_store& policies() override { std::abort(); }
        storage::limit_store& limits() override { return database_.limits_; }
        storage::alert_store& alerts() override { std::abort(); }
        storage::webhook_store& webhooks() override { std::abort(); }
        storage::outbox_store& outbox() override { std::abort(); }
        storage::invitation_store& invitations() override { std::abort(); }
        storage::import_store& imports() override { std::abort(); }
        storage::clock_store& clock() override { std::abort(); }
        storage::change_log& changes() override { std::abort(); }
        storage::audit_log& audit() override { return database_.events_; }
        void after_commit(std::move_only_function<void()> action) override {
            actions.push_back(std::move(action));
        }

        std::vector<std::move_only_function<void()>> actions;

    private:
        fake_database& database_;
    };

    std::size_t run_waiting() {
        std::size_t ran = 0;
        std::unique_lock lock{mutex_};
        if (std::exchange(running_, true))
            return 0; // the running call also runs these
        while (!waiting_.empty()) {
            std::vector<unit> group = std::exchange(waiting_, {});
            for (auto& [work, done] : group) {
                const std::size_t readings_before = readings_.rows.size();
                const std::size_t events_before = events_.rows.size();
                open_transaction transaction{*this};
                lock.unlock(); // the work may take locks of the caller
                result<void> outcome = work(transaction);
                lock.lock();
                if (outcome && commit_failure_)
                    outcome = std::unexpected(*commit_failure_);
                if (outcome) {
                    ++commits_;
                    largest_unit_ = std::max(largest_unit_, readings_.rows.size() - readings_before +
                                                                events_.rows.size() - events_before);
                } else {
                    readings_.rows.resize(readings_before);
                    events_.rows.resize(events_before);
                }
                lock.unlock();
                if (outcome)
                    for (auto& action : transaction.actions)
                        action();
                done(std::move(outcome));
                lock.lock();
                ++ran;
            }
        }
        running_ = false;
        return ran;
    }

    std::atomic<bool> stale_{false};
    mutable std::mutex mutex_;
    bool held_ = false;
    bool running_ = false;
    std::optional<error> commit_failure_;
    std::optional<error> refusal_;
    std::set<device_id> lost_;
    std::vector<unit> waiting_;
    std::size_t commits_ = 0;
    std::size_t largest_unit_ = 0;
    limit_rows limits_;
    ticket_rows tickets_;
    event_rows events_;
    reading_rows readings_{lost_};
};

} // namespace breakwater::test
