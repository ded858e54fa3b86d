#include "domain/field_name.hpp"

#include "base/byte_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

namespace breakwater {

namespace {

constexpr byte_set special{"\\.,[]"};
constexpr std::string_view empty_key = "\\e";

class reader {
public:
    explicit reader(std::string_view name) : name_{name} {}

    result<field_path> read() {
        read_key();
        while (!error_ && at_ < name_.size()) {
            if (name_[at_] == '[') {
                read_index();
            } else if (name_[at_] == '.') {
                ++at_;
                read_key();
            } else {
                refuse(at_, "expected a dot or a bracket");
            }
        }
        if (error_)
            return std::unexpected(std::move(*error_));
        return std::move(path_);
    }

private:
    void refuse(std::size_t position, std::string_view reason, errc code = errc::invalid_input) {
        error_ = error{.code = code, .detail = fmt::format("At byte {}: {}.", position, reason)};
    }

    void add(std::size_t position, field_step step) {
        if (path_.size() == max_field_steps)
            return refuse(position, fmt::format("a name has at most {} steps", max_field_steps),
                          errc::too_large);
        path_.push_back(std::move(step));
    }

    void read_key() {
        const std::size_t begin = at_;
        if (name_.substr(at_).starts_with(empty_key)) {
            at_ += empty_key.size();
            return add(begin, std::string{});
        }
        std::string key;
        for (; at_ < name_.size() && name_[at_] != '.' && name_[at_] != '['; ++at_) {
            if (name_[at_] == ',' || name_[at_] == ']')
                return refuse(at_, fmt::format("in a key, write `{0}` as `\\{0}`", name_[at_]));
            if (name_[at_] == '\\') {
                ++at_;
                if (at_ == name_.size() || !special.contains(name_[at_]))
                    return refuse(at_ - 1, "`\\` must come before `\\`, `.`, `,`, `[` or `]`, or form the "
                                           "empty key `\\e`");
            }
            key += name_[at_];
        }
        if (key.empty())
            return refuse(begin, "a key is missing; write the empty key as `\\e`");
        add(begin, std::move(key));
    }

    void read_index() {
        const std::size_t begin = at_;
        const char* first = name_.data() + at_ + 1;
        const char* last = name_.data() + name_.size();
        std::size_t index = 0;
        const auto [end, code] = std::from_chars(first, last, index);
        const bool is_number = end != first && (*first != '0' || end == first + 1);
        if (!is_number || end == last || *end != ']')
            return refuse(begin, "`[` must begin an array index such as `[0]`; in a key, write it as `\\[`");
        if (code != std::errc{} || index >= max_array_values)
            return refuse(begin,
                          fmt::format("only the first {} values in an array have names", max_array_values),
                          errc::too_large);
        at_ = static_cast<std::size_t>(end - name_.data()) + 1;
        add(begin, index);
    }

    const std::string_view name_;
    std::size_t at_ = 0;
    field_path path_;
    std::optional<error> error_;
};

} // namespace

void append_field_key(std::string& name, std::string_view key) {
    if (!name.empty())
        name += '.';
    if (key.empty()) {
        name += empty_key;
        return;
    }
    for (;;) {
        const std::size_t plain = std::min(special.find_in(key), key.size());
        name += key.substr(0, plain);
        if (plain == key.size())
            return;
        (name += '\\') += key[plain];
        key.remove_prefix(plain + 1);
    }
}

void append_field_index(std::string& name, std::size_t index) {
    fmt::format_to(std::back_inserter(name), "[{}]", index);
}

std::string write_field_name(std::span<const field_step> path) {
    std::string name;
    for (const field_step& step : path)
        if (const auto* key = std::get_if<std::string>(&step))
            append_field_key(name, *key);
        else
            append_field_index(name, std::get<std::size_t>(step));
    return name;
}

result<field_path> parse_field_name(std::string_view name) {
    return reader{name}.read();
}

std::vector<std::string_view> split_field_names(std::string_view list) {
    std::vector<std::string_view> names;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < list.size(); ++at) {
        if (list[at] == '\\') {
            ++at; // an escaped character belongs to the name
        } else if (list[at] == ',') {
            names.push_back(list.substr(begin, at - begin));
            begin = at + 1;
        }
    }
    names.push_back(list.substr(begin));
    return names;
}

} // namespace breakwater
