#include "base/json_text.hpp"

#include "base/byte_set.hpp"
#include "base/json_string.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <forward_list>
#include <span>
#include <system_error>

namespace breakwater {

namespace {

constexpr byte_set string_marks{"\"\\"};   ///< end a string or begin an escape
constexpr byte_set array_marks{"\"{}[],"}; ///< begin a string, open or close a container, or separate values

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Reads the text in one pass. Uses its own stack, so that nesting does not use the call stack.
class reader {
public:
    /// `all` also applies the rules of `read_json` beyond the grammar.
    enum class strictness : bool { grammar_only, all };

    reader(std::string_view text, std::size_t max_depth, strictness strict)
        : begin_{text.data()},
          at_{begin_},
          end_{begin_ + text.size()},
          run_{begin_},
          max_depth_{max_depth},
          strict_{strict == strictness::all} {
        document_.text.reserve(text.size());
        open_.reserve(8);
        keys_.reserve(32);
    }

    result<json_document> read() {
        skip_space();
        if (at_ < end_)
            document_.kind = json_kind_of(*at_);
        if (!value())
            return fail(errc::malformed, std::move(reason_));
        flush(at_);
        return std::move(document_);
    }

private:
    struct container {
        bool is_object;
        std::size_t first_key; ///< in keys_
    };
    struct key {
        std::string_view name; ///< unescaped
        const char* at;
    };
    static constexpr std::size_t few_keys = 16; ///< up to this number a linear search is faster than sorting

    bool refuse(const char* position, std::string_view reason) {
        reason_ = "Invalid JSON at byte " + std::to_string(position - begin_) + ": ";
        reason_ += reason;
        reason_ += '.';
        return false;
    }

    // Copies the text in runs between white space, so that a compact text is copied in one step.
    void flush(const char* until) { document_.text.append(run_, until); }
    [[nodiscard]] std::size_t output_size() const {
        return document_.text.size() + static_cast<std::size_t>(at_ - run_);
    }

    void skip_space() {
        const char* const first = at_;
        while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t'))
            ++at_;
        if (at_ != first) {
            flush(first);
            run_ = at_;
        }
    }

    /// Reads one value with all its contents, which must end at the end of the text.
    bool value() {
        for (;;) {
            bool opened = false;
            if (!value_or_opening(opened))
                return false;
            if (!opened && !closings())
                return false;
            if (open_.empty())
                return at_ == end_ || refuse(at_, "unexpected text after the value");
        }
    }

    /// Reads a scalar; or reads an opening bracket and, in an object, the name before the first value.
    bool value_or_opening(bool& opened) {
        if (at_ == end_)
            return refuse(at_, "the text ends where a value is expected");
        switch (*at_) {
        case '{':
        case '[': {
            const bool is_object = *at_ == '{';
            if (open_.size() >= max_depth_)
                return refuse(at_, "the nesting is deeper than " + std::to_string(max_depth_));
            open_.push_back({is_object, keys_.size()});
            ++at_;
            skip_space();
            if (at_ < end_ && *at_ == (is_object ? '}' : ']'))
                return true; // `closings` reads the bracket
            opened = true;
            return !is_object || member_name();
        }
        case '"': return string();
        case 't': return literal("true");
        case 'f': return literal("false");
        case 'n': return literal("null");
        default: return number();
        }
    }

    /// Reads the closing brackets after a value, then the comma and the name before the next value.
    bool closings() {
        for (;;) {
            if (open_.size() == 1 && open_.front().is_object && !document_.members.empty())
                document_.members.back().length = output_size() - document_.members.back().offset;
            skip_space();
            if (open_.empty())
                return true;
            const container inner = open_.back();
            if (at_ == end_)
                return refuse(at_, inner.is_object ? "the text ends within an object"
                                                   : "the text ends within an array");
            if (*at_ == (inner.is_object ? '}' : ']')) {
                if (inner.is_object && !names_are_unique(inner.first_key))
                    return false;
                keys_.resize(inner.first_key);
                open_.pop_back();
                ++at_;
                continue;
            }
            if (*at_ != ',')
                return refuse(at_, inner.is_object ? "a comma or a closing brace is expected"
                                                   : "a comma or a closing bracket is expected");
            ++at_;
            skip_space();
            return !inner.is_object || member_name();
        }
    }

