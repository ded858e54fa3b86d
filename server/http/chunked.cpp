#include "http/chunked.hpp"

#include "http/characters.hpp"

#include <algorithm>

namespace breakwater::http {

namespace {

constexpr verdict accepted{};
constexpr verdict malformed{400, "The chunked body is malformed."};
constexpr verdict too_large{413, "The request body is too large."};
constexpr unsigned max_size_digits = 16;

unsigned digit_value(char c) noexcept {
    return static_cast<unsigned>(c <= '9' ? c - '0' : to_lower(c) - 'a' + 10);
}

} // namespace

verdict chunked_decoder::feed(std::string_view& bytes, std::string& out) {
    while (!bytes.empty() && state_ != state::done) {
        if (state_ == state::data) {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
            out.append(bytes.substr(0, length));
            bytes.remove_prefix(length);
            remaining_ -= length;
            if (remaining_ == 0)
                state_ = state::data_cr;
            continue;
        }
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (const verdict outcome = step(c); outcome.refused())
            return outcome;
    }
    return accepted;
}

verdict chunked_decoder::step(char c) {
    const auto expect = [&](char expected, state next) {
        if (c != expected)
            return malformed;
        state_ = next;
        return accepted;
    };
    switch (state_) {
    case state::size:
    case state::extension:
    case state::size_lf: return step_size(c);
    case state::data_cr: return expect('\r', state::data_lf);
    case state::data_lf: size_digits_ = 0; return expect('\n', state::size);
    case state::trailer_start:
    case state::trailer:
    case state::trailer_lf: return step_trailer(c);
    case state::end_lf: return expect('\n', state::done);
    case state::data:
    case state::done: break;
    }
    return malformed;
}

verdict chunked_decoder::step_size(char c) {
    if (state_ == state::size) {
        if (is_hex_digit(c)) {
            if (++size_digits_ > max_size_digits)
                return malformed;
            remaining_ = remaining_ << 4 | digit_value(c);
            return remaining_ > max_body_ - total_ ? too_large : accepted;
        }
        if (size_digits_ == 0)
            return malformed;
        extension_ = {};
        state_ = state::extension;
    }
    if (state_ == state::extension) {
        if (c == '\r' && extension_.may_end()) {
            state_ = state::size_lf;
            return accepted;
        }
        return extension_.step(c) && ++extension_bytes_ <= max_extension_bytes ? accepted : malformed;
    }
    if (c != '\n')
        return malformed;
    state_ = remaining_ == 0 ? state::trailer_start : state::data;
    total_ += static_cast<std::size_t>(remaining_);
    return accepted;
}

verdict chunked_decoder::step_trailer(char c) {
    if (++trailer_bytes_ > max_trailer_bytes)
        return {431, "The trailer is too large."};
    if (state_ == state::trailer_start) {
        if (c == '\r') {
            state_ = state::end_lf;
            return accepted;
        }
        if (!is_token_character(c))
            return malformed;
        state_ = state::trailer;
        in_trailer_name_ = true;
        return accepted;
    }
    if (state_ == state::trailer_lf) {
        state_ = state::trailer_start;
        return c == '\n' ? accepted : malformed;
    }
    if (in_trailer_name_) {
        if (c == ':')
            in_trailer_name_ = false;
        else if (!is_token_character(c))
            return malformed;
        return accepted;
    }
    if (c == '\r')
        state_ = state::trailer_lf;
    else if (!is_value_character(c))
        return malformed;
    return accepted;
}

} // namespace breakwater::http
