#pragma once

#include "storage/catalogue.hpp"
#include "storage/engine/committed_logs.hpp"

#include <cstddef>
#include <functional>
#include <utility>

namespace breakwater::storage::engine {

/// A snapshot over a backend's set of stores.
template <class Stores>
class store_snapshot : public snapshot {
public:
    template <class... Arguments>
    explicit store_snapshot(Arguments&&... arguments) : stores_{std::forward<Arguments>(arguments)...} {}
    const storage::user_store& users() const override { return stores_.users; }
    const storage::device_store& devices() const override { return stores_.devices; }
    const storage::credential_store& credentials() const override { return stores_.credentials; }
    const storage::session_store& sessions() const override { return stores_.sessions; }
    const storage::ticket_store& tickets() const override { return stores_.tickets; }
    const storage::series_store& readings() const override { return stores_.readings; }
    const storage::policy_store& policies() const override { return stores_.policies; }
    const storage::limit_store& limits() const override { return stores_.limits; }
    const storage::alert_store& alerts() const override { return stores_.alerts; }
    const storage::webhook_store& webhooks() const override { return stores_.webhooks; }
    const storage::outbox_store& outbox() const override { return stores_.outbox; }
    const storage::invitation_store& invitations() const override { return stores_.invitations; }
    const storage::import_store& imports() const override { return stores_.imports; }
    const storage::clock_store& clock() const override { return stores_.clock; }
    const storage::change_log& changes() const override { return stores_.changes; }
    const storage::audit_log& audit() const override { return stores_.audit; }

private:
    Stores stores_;
};

/// A transaction over a backend's set of stores. Collects what to do after the commit.
template <class Stores>
class store_transaction : public storage::transaction {
public:
    /// `on_recorded` and `after` must outlive the actions. `arguments`: for the set of stores.
    template <class... Arguments>
    store_transaction(change_feed& feed, const std::function<void(const security_event&)>& on_recorded,
                      actions& after, Arguments&&... arguments)
        : stores_{std::forward<Arguments>(arguments)...},
          changes_{stores_.changes, feed, after},
          audit_{stores_.audit, on_recorded, after},
          after_{after} {}
    storage::user_store& users() override { return entities(stores_.users); }
    storage::device_store& devices() override { return entities(stores_.devices); }
    storage::credential_store& credentials() override { return entities(stores_.credentials); }
    storage::session_store& sessions() override { return entities(stores_.sessions); }
    storage::ticket_store& tickets() override { return entities(stores_.tickets); }
    storage::series_store& readings() override { return stores_.readings; }
    storage::policy_store& policies() override { return entities(stores_.policies); }
    storage::limit_store& limits() override { return entities(stores_.limits); }
    storage::alert_store& alerts() override { return entities(stores_.alerts); }
    storage::webhook_store& webhooks() override { return entities(stores_.webhooks); }
    storage::outbox_store& outbox() override { return entities(stores_.outbox); }
    storage::invitation_store& invitations() override { return entities(stores_.invitations); }
    storage::import_store& imports() override { return entities(stores_.imports); }
    storage::clock_store& clock() override { return entities(stores_.clock); }
    storage::change_log& changes() override { return entities(changes_); }
    storage::audit_log& audit() override { return entities(audit_); }
    void after_commit(std::move_only_function<void()> action) override {
        after_.push_back({.call = std::move(action)});
    }

    [[nodiscard]] std::size_t action_count() const noexcept { return after_.size(); }
    /// Removes the actions from number `first` on.
    void drop_actions(std::size_t first) {
        after_.erase(after_.begin() + static_cast<std::ptrdiff_t>(first), after_.end());
    }

private:
    /// Other processes must not change entities at the same time.
    template <class Store>
    Store& entities(Store& store) {
        stores_.lock_entities();
        return store;
    }

    Stores stores_;
    delivered_change_log changes_;
    observed_audit_log audit_;
    actions& after_;
};

} // namespace breakwater::storage::engine
