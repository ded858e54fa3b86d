#include "telemetry/payload_fields.hpp"

#include "base/byte_set.hpp"
#include "domain/field_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <variant>

namespace breakwater::telemetry {

namespace {

constexpr std::size_t max_depth = 64; ///< more than `read_json` accepts

/// The length of the string token at the front of `text`, with its quotes; 0 if there is none.
std::size_t string_length(std::string_view text) noexcept {
    if (!text.starts_with('"'))
        return 0;
    const std::size_t end = json_string_end(text, 0);
    return end == text.npos ? 0 : end;
}

/// The length of the array or object at the front; 0 if it is incomplete.
std::size_t container_length(std::string_view text) noexcept {
    static constexpr byte_set marks{"\"{}[]"};
    std::size_t depth = 0;
    for (std::size_t at = marks.find_in(text); at != text.npos; at = marks.find_in(text, at)) {
        if (text[at] == '"') {
            at = json_string_end(text, at);
            continue;
        }
        const bool opens = text[at] == '{' || text[at] == '[';
        ++at;
        if (opens)
            ++depth;
        else if (--depth == 0)
            return at;
    }
    return 0;
}

/// The length of the scalar, array or object at the front; 0 if it is incomplete.
std::size_t value_length(std::string_view text) noexcept {
    static constexpr byte_set ends{",}]"};
    if (text.starts_with('"'))
        return string_length(text);
    if (text.starts_with('{') || text.starts_with('['))
        return container_length(text);
    return std::min(ends.find_in(text), text.size());
}

/// The number of values in a non-empty array, including nested ones: one more than its commas.
std::size_t count_values(std::string_view array) noexcept {
    std::size_t commas = 0;
    for (std::size_t at = 0; at < array.size();) {
        if (array[at] == '"') {
            at += std::max<std::size_t>(string_length(array.substr(at)), 1);
            continue;
        }
        commas += array[at] == ',' ? 1 : 0;
        ++at;
    }
    return commas + 1;
}

/// Whether a CSV with one cell per value would lose information: the array has null, an empty string, array
/// or object, or a string that reads like another JSON value.
bool is_lossy_in_cells(std::string_view array) noexcept {
    for (std::size_t at = 0; at < array.size();) {
        const std::string_view tail = array.substr(at);
        if (tail.starts_with("null") || tail.starts_with("[]") || tail.starts_with("{}"))
            return true;
        if (tail.front() != '"') {
            ++at;
            continue;
        }
        const std::size_t length = std::max<std::size_t>(string_length(tail), 1);
        const bool is_key = tail.substr(length).starts_with(':');
        if (!is_key && (length < 3 || std::string_view{"-0123456789tfn{[\\\""}.contains(tail[1])))
            return true;
        at += length;
    }
    return false;
}

} // namespace

class payload_walk {
public:
    /// `selection` is null to visit all fields.
    payload_walk(std::string_view payload, const field_selection* selection,
                 const std::function<void(const payload_field&)>& visit, long_arrays arrays)
        : remaining_{payload},
          selected_{selection == nullptr ? nullptr : &selection->root_},
          visit_{visit},
          arrays_{arrays} {}

    void run() {
        if (!remaining_.starts_with('{'))
            return;
        enter();
        while (depth_ > 0 && !remaining_.empty()) {
            if (remaining_.front() == '}' || remaining_.front() == ']') {
                leave();
                continue;
            }
            if (remaining_.front() == ',')
                remaining_.remove_prefix(1);
            const std::size_t outer_length = name_.size();
            if (!read_name() || !(is_skipped_ ? !take_value().empty() : read_value(outer_length)))
                return;
        }
    }

private:
    struct container {
        std::size_t outer_length = 0;                    ///< length of `name_` outside of the container
        std::size_t next = 0;                            ///< index of the next element
        const field_selection::node* selected = nullptr; ///< its selected members; null: all
        bool is_array = false;
    };

    void enter(std::size_t outer_length = 0) {
        const bool is_array = remaining_.front() == '[';
        open_[depth_++] = {
            .outer_length = outer_length, .selected = is_array ? nullptr : selected_, .is_array = is_array};
        remaining_.remove_prefix(1);
    }

