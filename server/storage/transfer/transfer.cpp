#include "storage/transfer/transfer.hpp"

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "crypto/sha256_stream.hpp"
#include "storage/engine/nul_symbol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace breakwater::storage::transfer {

namespace {

std::int64_t integer_of(const value& from) {
    const auto* number = std::get_if<std::int64_t>(&from);
    return number == nullptr ? 0 : *number;
}

/// The number of readings in a row of this table.
std::int64_t readings_in(const table& of, const row& values) {
    if (of.name == buffered_table)
        return 1;
    if (of.name != blocks_table)
        return 0;
    const auto at = std::ranges::find(of.columns, std::string_view{"count"}, &column::name);
    return integer_of(values[static_cast<std::size_t>(at - of.columns.begin())]);
}

/// The key of a row, for people.
std::string key_text(const table& of, const row& values) {
    std::string out;
    for (std::size_t i = 0; i < of.key_columns; ++i) {
        out += fmt::format("{}{} ", i == 0 ? "" : ", ", of.columns[i].name);
        if (const auto* text = std::get_if<std::string>(&values[i]))
            out += of.columns[i].type == column_type::text ? fmt::format("{:?}", *text)
                                                           : hex_encode(as_bytes(*text));
        else
            out += std::to_string(integer_of(values[i]));
    }
    return out;
}

constexpr std::string_view clock_table = "clock_state";

class transfer_run {
public:
    transfer_run(table_reader& source, transfer_target& target, const options& settings)
        : source_{source}, target_{target}, settings_{settings} {}

    result<report> run() {
        if (auto counted = count_source(); !counted)
            return pass(std::move(counted));
        if (auto ready = resume_or_begin(); !ready)
            return pass(std::move(ready));
        if (auto copied = copy_tables(); !copied)
            return pass(std::move(copied));
        if (auto compared = compare(); !compared)
            return pass(std::move(compared));
        if (report_.equal())
            if (auto finished = target_.finish(); !finished)
                return pass(std::move(finished));
        return std::move(report_);
    }

private:
    /// Counts the rows, and computes the fingerprint. A server or a command that changes the source also
    /// changes a count, a counter or the state of the clock.
    result<void> count_source() {
        const auto counters = source_.counters();
        if (!counters)
            return std::unexpected(counters.error());
        std::string encoded;
        row numbers;
        for (const counter& next : *counters)
            numbers.emplace_back(next.value);
        for (const table& next : portable_tables()) {
            const auto count = source_.count(next);
            if (!count)
                return std::unexpected(count.error());
            counts_.push_back(*count);
            total_ += static_cast<std::uint64_t>(*count);
            numbers.emplace_back(*count);
            if (next.name != clock_table)
                continue;
            auto read = for_each(source_, next, {}, [&](const row& values) -> result<void> {
                encode(encoded, values);
                return {};
            });
            if (!read)
                return read;
        }
        encode(encoded, numbers);
        state_.fingerprint = hex_encode(crypto::sha256(as_bytes(encoded)));
        return {};
    }

    result<void> resume_or_begin() {
        auto unreadable = source_.count_unreadable();
        if (!unreadable)
            return pass(std::move(unreadable));
        report_.unreadable = *unreadable;
        if (*unreadable > 0 && !settings_.leave_unreadable)
            return fail(errc::bad_state,
                        fmt::format("Up to {} buffered readings of the source are damaged and can't be read. "
                                    "--leave-damaged moves everything else.",
                                    *unreadable));
        auto interrupted = target_.state();
        if (!interrupted)
            return pass(std::move(interrupted));
        if (*interrupted) {
            if ((*interrupted)->fingerprint != state_.fingerprint)
                return fail(errc::bad_state,
                            fmt::format("The target contains an incomplete migration from {}, from another "
                                        "database or from before a change. Start again with an empty target.",
                                        (*interrupted)->source));
            state_ = std::move(**interrupted);
            report_.resumed = true;
            return {};
        }
        if (auto empty = require_empty_target(); !empty)
            return empty;
        if (auto checked = check_texts(); !checked)
            return checked;
        state_.source = settings_.source_name;
        state_.table = portable_tables().front().name;
        return target_.begin(state_);
    }