    bool member_name() {
        if (at_ == end_ || *at_ != '"')
            return refuse(at_, "a member name in double quotes is expected");
        const char* const token = at_;
        if (!string())
            return false;
        std::string_view name{token + 1, at_ - 1};
        if (escaped_ && strict_)
            name = unescaped_.emplace_front(unescape_json_string({token, at_}));

        const std::size_t first = open_.back().first_key;
        if (strict_ && keys_.size() - first < few_keys)
            for (std::size_t i = first; i < keys_.size(); ++i)
                if (keys_[i].name == name)
                    return duplicate(token, name);
        keys_.push_back({name, token});

        skip_space();
        if (at_ == end_ || *at_ != ':')
            return refuse(at_, "a colon is expected after the member name");
        ++at_;
        skip_space();
        if (open_.size() == 1 && at_ < end_)
            document_.members.push_back({std::string{name}, json_kind_of(*at_), output_size(), 0});
        return true;
    }

    /// Checks an object with many names at its end. Sorts instead of hashing, so that no choice of names
    /// makes it slow.
    bool names_are_unique(std::size_t first) {
        const auto names = std::span{keys_}.subspan(first);
        if (!strict_ || names.size() <= few_keys)
            return true; // `member_name` has already compared them
        std::ranges::sort(names, [](const key& a, const key& b) {
            return a.name.size() != b.name.size() ? a.name.size() < b.name.size() : a.name < b.name;
        });
        const auto pair = std::ranges::adjacent_find(names, {}, &key::name);
        return pair == names.end() || duplicate(std::max(pair->at, std::next(pair)->at), pair->name);
    }

    bool duplicate(const char* position, std::string_view name) {
        std::string reason = "the name ";
        // A cut inside a character is harmless: append_json_string replaces the invalid bytes.
        append_json_string(reason, name.substr(0, 64));
        reason += " occurs twice in one object";
        return refuse(position, reason);
    }

    bool string() {
        const char* const token = at_++;
        escaped_ = false;
        for (;;) {
            at_ = skip_plain(at_, end_);
            if (at_ == end_)
                return refuse(token, "the string that starts here is not closed");
            if (*at_ == '"') {
                ++at_;
                return true;
            }
            if (*at_ == '\\') {
                escaped_ = true;
                if (!escape())
                    return false;
            } else if (static_cast<unsigned char>(*at_) < 0x20) {
                return refuse(at_, "a control character in a string must be escaped");
            } else {
                const utf8_sequence sequence = scan_utf8(at_, end_);
                if (!sequence.valid)
                    return refuse(at_, "invalid UTF-8");
                at_ += sequence.length;
            }
        }
    }

    bool escape() {
        const char* const backslash = at_++;
        if (at_ == end_)
            return refuse(backslash, "incomplete escape");
        if (*at_ != 'u') {
            if (!std::string_view{"\"\\/bfnrt"}.contains(*at_))
                return refuse(backslash, "unknown escape");
            ++at_;
            return true;
        }
        const auto unit = four_hex(at_ + 1, end_);
        if (!unit)
            return refuse(backslash, "\\u needs four hexadecimal digits");
        at_ += 5;
        if (!strict_)
            return true;
        if (is_low_surrogate(*unit))
            return refuse(backslash, "a lone surrogate is not a character");
        if (is_high_surrogate(*unit)) {
            const bool has_second = end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u';
            const auto second = has_second ? four_hex(at_ + 2, end_) : std::nullopt;
            if (!second || !is_low_surrogate(*second))
                return refuse(backslash, "a lone surrogate is not a character");
            at_ += 6;
        }
        return true;
    }

    bool literal(std::string_view word) {
        if (!std::string_view{at_, end_}.starts_with(word))
            return refuse(at_, "a value is expected");
        at_ += word.size();
        return true;
    }

    const char* digits() {
        const char* const first = at_;
        while (at_ < end_ && is_digit(*at_))
            ++at_;
        return first;
    }

