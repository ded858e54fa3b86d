#include "http/chunked.hpp"

#include "http/characters.hpp"

#include <algorithm>

namespace breakwater::http {

namespace {

constexpr verdict pass_on{};
constexpr verdict malformed{400, "The chunked body is malformed."};
constexpr verdict too_large{413, "The request body is too large."};
constexpr unsigned most_size_digits = 16;

unsigned digit_value(char c) noexcept {
    return static_cast<unsigned>(c <= '9' ? c - '0' : to_lower(c) - 'a' + 10);
}

} // namespace

verdict chunked_decoder::feed(std::string_view& bytes, std::string& out) {
    while (!bytes.empty() && state_ != state::done) {
        if (state_ == state::data) {
            const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
            out.append(bytes.substr(0, length));
            bytes.remove_prefix(length);
            left_ -= length;
            if (left_ == 0)
                state_ = state::data_cr;
            continue;
        }
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (const verdict said = step(c); said.refused())
            return said;
    }
    return pass_on;
}

verdict chunked_decoder::step(char c) {
    const auto expect = [&](char wanted, state next) {
        if (c != wanted)
            return malformed;
        state_ = next;
        return pass_on;
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
            if (++size_digits_ > most_size_digits)
                return malformed;
            left_ = left_ << 4 | digit_value(c);
            return left_ > max_body_ - taken_ ? too_large : pass_on;
        }
        if (size_digits_ == 0)
            return malformed;
        extension_ = {};
        state_ = state::extension;
    }
    if (state_ == state::extension) {
        if (c == '\r' && extension_.may_end()) {
            state_ = state::size_lf;
            return pass_on;
        }
        return extension_.step(c) && ++extension_bytes_ <= max_extension_bytes ? pass_on : malformed;
    }
    if (c != '\n')
        return malformed;
    state_ = left_ == 0 ? state::trailer_start : state::data;
    taken_ += static_cast<std::size_t>(left_);
    return pass_on;
}

verdict chunked_decoder::step_trailer(char c) {
    if (++trailer_bytes_ > max_trailer_bytes)
        return {431, "The trailer is too large."};
    if (state_ == state::trailer_start) {
        if (c == '\r') {
            state_ = state::end_lf;
            return pass_on;
        }
        if (!is_token_character(c))
            return malformed;
        state_ = state::trailer;
        trailer_name_ = true;
        return pass_on;
    }
    if (state_ == state::trailer_lf) {
        state_ = state::trailer_start;
        return c == '\n' ? pass_on : malformed;
    }
    if (trailer_name_) {
        if (c == ':')
            trailer_name_ = false;
        else if (!is_token_character(c))
            return malformed;
        return pass_on;
    }
    if (c == '\r')
        state_ = state::trailer_lf;
    else if (!is_value_character(c))
        return malformed;
    return pass_on;
}

} // namespace breakwater::http
