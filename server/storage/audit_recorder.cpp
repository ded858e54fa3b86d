#include "storage/audit_recorder.hpp"

#include "base/ip_address.hpp"
#include "base/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <numeric>
#include <semaphore>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::storage {

namespace {

/// So that what is kept in memory is bounded, whoever filled it in.
constexpr std::size_t max_kept_text = 256;
/// Of the networks that a counted row names: with the sentence round it, within `max_event_detail`.
constexpr std::size_t longest_list = 300;

/// Cuts between characters of UTF-8, not inside one.
void cut(std::string& text, std::size_t most) {
    if (text.size() <= most)
        return;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
        --most;
    text.resize(most);
}

void bound(security_event& event) {
    cut(event.detail, max_event_detail);
    if (event.target)
        cut(event.target->id, max_target_id);
    for (event_target& each : event.other_targets)
        cut(each.id, max_target_id);
    for (std::string* text :
         {&event.actor_id, &event.origin.source_address, &event.origin.request_id, &event.origin.route})
        cut(*text, max_kept_text);
}

/// The lengths are in it, so that no two kinds share a key by where one text ends and the next begins.
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
    // Which account was guessed at must not hide behind the first that was. Throttling bounds how many one
    // address can name.
    if (event.type == event_type::login)
        key += event.detail;
    return key;
}

/// Of what the kinds of a type share, or those of a type in one network. The own key of a kind has an actor
/// in the sign's place.
std::string shared_key_of(event_type type) {
    return {static_cast<char>(type), '+'};
}
std::string shared_key_of(event_type type, std::string_view network) {
    std::string key{static_cast<char>(type), '*'};
    key += network;
    return key;
}

/// What kinds share when too many are open: nothing that an attacker can vary, but for the network, if any.
security_event shared_by_kinds_of(const security_event& event, std::string network) {
    security_event out;
    out.type = event.type;
    out.status = event.status;
    out.detail =
        network.empty() ? "various events of this type" : "various events of this type from one network.";
    out.origin.source_address = std::move(network);
    return out;
}

result<void> append_all(transaction& within, const std::vector<security_event>& rows) {
    for (const security_event& row : rows)
        if (auto added = within.audit().append(row); !added)
            return pass(std::move(added));
    return {};
}

/// How many distinct things there were, exact up to the bound: a hash of each is kept.
class distinct_count {
public:
    static constexpr std::size_t most = 256;

    /// True where it is new, as far as is known.
    bool add(std::string_view what) {
        const auto hash = std::hash<std::string_view>{}(what);
        const auto at = std::ranges::lower_bound(hashes_, hash);
        if ((at != hashes_.end() && *at == hash) || hashes_.size() >= most)
            return false;
        hashes_.insert(at, hash);
        return true;
    }
    [[nodiscard]] std::size_t size() const noexcept { return hashes_.size(); }

private:
    std::vector<std::size_t> hashes_{}; ///< in order
};

/// Shared by the recorder and the writes under way, which may outlive it.
class windows : public std::enable_shared_from_this<windows> {
public:
    windows(database& into, const clock& time, const audit_recorder::options& chosen)
        : store_{into}, time_{time}, chosen_{chosen} {}

    void record(security_event denied, audit_recorder::completion done);
    void tick();
    void close();

private:
    struct window {
        security_event model;      ///< of the row with the count
        distinct_count targets{};  ///< of all, the first too
        distinct_count networks{}; ///< of what a type shares: where it comes from
        std::string first_networks{};
        bool lists_all = true;
        std::vector<std::string> places{}; ///< of a kind of its own: the keys under which it is in `taken_`
        steady_point opened;
        std::int64_t denials = 0;
        bool on_record = false;                            ///< its first denial is on disk
        std::vector<audit_recorder::completion> waiting{}; ///< of the repeats that came before it was
    };
    using window_map = std::unordered_map<std::string, window>;

    /// Where it is counted: its kind's window, or one that the kinds of its network or of its type share for
    /// want of room.
    window_map::iterator window_of(const security_event& denied);
    /// None where it is over: then it is ended.
    window_map::iterator find_open(const std::string& key);
    window_map::iterator share(const std::string& key, std::string network, const security_event& denied);
    window_map::iterator remove(window_map::iterator which);
    static void count_in(window& of, const security_event& denied);
    void first_written(const std::string& key, const result<void>& outcome);
    std::vector<security_event> take_rows(bool all);
    void end(const window& ended);
    void keep(security_event row);
    void keep_all(std::vector<security_event>& rows);
    [[nodiscard]] security_event finished(security_event row) const;
    [[nodiscard]] bool is_over(const window& current) const {
        return time_.steady_now() - current.opened >= chosen_.window;
    }

