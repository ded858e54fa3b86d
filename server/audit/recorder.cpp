#include "audit/recorder.hpp"

#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <semaphore>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::audit {

namespace {

/// Limits the memory of an open window. In bytes, for each text that a client can choose.
constexpr std::size_t max_text_length = 256;
/// Limit in bytes for the list of networks in a counted row. With the sentence around it, the list fits into
/// `max_event_detail`.
constexpr std::size_t max_network_list_length = 300;

/// Truncates at a UTF-8 character boundary.
void truncate(std::string& text, std::size_t max_length) {
    if (text.size() <= max_length)
        return;
    while (max_length > 0 && (static_cast<unsigned char>(text[max_length]) & 0xc0) == 0x80)
        --max_length;
    text.resize(max_length);
}

void truncate_texts(security_event& event) {
    truncate(event.detail, max_event_detail);
    if (event.target)
        truncate(event.target->id, max_target_id);
    for (event_target& target : event.other_targets)
        truncate(target.id, max_target_id);
    for (std::string* text :
         {&event.actor_id, &event.origin.source_address, &event.origin.request_id, &event.origin.route})
        truncate(*text, max_text_length);
}

/// Contains the length of each text, so that different kinds never have the same key.
std::string key_of(const security_event& event) {
    std::string key;
    key.reserve(128);
    key += static_cast<char>(event.type);
    key += static_cast<char>(event.actor);
    const std::string network = client_network(event.origin.source_address);
    for (const std::string* text : {&event.actor_id, &network, &event.origin.route}) {
        key += static_cast<char>(text->size() / 256);
        key += static_cast<char>(text->size() % 256);
        key += *text;
    }
    // The detail names the account whose password was guessed: each account gets a window of its own.
    // Throttling limits how many accounts one address can try.
    if (event.type == event_type::login)
        key += event.detail;
    return key;
}

/// Key of the window that the kinds of a type share, or the kinds of a type from one network. `key_of` has an
/// actor type in the place of the sign, so the keys never clash.
std::string shared_key_of(event_type type) {
    return {static_cast<char>(type), '+'};
}
std::string shared_key_of(event_type type, std::string_view network) {
    std::string key{static_cast<char>(type), '*'};
    key += network;
    return key;
}

/// The row of a shared window. Contains nothing that an attacker can vary, except the network (empty: none).
security_event shared_row(const security_event& event, std::string network) {
    security_event out;
    out.type = event.type;
    out.status = event.status;
    out.detail =
        network.empty() ? "various events of this type" : "various events of this type from one network.";
    out.origin.source_address = std::move(network);
    return out;
}

result<void> append_all(storage::transaction& tx, const std::vector<security_event>& rows) {
    for (const security_event& row : rows)
        if (auto appended = tx.audit().append(row); !appended)
            return pass(std::move(appended));
    return {};
}

/// Counts distinct texts, exactly up to `limit`. Stores a hash of each.
class distinct_count {
public:
    static constexpr std::size_t limit = 256;

    /// True if the text is new. Always false once the limit is reached.
    bool add(std::string_view text) {
        const auto hash = std::hash<std::string_view>{}(text);
        const auto position = std::ranges::lower_bound(hashes_, hash);
        if ((position != hashes_.end() && *position == hash) || hashes_.size() >= limit)
            return false;
        hashes_.insert(position, hash);
        return true;
    }
    [[nodiscard]] std::size_t size() const noexcept { return hashes_.size(); }

private:
    std::vector<std::size_t> hashes_{}; ///< sorted
};

/// Owned by the recorder and by each pending write, which may outlive the recorder.
class windows : public std::enable_shared_from_this<windows> {
public:
    windows(storage::catalogue& store, const clock& time, const recorder::options& settings)
        : store_{store}, time_{time}, settings_{settings} {}

    void record(security_event denial, recorder::completion done);
    void tick();
    void close();

private:
    struct window {
        security_event row;        ///< the row to write, still without its count
        distinct_count targets{};  ///< of all denials, including the first
        distinct_count networks{}; ///< source networks; only in the shared window of a type
        std::string network_list{};
        bool list_is_complete = true;
        std::vector<std::string> scopes{}; ///< keys in `open_by_scope_`; empty in a shared window
        steady_point opened;
        std::int64_t denials = 0;
        bool on_disk = false;                        ///< the first denial is on disk
        std::vector<recorder::completion> waiting{}; ///< repeats that came before that
    };
    using window_map = std::unordered_map<std::string, window>;

    /// The window that counts the denial, opened if need be: the window of its kind, or the shared window of
    /// its network or type if too many are open.
    window_map::iterator window_of(const security_event& denial) REQUIRES(mutex_);
    /// `end()` if no window is open under this key. Closes the window if its time is over.
    window_map::iterator find_open(const std::string& key) REQUIRES(mutex_);
    window_map::iterator shared_window(const std::string& key, std::string network,
                                       const security_event& denial) REQUIRES(mutex_);
    window_map::iterator remove(window_map::iterator entry) REQUIRES(mutex_);
    static void add_to_row(window& target, const security_event& denial);
    void complete_first(const std::string& key, const result<void>& outcome);
    std::vector<security_event> take_rows(bool all);
    void close_window(const window& closed) REQUIRES(mutex_);
    void add_unwritten(security_event row) REQUIRES(mutex_);
    void add_all_unwritten(std::vector<security_event>& rows);
    [[nodiscard]] security_event finished(security_event row) const;
    [[nodiscard]] bool is_over(const window& candidate) const {
        return time_.steady_now() - candidate.opened >= settings_.window;
    }

