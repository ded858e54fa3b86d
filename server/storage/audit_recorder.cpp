#include "storage/audit_recorder.hpp"

#include "base/log.hpp"

#include <algorithm>
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
    for (const std::string* text : {&event.actor_id, &event.origin.source_address, &event.origin.route}) {
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

std::string shared_key_of(const security_event& event) {
    return std::string(1, static_cast<char>(event.type));
}

/// What kinds share when too many are open: nothing that an attacker can vary.
security_event without_origin(const security_event& event) {
    security_event out;
    out.type = event.type;
    out.status = event.status;
    out.detail = "various events of this type, from many sources.";
    return out;
}

result<void> append_all(transaction& within, const std::vector<security_event>& rows) {
    for (const security_event& row : rows)
        if (auto added = within.audit().append(row); !added)
            return pass(std::move(added));
    return {};
}

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
        security_event model; ///< of the row with the count
        steady_point opened;
        std::int64_t repeats = 0;
        bool on_record = false;                          ///< its first denial is on disk
        std::vector<audit_recorder::completion> waiting; ///< of the repeats that came before it was
    };

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
    std::unordered_map<std::string, window> open_;
    std::vector<security_event> unwritten_; ///< of ended windows; `count` is set, the sentence not yet
};

void windows::record(security_event denied, audit_recorder::completion done) {
    bound(denied);
    denied.created_at = time_.now();
    if (chosen_.on_denied)
        chosen_.on_denied(denied);
    std::string key = key_of(denied);
    bool counted = false;
    {
        const std::lock_guard lock{mutex_};
        auto found = open_.find(key);
        const bool shared = found == open_.end() && open_.size() >= chosen_.max_open_kinds;
        if (shared) {
            key = shared_key_of(denied);
            found = open_.find(key);
        }
        if (found != open_.end() && found->second.on_record && is_over(found->second)) {
            end(found->second);
            open_.erase(found);
            found = open_.end();
        }
        if (found == open_.end()) {
            open_.emplace(key, window{.model = shared ? without_origin(denied) : denied,
                                      .opened = time_.steady_now(),
                                      .waiting = {}});
        } else {
            ++found->second.repeats;
            if (!found->second.on_record) {
                found->second.waiting.push_back(std::move(done));
                return;
            }
            counted = true;
        }
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
            open_.erase(found);
    }
    for (auto& answer : waiting)
        answer(outcome);
}

void windows::end(const window& ended) {
    if (ended.repeats == 0)
        return;
    security_event row = ended.model;
    row.count = ended.repeats;
    keep(std::move(row));
}

/// While the disk takes nothing, rows gather; past the bound those of one type become one.
void windows::keep(security_event row) {
    if (unwritten_.size() >= chosen_.max_open_kinds) {
        const auto like = std::ranges::find(unwritten_, row.type, &security_event::type);
        if (like != unwritten_.end()) {
            const auto count = like->count + row.count;
            *like = without_origin(row);
            like->count = count;
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
    std::erase_if(open_, [&](const auto& entry) {
        if (!entry.second.on_record || (!all && !is_over(entry.second)))
            return false;
        end(entry.second);
        return true;
    });
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