    database& store_;
    const clock& time_;
    const audit_recorder::options chosen_;
    std::mutex mutex_;
    window_map open_;
    /// By the key of what is shared: how many of its kinds have a window.
    std::unordered_map<std::string, std::size_t> taken_;
    std::vector<security_event> unwritten_; ///< of ended windows; `count` is set, the sentence not yet
};

void windows::record(security_event denied, audit_recorder::completion done) {
    bound(denied);
    denied.created_at = time_.now();
    if (chosen_.on_denied)
        chosen_.on_denied(denied);
    std::string key;
    bool counted = false;
    {
        const std::lock_guard lock{mutex_};
        const auto found = window_of(denied);
        window& its = found->second;
        const bool first = its.denials++ == 0;
        count_in(its, denied);
        if (!first && !its.on_record) {
            its.waiting.push_back(std::move(done));
            return;
        }
        counted = !first;
        key = found->first;
    }
    if (counted) {
        done({});
        return;
    }
    store_.write_async(
        [event = std::move(denied)](transaction& within) -> result<void> {
            auto added = within.audit().append(event);
            return added ? result<void>{} : pass(std::move(added));
        },
        [self = shared_from_this(), key = std::move(key),
         answer = std::move(done)](result<void> outcome) mutable {
            self->first_written(key, outcome);
            answer(std::move(outcome));
        });
}

/// A window whose first denial could not be written is none: the next denial tries again.
void windows::first_written(const std::string& key, const result<void>& outcome) {
    std::vector<audit_recorder::completion> waiting;
    {
        const std::lock_guard lock{mutex_};
        const auto found = open_.find(key);
        waiting.swap(found->second.waiting);
        if (outcome)
            found->second.on_record = true;
        else
            remove(found);
    }
    for (auto& answer : waiting)
        answer(outcome);
}

windows::window_map::iterator windows::find_open(const std::string& key) {
    const auto found = open_.find(key);
    if (found == open_.end() || !found->second.on_record || !is_over(found->second))
        return found;
    end(found->second);
    remove(found);
    return open_.end();
}

windows::window_map::iterator windows::window_of(const security_event& denied) {
    std::string own_key = key_of(denied);
    if (const auto known = find_open(own_key); known != open_.end())
        return known;
    const std::vector<std::string> networks = client_networks(denied.origin.source_address);
    std::vector<std::string> places;
    places.reserve(networks.size() + 1);
    for (const std::string& network : networks)
        places.push_back(shared_key_of(denied.type, network));
    places.push_back(shared_key_of(denied.type));
    const auto is_full = [this](const std::string& place, std::size_t most) {
        const auto known = taken_.find(place);
        return known != taken_.end() && known->second >= most;
    };
    for (std::size_t wider = networks.size(); wider-- > 0;)
        if (is_full(places[wider], chosen_.max_open_of_network * (wider + 2) / 2))
            return share(places[wider], networks[wider], denied);
    if (is_full(places.back(), chosen_.max_open_of_type))
        return share(places.back(), {}, denied);
    for (const std::string& place : places)
        ++taken_[place];
    return open_
        .emplace(std::move(own_key),
                 window{.model = denied, .places = std::move(places), .opened = time_.steady_now()})
        .first;
}

windows::window_map::iterator windows::share(const std::string& key, std::string network,
                                             const security_event& denied) {
    if (const auto known = find_open(key); known != open_.end())
        return known;
    return open_
        .emplace(key, window{.model = shared_by_kinds_of(denied, std::move(network)),
                             .opened = time_.steady_now()})
        .first;
}

windows::window_map::iterator windows::remove(window_map::iterator which) {
    for (const std::string& place : which->second.places)
        if (const auto known = taken_.find(place); --known->second == 0)
            taken_.erase(known);
    return open_.erase(which);
}

void windows::count_in(window& of, const security_event& denied) {
    const auto note = [&of](const event_target& what) {
        if (of.targets.add(fmt::format("{} {}", to_string(what.type), what.id)))
            add_target(of.model, what);
    };
    if (denied.target)
        note(*denied.target);
    for (const event_target& each : denied.other_targets)
        note(each);

    std::string& source = of.model.origin.source_address;
    const bool shared = of.places.empty();
    if (!shared && source != denied.origin.source_address)
        source = client_network(denied.origin.source_address);
    if (!shared || !source.empty())
        return;
    const std::string network = client_network(denied.origin.source_address);
    if (!of.networks.add(network))
        return;
    if (of.first_networks.size() < longest_list)
        of.first_networks += fmt::format("{}{}", of.first_networks.empty() ? "" : ", ", network);
    else
        of.lists_all = false;
}