    result<void> require_empty_target() {
        for (const table& next : portable_tables()) {
            if (next.has_first_rows) // whoever changed these also wrote to the audit log
                continue;
            const auto count = target_.count(next);
            if (!count)
                return std::unexpected(count.error());
            if (*count != 0)
                return fail(errc::bad_state,
                            fmt::format("The target is not empty: {} has {} row(s). It was not changed.",
                                        next.name, *count));
        }
        const auto unreadable = target_.count_unreadable();
        if (!unreadable)
            return std::unexpected(unreadable.error());
        if (*unreadable != 0)
            return fail(errc::bad_state, "The target is not empty: it has damaged readings.");
        return {};
    }

    /// Refuses texts that the target can't store, before anything is copied.
    result<void> check_texts() {
        done_ = 0;
        for (const table& next : portable_tables()) {
            const auto is_text = [](const column& one) { return one.type == column_type::text; };
            if (!target_.stores_nul(next) && std::ranges::any_of(next.columns, is_text))
                if (auto checked = check_texts(next); !checked)
                    return checked;
            done_ += static_cast<std::uint64_t>(counts_[number_of(next)]);
        }
        return {};
    }

    result<void> check_texts(const table& in) {
        const std::uint64_t before = done_;
        auto checked = for_each(source_, in, {}, [&](const row& values) -> result<void> {
            for (std::size_t i = 0; i < values.size(); ++i) {
                const auto* text = std::get_if<std::string>(&values[i]);
                if (text == nullptr || in.columns[i].type != column_type::text)
                    continue;
                const bool has_nul = text->contains('\0') && !in.replaces_nul;
                if (has_nul || find_invalid_utf8(*text))
                    return fail(errc::invalid_input,
                                fmt::format("The target can't store a text of the source, which {}: {} of "
                                            "the row {} of {}. Change the text first. Nothing was copied.",
                                            has_nul ? "contains the character U+0000" : "is not UTF-8",
                                            in.columns[i].name, key_text(in, values), in.name));
            }
            ++done_;
            return show(stage::checking, in);
        });
        done_ = before;
        return checked;
    }

    result<void> copy_tables() {
        const auto tables = portable_tables();
        auto next = std::ranges::find(tables, state_.table, &table::name);
        if (next == tables.end())
            return fail(errc::bad_state, "The target contains an incomplete migration of another version.");
        done_ = 0;
        for (auto complete = tables.begin(); complete != next; ++complete)
            done_ += static_cast<std::uint64_t>(counts_[number_of(*complete)]);
        done_ += static_cast<std::uint64_t>(state_.rows);
        for (; next != tables.end(); ++next)
            if (auto copied = copy(*next); !copied)
                return copied;
        const auto counters = source_.counters();
        if (!counters)
            return std::unexpected(counters.error());
        return target_.raise(*counters);
    }

    result<void> copy(const table& from) {
        row after;
        if (state_.table != from.name) {
            state_.table = from.name;
            state_.last_key.clear();
            state_.rows = 0;
        } else if (!state_.last_key.empty()) {
            auto key = decode(state_.last_key, from.key_columns);
            if (!key)
                return pass(std::move(key));
            after = std::move(*key);
        }
        std::vector<row> batch;
        std::size_t bytes = 0;
        const auto flush = [&]() -> result<void> {
            if (batch.empty())
                return {};
            state_.last_key.clear();
            encode(state_.last_key, std::span{batch.back()}.first(from.key_columns));
            state_.rows += static_cast<std::int64_t>(batch.size());
            for (row& values : batch)
                make_storable(from, values);
            if (auto appended = target_.append(from, batch, state_); !appended)
                return appended;
            done_ += batch.size();
            batch.clear();
            bytes = 0;
            return show(stage::copying, from);
        };
        auto copied = for_each(source_, from, after, [&](row& values) -> result<void> {
            bytes += size_of(values);
            batch.push_back(std::move(values));
            return batch.size() < settings_.batch_rows && bytes < settings_.batch_bytes ? result<void>{}
                                                                                        : flush();
        });
        return copied ? flush() : copied;
    }

