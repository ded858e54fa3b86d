#include "telemetry/payload_fields.hpp"

#include "domain/field_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace breakwater::telemetry {

namespace {

constexpr std::size_t max_depth = 64; ///< beyond what `read_json` lets in

/// The length of the string token at the front of `text`, with its quotes; 0 where there is none.
std::size_t string_length(std::string_view text) noexcept {
    if (!text.starts_with('"'))
        return 0;
    const std::size_t end = json_string_end(text, 0);
    return end == text.npos ? 0 : end;
}

/// The length of a scalar, an array or an object at the front; 0 where it isn't whole.
std::size_t value_length(std::string_view text) noexcept {
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '"') {
            const std::size_t length = string_length(text.substr(at));
            if (length == 0)
                return 0;
            at += length;
            if (depth == 0)
                return at;
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return at;
        ++at;
        if (c == '{' || c == '[')
            ++depth;
        else if ((c == '}' || c == ']') && --depth == 0)
            return at;
    }
    return depth == 0 ? text.size() : 0;
}

/// Of an array that isn't empty, in what is nested in it, too: each comma parts two values.
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

/// Whether an array has a value that a cell of its own wouldn't give back: nothing (null, an empty text,
/// array or object), or a text that spells something else.
bool loses_in_cells(std::string_view array) noexcept {
    for (std::size_t at = 0; at < array.size();) {
        const std::string_view rest = array.substr(at);
        if (rest.starts_with("null") || rest.starts_with("[]") || rest.starts_with("{}"))
            return true;
        if (rest.front() != '"') {
            ++at;
            continue;
        }
        const std::size_t length = std::max<std::size_t>(string_length(rest), 1);
        const bool is_key = rest.substr(length).starts_with(':');
        if (!is_key && (length < 3 || std::string_view{"-0123456789tfn{[\\\""}.contains(rest[1])))
            return true;
        at += length;
    }
    return false;
}

/// Appends the member's name. Escapes are rare, and resolved where they are.
void append_member(std::string& name, std::string_view token) {
    if (token.find('\\') == token.npos)
        append_field_key(name, token.substr(1, token.size() - 2));
    else
        append_field_key(name, unescape_json_string(token));
}

class walk {
public:
    walk(std::string_view payload, const std::function<void(const payload_field&)>& visit, long_arrays arrays)
        : left_{payload}, visit_{visit}, arrays_{arrays} {}

    void run() {
        if (!left_.starts_with('{'))
            return;
        enter();
        while (depth_ > 0 && !left_.empty()) {
            if (left_.front() == '}' || left_.front() == ']') {
                leave();
                continue;
            }
            if (left_.front() == ',')
                left_.remove_prefix(1);
            const std::size_t outside = name_.size();
            if (!read_name() || !read_value(outside))
                return;
        }
    }

private:
    struct container {
        std::size_t outside = 0; ///< the name's length outside of it
        std::size_t next = 0;    ///< element
        bool is_array = false;
    };

    void enter(std::size_t outside = 0) {
        open_[depth_++] = {.outside = outside, .is_array = left_.front() == '['};
        left_.remove_prefix(1);
    }

    void leave() {
        if (depth_ == array_depth_)
            array_depth_ = 0;
        name_.resize(open_[--depth_].outside);
        left_.remove_prefix(1);
    }

    /// Of the element or the member that begins here.
    bool read_name() {
        container& its = open_[depth_ - 1];
        if (its.is_array) {
            append_field_index(name_, its.next++);
            return true;
        }
        const std::size_t length = string_length(left_);
        if (length == 0 || length + 2 > left_.size())
            return false;
        append_member(name_, left_.substr(0, length));
        left_.remove_prefix(length + 1); // and the colon
        return true;
    }

    bool read_value(std::size_t outside) {
        const bool holds_something = (left_.starts_with('{') && !left_.starts_with("{}")) ||
                                     (left_.starts_with('[') && !left_.starts_with("[]"));
        if (holds_something && !(left_.front() == '[' && is_whole())) {
            if (depth_ == max_depth)
                return false;
            enter(outside);
            if (open_[depth_ - 1].is_array && array_depth_ == 0) {
                array_depth_ = depth_;
                unnamed_after_ = max_array_values;
            }
            return true;
        }
        const std::size_t length = value_length(left_);
        if (length == 0)
            return false;
        if (array_depth_ == 0 || unnamed_after_ > 0)
            visit_({name_, json_kind_of(left_.front()), left_.substr(0, length)});
        if (array_depth_ != 0 && unnamed_after_ > 0)
            --unnamed_after_;
        name_.resize(outside);
        left_.remove_prefix(length);
        return true;
    }

    /// Whether the array that begins here is one leaf.
    [[nodiscard]] bool is_whole() const {
        if (arrays_ != long_arrays::whole || array_depth_ != 0)
            return false;
        const std::string_view array = left_.substr(0, value_length(left_));
        return count_values(array) > max_array_values || loses_in_cells(array);
    }

    std::string_view left_;
    const std::function<void(const payload_field&)>& visit_;
    const long_arrays arrays_;
    std::string name_;
    std::array<container, max_depth> open_{};
    std::size_t depth_ = 0;
    std::size_t array_depth_ = 0;   ///< of the outermost array around; 0: none
    std::size_t unnamed_after_ = 0; ///< so many more of its values
};

} // namespace

void for_each_field(std::string_view payload, const std::function<void(const payload_field&)>& visit,
                    long_arrays arrays) {
    walk{payload, visit, arrays}.run();
}

} // namespace breakwater::telemetry