    void leave() {
        if (depth_ == array_depth_)
            array_depth_ = 0;
        name_.resize(open_[--depth_].outer_length);
        remaining_.remove_prefix(1);
    }

    /// Appends the name of the element or member that starts here, unless it is to be skipped.
    bool read_name() {
        container& parent = open_[depth_ - 1];
        is_skipped_ = false;
        selected_ = nullptr;
        if (parent.is_array) {
            append_field_index(name_, parent.next++);
            return true;
        }
        const std::size_t length = string_length(remaining_);
        if (length == 0 || length + 2 > remaining_.size())
            return false;
        std::string_view key = remaining_.substr(1, length - 2);
        std::string unescaped;
        if (key.contains('\\'))
            key = unescaped = unescape_json_string(remaining_.substr(0, length));
        if (parent.selected != nullptr) {
            selected_ = parent.selected->find(key);
            is_skipped_ = selected_ == nullptr;
        }
        if (!is_skipped_)
            append_field_key(name_, key);
        remaining_.remove_prefix(length + 1); // including the colon
        return true;
    }

    /// Removes the value at the front; empty if it is incomplete.
    std::string_view take_value() {
        const std::string_view value = remaining_.substr(0, value_length(remaining_));
        remaining_.remove_prefix(value.size());
        return value;
    }

    bool read_value(std::size_t outer_length) {
        const bool has_children = (remaining_.starts_with('{') && !remaining_.starts_with("{}")) ||
                                  (remaining_.starts_with('[') && !remaining_.starts_with("[]"));
        if (has_children && !(remaining_.front() == '[' && is_one_leaf())) {
            if (depth_ == max_depth)
                return false;
            enter(outer_length);
            if (open_[depth_ - 1].is_array && array_depth_ == 0) {
                array_depth_ = depth_;
                named_values_left_ = max_array_values;
            }
            return true;
        }
        const std::string_view value = take_value();
        if (value.empty())
            return false;
        if (array_depth_ == 0 || named_values_left_ > 0)
            visit_({name_, json_kind_of(value.front()), value});
        if (array_depth_ != 0 && named_values_left_ > 0)
            --named_values_left_;
        name_.resize(outer_length);
        return true;
    }

    /// Whether to visit the array that starts here as one leaf.
    [[nodiscard]] bool is_one_leaf() const {
        if (arrays_ != long_arrays::whole || array_depth_ != 0)
            return false;
        const std::string_view array = remaining_.substr(0, value_length(remaining_));
        return count_values(array) > max_array_values || is_lossy_in_cells(array);
    }

    std::string_view remaining_;
    const field_selection::node* selected_; ///< the fields to visit within the current value; null: all
    bool is_skipped_ = false;               ///< the current value has no selected field
    const std::function<void(const payload_field&)>& visit_;
    const long_arrays arrays_;
    std::string name_;
    std::array<container, max_depth> open_{};
    std::size_t depth_ = 0;
    std::size_t array_depth_ = 0;       ///< depth of the outermost array around; 0: none
    std::size_t named_values_left_ = 0; ///< values of that array that still have names
};

const field_selection::node* field_selection::node::find(std::string_view member) const noexcept {
    const auto position = std::ranges::lower_bound(members, member, {}, &node::key);
    return position == members.end() || position->key != member ? nullptr : &*position;
}

void field_selection::add(std::string_view name) {
    const auto path = parse_field_name(name);
    if (!path)
        return;
    node* parent = &root_;
    for (const field_step& step : *path) {
        const auto* key = std::get_if<std::string>(&step);
        if (key == nullptr)
            return; // arrays are visited whole
        auto position = std::ranges::lower_bound(parent->members, *key, {}, &node::key);
        if (position == parent->members.end() || position->key != *key)
            position = parent->members.insert(position, node{.key = *key, .members = {}});
        parent = &*position;
    }
}

void for_each_field(std::string_view payload, const std::function<void(const payload_field&)>& visit,
                    long_arrays arrays) {
    payload_walk{payload, nullptr, visit, arrays}.run();
}

void for_each_field(std::string_view payload, const field_selection& selection,
                    const std::function<void(const payload_field&)>& visit) {
    payload_walk{payload, &selection, visit, long_arrays::first_values}.run();
}

} // namespace breakwater::telemetry
