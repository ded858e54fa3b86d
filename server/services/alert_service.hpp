#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/alert.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "services/device_service.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace breakwater::services {

struct alert_settings {
    /// An alert that was over by itself and comes back within this is the same one again. Webhooks hear that
    /// it is over once it can't be back.
    std::chrono::minutes reopen_within{5};
    /// New alerts of one rule for one person's devices: so many at once, then one in each interval. What is
    /// beyond waits for its turn, and one alert for all of it says so.
    double burst = 100;
    std::chrono::seconds refill_interval{6};
    /// An alert on incidents is over after so long without another.
    std::chrono::hours incidents_end_after{24};
};

/// Since the start.
struct alert_counters {
    std::uint64_t raised = 0;
    std::uint64_t resolved = 0;
    std::uint64_t put_off = 0; ///< because there were too many at once
};

/// Alerts and the rules that raise them. People see the alerts of their devices, administrators all; rules
/// are theirs to change. Members block (database). Any thread may call.
class alert_service {
public:
    struct parts {
        storage::database& store;
        device_service& devices;
        storage::audit_recorder& audit;
        const clock& time;
        /// An alert as the API shows it, for messages to webhooks: a JSON object.
        std::function<std::string(const alert&)> as_json = [](const alert&) { return std::string{"{}"}; };
    };
    /// Each is called after the commit, on the writer's thread: must not block.
    struct observer {
        std::function<void(const alert&, alert_change)> changed = [](const alert&, alert_change) {};
        std::function<void()> rules_changed = [] {};
    };
    alert_service(const parts& with, const alert_settings& chosen, observer told);

    /// `query.owner` is set here.
    result<std::vector<alert>> list(storage::alert_query query, const caller& who);
    result<alert> get(alert_id id, const caller& who);
    result<storage::alert_summary> summary(const caller& who);
    /// Somebody looks after it. `bad_state` where it isn't open.
    result<alert> acknowledge(alert_id id, std::string_view note, const caller& who);
    /// Somebody says that it is over. `bad_state` where it is already.
    result<alert> resolve(alert_id id, std::string_view note, const caller& who);

    result<std::vector<alert_rule>> rules();
    result<alert_rule> rule(rule_id id);
    /// `invalid_input` where it can't be meant (`check`), `not_found` where its device is gone.
    result<alert_rule> create_rule(alert_rule added, const caller& who);
    /// Where it watches something else now, what it raised is over.
    result<alert_rule> update_rule(alert_rule changed, const caller& who);
    /// What it raised and isn't resolved is over with it.
    result<void> remove_rule(rule_id id, const caller& who);

    /// What the watching found, all of it or, with an error of the storage, nothing. Those that were too many
    /// at once come back: they are to be offered again. One thread at a time.
    result<std::vector<alert_finding>> take(std::span<const alert_finding> found);
    /// Alerts on incidents of which nothing was heard for long are over. Once an hour or so.
    result<void> end_quiet_incidents();
    /// Within the change by which a device is real from now on: what was made up is over.
    result<void> end_simulated(storage::transaction& tx, const device_id& device);
    /// Within the change that removes a device: its alerts are over, and its rules go with it.
    result<void> end_of_device(storage::transaction& tx, const device_id& device, const caller& who);

    [[nodiscard]] alert_counters counters() const noexcept { return {raised_, resolved_, put_off_}; }

private:
    struct allowance {
        double left = 0;
        steady_point at{};
    };
    [[nodiscard]] result<void> authorise(const alert& what, const caller& who);
    result<alert> settle(alert_id id, event_type type, std::string_view note, const caller& who);
    result<void> take_one(storage::transaction& tx, const alert_finding& found,
                          std::vector<alert_finding>& too_many);
    result<void> raise(storage::transaction& tx, const alert_rule& rule, const alert_finding& found,
                       std::vector<alert_finding>& too_many);
    result<void> raise_again(storage::transaction& tx, const alert_rule& rule, alert known,
                             const alert_finding& found);
    result<void> raise_new(storage::transaction& tx, const alert_rule& rule, const alert_finding& found);
    /// Blocks the device where the rule says so, but never for what is made up or over. Whether it did.
    result<bool> contain(storage::transaction& tx, const alert_rule& rule, const alert_finding& found,
                         std::optional<alert_id> alert);
    /// One that is over when it is told. It blocks nobody, and never touches the one that tells how things
    /// are.
    result<void> raise_late(storage::transaction& tx, const alert_rule& rule, const alert_finding& found,
                            std::vector<alert_finding>& too_many);
    /// What was too many is put off, and one alert for all of it says so.
    result<void> put_off(storage::transaction& tx, const alert_rule& rule, const alert_finding& found,
                         std::vector<alert_finding>& too_many);
    /// `by`: whose doing it is; empty: it is over by itself.
    result<void> end(storage::transaction& tx, alert over, timestamp at, std::string_view by);
    result<void> end_all(storage::transaction& tx, const storage::alert_query& which, timestamp at,
                         std::string_view by);
    result<void> tell(storage::transaction& tx, alert_id id, alert_change how);
    result<void> tell_webhooks(storage::transaction& tx, const alert& what, alert_change how);
    [[nodiscard]] result<bool> may_raise(storage::transaction& tx, const alert_finding& found);

    const parts with_;
    const alert_settings settings_;
    const observer told_;
    change_writer changes_;
    /// Of `take`: for each rule, owner, and whether it is made up.
    std::map<std::tuple<rule_id, user_id, bool>, allowance> allowances_;
    std::atomic<std::uint64_t> raised_{0};
    std::atomic<std::uint64_t> resolved_{0};
    std::atomic<std::uint64_t> put_off_{0};
};

} // namespace breakwater::services