void windows::end(const window& ended) {
    if (ended.denials < 2)
        return;
    security_event row = ended.model;
    row.count = ended.denials - 1;
    if (!ended.first_networks.empty())
        row.detail = fmt::format("{}, from {}{} networks: {}{}.", row.detail,
                                 ended.networks.size() >= distinct_count::most ? "at least " : "",
                                 ended.networks.size(), ended.first_networks, ended.lists_all ? "" : ", …");
    keep(std::move(row));
}

/// While the disk takes nothing, rows gather; past the bound those of one type become one.
void windows::keep(security_event row) {
    if (unwritten_.size() >= chosen_.max_unwritten) {
        const auto like = std::ranges::find(unwritten_, row.type, &security_event::type);
        if (like != unwritten_.end()) {
            security_event both = shared_by_kinds_of(row, {});
            both.detail += ", from many sources.";
            both.count = like->count + row.count;
            both.unlisted_targets = std::max(like->unlisted_targets, row.unlisted_targets);
            for (const security_event* each : {&*like, &row}) {
                if (each->target)
                    add_target(both, *each->target);
                for (const event_target& what : each->other_targets)
                    add_target(both, what);
            }
            *like = std::move(both);
            return;
        }
    }
    unwritten_.push_back(std::move(row));
}

void windows::keep_all(std::vector<security_event>& rows) {
    const std::lock_guard lock{mutex_};
    for (security_event& row : rows)
        keep(std::move(row));
}

security_event windows::finished(security_event row) const {
    row.created_at = time_.now();
    row.detail = "Repeated " + std::to_string(row.count) + (row.count == 1 ? " time" : " times") +
                 " within " + std::to_string(chosen_.window.count()) + " s: " + row.detail;
    cut(row.detail, max_event_detail);
    return row;
}

std::vector<security_event> windows::take_rows(bool all) {
    const std::lock_guard lock{mutex_};
    for (auto each = open_.begin(); each != open_.end();) {
        if (!each->second.on_record || (!all && !is_over(each->second))) {
            ++each;
            continue;
        }
        end(each->second);
        each = remove(each);
    }
    return std::exchange(unwritten_, {});
}

void windows::tick() {
    auto rows = std::make_shared<std::vector<security_event>>(take_rows(false));
    if (rows->empty())
        return;
    store_.write_async(
        [self = shared_from_this(), rows](transaction& within) -> result<void> {
            std::vector<security_event> ready;
            ready.reserve(rows->size());
            for (const security_event& row : *rows)
                ready.push_back(self->finished(row));
            return append_all(within, ready);
        },
        [self = shared_from_this(), rows](const result<void>& outcome) {
            if (!outcome)
                self->keep_all(*rows);
        });
}

void windows::close() {
    // Twice: what was under way when the first round began is settled when it ends, as writes keep their
    // order.
    for (int round = 0; round < 2; ++round) {
        std::vector<security_event> rows = take_rows(true);
        const auto written = store_.write([&](transaction& within) -> result<void> {
            std::vector<security_event> ready;
            std::ranges::transform(rows, std::back_inserter(ready),
                                   [&](const auto& row) { return finished(row); });
            return append_all(within, ready);
        });
        if (!written)
            keep_all(rows);
    }
    const std::lock_guard lock{mutex_};
    if (unwritten_.empty())
        return;
    const auto lost = std::accumulate(unwritten_.begin(), unwritten_.end(), std::int64_t{0},
                                      [](std::int64_t sum, const auto& row) { return sum + row.count; });
    log::write(log::level::error, "counted denials could not be written to the audit log",
               {{"count", std::to_string(lost)}});
}

} // namespace

struct audit_recorder::impl {
    std::shared_ptr<windows> state;
};

audit_recorder::audit_recorder(database& store, const clock& time, const options& chosen)
    : impl_{std::make_unique<impl>(impl{std::make_shared<windows>(store, time, chosen)})} {}

audit_recorder::~audit_recorder() = default;

void audit_recorder::record(security_event denied, completion done) {
    impl_->state->record(std::move(denied), std::move(done));
}

result<void> audit_recorder::record_and_wait(security_event denied) {
    result<void> outcome;
    std::binary_semaphore finished{0};
    record(std::move(denied), [&](result<void> told) {
        outcome = std::move(told);
        finished.release();
    });
    finished.acquire();
    return outcome;
}

void audit_recorder::tick() {
    impl_->state->tick();
}

void audit_recorder::close() {
    impl_->state->close();
}

} // namespace breakwater::storage