    bool number() {
        const char* const token = at_;
        if (*at_ == '-')
            ++at_;
        if (at_ == end_ || !is_digit(*at_))
            return refuse(token,
                          *token == '-' ? "a digit is expected after the minus sign" : "a value is expected");
        const char* const whole = digits();
        const auto whole_digits = at_ - whole;
        if (*whole == '0' && whole_digits > 1)
            return refuse(token, "a number must not have leading zeros");
        const char* fraction = at_;
        if (at_ < end_ && *at_ == '.') {
            ++at_;
            fraction = digits();
            if (fraction == at_)
                return refuse(token, "a digit is expected after the decimal point");
        }
        const char* const fraction_end = at_;
        std::int64_t exponent = 0;
        if (at_ < end_ && (*at_ == 'e' || *at_ == 'E')) {
            ++at_;
            const bool negative = at_ < end_ && *at_ == '-';
            if (at_ < end_ && (*at_ == '-' || *at_ == '+'))
                ++at_;
            const char* const first = digits();
            if (first == at_)
                return refuse(token, "a digit is expected in the exponent");
            constexpr std::int64_t exponent_limit = 1'000'000'000'000'000; // far beyond a double, no overflow
            for (const char* digit = first; digit < at_ && exponent < exponent_limit; ++digit)
                exponent = exponent * 10 + (*digit - '0');
            if (negative)
                exponent = -exponent;
        }
        if (!strict_)
            return true;
        // With the number written as d.ddd × 10^power, only power 308 needs a conversion to decide.
        std::int64_t power = exponent + whole_digits - 1;
        if (*whole == '0') {
            const char* const leading = std::find_if(fraction, fraction_end, [](char c) { return c != '0'; });
            if (leading == fraction_end)
                return true; // zero, whatever its exponent
            power = exponent - (leading - fraction) - 1;
        }
        double converted = 0;
        if (power > 308 || (power == 308 && std::from_chars(token, at_, converted).ec != std::errc{}))
            return refuse(token, "the number exceeds the range of a double");
        return true;
    }

    const char* begin_;
    const char* at_;
    const char* end_;
    const char* run_; ///< the text from here to at_ is not copied yet
    std::size_t max_depth_;
    bool strict_;
    bool escaped_ = false; ///< whether the last string had an escape
    json_document document_;
    std::string reason_;
    std::vector<container> open_;
    std::vector<key> keys_;                    ///< of the open objects, outermost first
    std::forward_list<std::string> unescaped_; ///< storage for the names that had escapes
};

constexpr bool is_space(char c) noexcept {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::string_view without_space(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

} // namespace

std::size_t json_string_end(std::string_view text, std::size_t at) noexcept {
    for (++at;; at += 2) {
        at = string_marks.find_in(text, at);
        if (at == text.npos)
            return at;
        if (text[at] == '"')
            return at + 1;
    }
}

result<std::vector<std::string_view>> split_json_array(std::string_view text, std::size_t max_elements) {
    const auto not_an_array = [] {
        return fail(errc::malformed, "The text is not one complete JSON array.");
    };
    text = without_space(text);
    if (text.size() < 2 || text.front() != '[' || text.back() != ']')
        return not_an_array();
    text = text.substr(1, text.size() - 2);
    std::vector<std::string_view> elements;
    if (without_space(text).empty())
        return elements;
    std::size_t begin = 0;
    std::size_t depth = 0;
    for (std::size_t at = 0;;) {
        at = array_marks.find_in(text, at);
        if (at == text.npos)
            break;
        if (text[at] == '"') {
            at = json_string_end(text, at);
            if (at == text.npos)
                return not_an_array();
            continue;
        }
        if (text[at] == '{' || text[at] == '[') {
            ++depth;
        } else if (text[at] == '}' || text[at] == ']') {
            if (depth-- == 0)
                return not_an_array();
        } else if (depth == 0) {
            elements.push_back(without_space(text.substr(begin, at - begin)));
            begin = at + 1;
            if (elements.size() > max_elements)
                break;
        }
        ++at;
    }
    if (depth != 0)
        return not_an_array();
    elements.push_back(without_space(text.substr(begin)));
    if (elements.size() > max_elements)
        return fail(errc::too_large,
                    "The array has more than " + std::to_string(max_elements) + " elements.");
    return elements;
}

const json_document::member* json_document::find(std::string_view key) const noexcept {
    const auto entry = std::ranges::find(members, key, &member::key);
    return entry == members.end() ? nullptr : &*entry;
}

result<json_document> read_json(std::string_view text, std::size_t max_depth) {
    return reader{text, max_depth, reader::strictness::all}.read();
}

result<void> check_json(std::string_view text) {
    constexpr std::size_t max_depth = 1000;
    if (auto document = reader{text, max_depth, reader::strictness::grammar_only}.read(); !document)
        return pass(std::move(document));
    return {};
}

} // namespace breakwater