    storage::catalogue& store_;
    const clock& time_;
    const recorder::options settings_;
    mutex mutex_;
    window_map open_ GUARDED_BY(mutex_);
    /// Number of open windows per scope. A scope is a type, or a type and a network; the key is that of its
    /// shared window.
    std::unordered_map<std::string, std::size_t> open_by_scope_ GUARDED_BY(mutex_);
    std::vector<security_event>
        unwritten_ GUARDED_BY(mutex_); ///< rows of closed windows: `count` is set, `detail` is not final
};

void windows::record(security_event denial, recorder::completion done) {
    truncate_texts(denial);
    denial.created_at = time_.now();
    if (settings_.on_denied)
        settings_.on_denied(denial);
    std::string key;
    bool counted = false;
    {
        const lock_guard lock{mutex_};
        const auto entry = window_of(denial);
        window& current = entry->second;
        const bool is_first = current.denials++ == 0;
        add_to_row(current, denial);
        if (!is_first && !current.on_disk) {
            current.waiting.push_back(std::move(done));
            return;
        }
        counted = !is_first;
        key = entry->first;
    }
    if (counted) {
        done({});
        return;
    }
    store_.write_async(
        [event = std::move(denial)](storage::transaction& tx) -> result<void> {
            auto appended = tx.audit().append(event);
            return appended ? result<void>{} : pass(std::move(appended));
        },
        [self = shared_from_this(), key = std::move(key),
         complete = std::move(done)](result<void> outcome) mutable {
            self->complete_first(key, outcome);
            complete(std::move(outcome));
        });
}

/// Removes the window if its first denial could not be written, so that the next denial tries again.
void windows::complete_first(const std::string& key, const result<void>& outcome) {
    std::vector<recorder::completion> waiting;
    {
        const lock_guard lock{mutex_};
        const auto entry = open_.find(key);
        waiting.swap(entry->second.waiting);
        if (outcome)
            entry->second.on_disk = true;
        else
            remove(entry);
    }
    for (auto& complete : waiting)
        complete(outcome);
}

windows::window_map::iterator windows::find_open(const std::string& key) {
    const auto entry = open_.find(key);
    if (entry == open_.end() || !entry->second.on_disk || !is_over(entry->second))
        return entry;
    close_window(entry->second);
    remove(entry);
    return open_.end();
}

windows::window_map::iterator windows::window_of(const security_event& denial) {
    std::string kind_key = key_of(denial);
    if (const auto entry = find_open(kind_key); entry != open_.end())
        return entry;
    const std::vector<std::string> networks = client_networks(denial.origin.source_address);
    std::vector<std::string> scopes;
    scopes.reserve(networks.size() + 1);
    for (const std::string& network : networks)
        scopes.push_back(shared_key_of(denial.type, network));
    scopes.push_back(shared_key_of(denial.type));
    const auto is_full = [this](const std::string& scope, std::size_t limit) REQUIRES(mutex_) {
        const auto entry = open_by_scope_.find(scope);
        return entry != open_by_scope_.end() && entry->second >= limit;
    };
    for (std::size_t i = networks.size(); i-- > 0;)
        if (is_full(scopes[i], settings_.max_windows_per_network * (i + 2) / 2))
            return shared_window(scopes[i], networks[i], denial);
    if (is_full(scopes.back(), settings_.max_windows_per_type))
        return shared_window(scopes.back(), {}, denial);
    for (const std::string& scope : scopes)
        ++open_by_scope_[scope];
    return open_
        .emplace(std::move(kind_key),
                 window{.row = denial, .scopes = std::move(scopes), .opened = time_.steady_now()})
        .first;
}

windows::window_map::iterator windows::shared_window(const std::string& key, std::string network,
                                                     const security_event& denial) {
    if (const auto entry = find_open(key); entry != open_.end())
        return entry;
    return open_
        .emplace(key, window{.row = shared_row(denial, std::move(network)), .opened = time_.steady_now()})
        .first;
}

windows::window_map::iterator windows::remove(window_map::iterator entry) {
    for (const std::string& scope : entry->second.scopes)
        if (const auto open_count = open_by_scope_.find(scope); --open_count->second == 0)
            open_by_scope_.erase(open_count);
    return open_.erase(entry);
}

void windows::add_to_row(window& target, const security_event& denial) {
    const auto add_once = [&target](const event_target& item) {
        if (target.targets.add(fmt::format("{} {}", to_string(item.type), item.id)))
            add_target(target.row, item);
    };
    if (denial.target)
        add_once(*denial.target);
    for (const event_target& item : denial.other_targets)
        add_once(item);

    std::string& source = target.row.origin.source_address;
    const bool is_shared = target.scopes.empty();
    if (!is_shared && source != denial.origin.source_address)
        source = client_network(denial.origin.source_address);
    if (!is_shared || !source.empty())
        return;
    const std::string network = client_network(denial.origin.source_address);
    if (!target.networks.add(network))
        return;
    if (target.network_list.size() < max_network_list_length)
        target.network_list += fmt::format("{}{}", target.network_list.empty() ? "" : ", ", network);
    else
        target.list_is_complete = false;
}

void windows::close_window(const window& closed) {
    if (closed.denials < 2)
        return;
    security_event row = closed.row;
    row.count = closed.denials - 1;
    if (!closed.network_list.empty())
        row.detail =
            fmt::format("{}, from {}{} networks: {}{}.", row.detail,
                        closed.networks.size() >= distinct_count::limit ? "at least " : "",
                        closed.networks.size(), closed.network_list, closed.list_is_complete ? "" : ", …");
    add_unwritten(std::move(row));
}

/// Rows accumulate while the catalogue cannot write. Beyond the limit, merges rows of the same type.
void windows::add_unwritten(security_event row) {
    if (unwritten_.size() >= settings_.max_unwritten) {
        const auto same_type = std::ranges::find(unwritten_, row.type, &security_event::type);
        if (same_type != unwritten_.end()) {
            security_event merged = shared_row(row, {});
            merged.detail += ", from many sources.";
            merged.count = same_type->count + row.count;
            merged.unlisted_targets = std::max(same_type->unlisted_targets, row.unlisted_targets);
            for (const security_event* event : {&*same_type, &row}) {
                if (event->target)
                    add_target(merged, *event->target);
                for (const event_target& target : event->other_targets)
                    add_target(merged, target);
            }
            *same_type = std::move(merged);
            return;
        }
    }
    unwritten_.push_back(std::move(row));
}

void windows::add_all_unwritten(std::vector<security_event>& rows) {
    const lock_guard lock{mutex_};
    for (security_event& row : rows)
        add_unwritten(std::move(row));
}

security_event windows::finished(security_event row) const {
    row.created_at = time_.now();
    row.detail = "Repeated " + std::to_string(row.count) + (row.count == 1 ? " time" : " times") +
                 " within " + std::to_string(settings_.window.count()) + " s: " + row.detail;
    truncate(row.detail, max_event_detail);
    return row;
}

std::vector<security_event> windows::take_rows(bool all) {
    const lock_guard lock{mutex_};
    for (auto entry = open_.begin(); entry != open_.end();) {
        if (!entry->second.on_disk || (!all && !is_over(entry->second))) {
            ++entry;
            continue;
        }
        close_window(entry->second);
        entry = remove(entry);
    }
    return std::exchange(unwritten_, {});
}

void windows::tick() {
    auto rows = std::make_shared<std::vector<security_event>>(take_rows(false));
    if (rows->empty())
        return;
    store_.write_async(
        [self = shared_from_this(), rows](storage::transaction& tx) -> result<void> {
            std::vector<security_event> events;
            events.reserve(rows->size());
            for (const security_event& row : *rows)
                events.push_back(self->finished(row));
            return append_all(tx, events);
        },
        [self = shared_from_this(), rows](const result<void>& outcome) {
            if (!outcome)
                self->add_all_unwritten(*rows);
        });
}

void windows::close() {
    // Two rounds: the writer keeps the order of writes, so all writes that were pending at the start are
    // complete after the first round. The second round writes the windows and rows that they left.
    for (int round = 0; round < 2; ++round) {
        std::vector<security_event> rows = take_rows(true);
        const auto written = store_.write([&](storage::transaction& tx) -> result<void> {
            std::vector<security_event> events;
            std::ranges::transform(rows, std::back_inserter(events),
                                   [&](const auto& row) { return finished(row); });
            return append_all(tx, events);
        });
        if (!written)
            add_all_unwritten(rows);
    }
    const lock_guard lock{mutex_};
    if (unwritten_.empty())
        return;
    const auto lost = std::accumulate(unwritten_.begin(), unwritten_.end(), std::int64_t{0},
                                      [](std::int64_t sum, const auto& row) { return sum + row.count; });
    log::write(log::level::error, "counted denials could not be written to the audit log",
               {{"count", std::to_string(lost)}});
}

} // namespace

struct recorder::impl {
    std::shared_ptr<windows> state;
};

recorder::recorder(storage::catalogue& store, const clock& time, const options& settings)
    : impl_{std::make_unique<impl>(impl{std::make_shared<windows>(store, time, settings)})} {}

recorder::~recorder() = default;

void recorder::record(security_event denial, completion done) {
    impl_->state->record(std::move(denial), std::move(done));
}

result<void> recorder::record_and_wait(security_event denial) {
    result<void> outcome;
    std::binary_semaphore finished{0};
    record(std::move(denial), [&](result<void> written) {
        outcome = std::move(written);
        finished.release();
    });
    finished.acquire();
    return outcome;
}

void recorder::tick() {
    impl_->state->tick();
}

void recorder::close() {
    impl_->state->close();
}

} // namespace breakwater::audit