    result<void> compare() {
        done_ = 0;
        for (const table& next : portable_tables()) {
            auto source = content_of(source_, next);
            if (!source)
                return pass(std::move(source));
            auto target = content_of(target_, next);
            if (!target)
                return pass(std::move(target));
            report_.tables.push_back({next.name, *source, *target});
        }
        auto source = source_.counters();
        if (!source)
            return pass(std::move(source));
        const auto target = target_.counters();
        if (!target)
            return std::unexpected(target.error());
        for (std::size_t i = 0; i < source->size(); ++i)
            report_.counters.push_back(
                {std::move((*source)[i].name), (*source)[i].value, (*target)[i].value});
        return {};
    }

    /// What the target should contain, or contains, of this table.
    result<table_content> content_of(table_reader& in, const table& of) {
        table_content content;
        crypto::sha256_stream digest;
        std::string encoded;
        auto read = for_each(in, of, {}, [&](row& values) -> result<void> {
            const bool changed = &in == &source_ && make_storable(of, values);
            report_.changed_events += changed ? 1 : 0;
            encoded.clear();
            encode(encoded, values);
            digest.add(as_bytes(encoded));
            ++content.rows;
            content.readings += readings_in(of, values);
            ++done_;
            return show(stage::verifying, of);
        });
        if (!read)
            return pass(std::move(read));
        content.digest = digest.digest_with({});
        return content;
    }

    /// Replaces U+0000 if the target can't store it. Returns whether there was any.
    bool make_storable(const table& of, row& values) const {
        bool changed = false;
        if (of.replaces_nul && !target_.stores_nul(of))
            for (value& next : values)
                if (auto* text = std::get_if<std::string>(&next); text != nullptr && text->contains('\0')) {
                    *text = engine::with_nul_symbols(*text);
                    changed = true;
                }
        return changed;
    }

    template <class Visit>
    static result<void> for_each(table_reader& in, const table& of, const row& after, Visit visit) {
        const auto cursor = in.rows(of, after);
        if (!cursor)
            return std::unexpected(cursor.error());
        for (;;) {
            auto rows = (*cursor)->next();
            if (!rows)
                return pass(std::move(rows));
            if (rows->empty())
                return {};
            for (row& values : *rows)
                if (auto visited = visit(values); !visited)
                    return visited;
        }
    }

    result<void> show(stage current, const table& of) {
        const std::uint64_t total = current == stage::verifying ? total_ * 2 : total_; // both sides
        if (settings_.on_progress && !settings_.on_progress({current, of.name, done_, total}))
            return fail(errc::bad_state, "Interrupted. The same command continues the migration.");
        return {};
    }

    static std::size_t number_of(const table& of) {
        return static_cast<std::size_t>(&of - portable_tables().data());
    }

    table_reader& source_;
    transfer_target& target_;
    const options& settings_;
    std::vector<std::int64_t> counts_; ///< rows of each table of the source
    std::uint64_t total_ = 0;
    std::uint64_t done_ = 0;
    transfer_state state_;
    report report_;
};

} // namespace

bool report::equal() const {
    return std::ranges::all_of(tables, &table_comparison::equal) &&
           std::ranges::all_of(counters, &counter_comparison::equal);
}

result<report> transfer_all(table_reader& source, transfer_target& target, const options& settings) {
    return transfer_run{source, target, settings}.run();
}

} // namespace breakwater::storage::transfer
