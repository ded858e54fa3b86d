#include "http/chunk_extension.hpp"

#include "http/characters.hpp"

namespace breakwater::http {

bool chunk_extension::may_end() const noexcept {
    return state_ == state::after_size || state_ == state::name || state_ == state::value ||
           state_ == state::after_quoted;
}

bool chunk_extension::step(char c) noexcept {
    const bool space = c == ' ' || c == '\t';
    const auto go = [this](state next) {
        state_ = next;
        return true;
    };
    switch (state_) {
    case state::after_size:
    case state::after_quoted:
    case state::before_semicolon:
        return c == ';' ? go(state::before_name) : space && go(state::before_semicolon);
    case state::before_name: return space || (is_token_character(c) && go(state::name));
    case state::name:
        if (is_token_character(c))
            return true;
        [[fallthrough]];
    case state::after_name:
        if (space)
            return go(state::after_name);
        return c == '=' ? go(state::before_value) : c == ';' && go(state::before_name);
    case state::before_value:
        if (space)
            return true;
        return c == '"' ? go(state::quoted) : is_token_character(c) && go(state::value);
    case state::value:
        if (is_token_character(c))
            return true;
        return c == ';' ? go(state::before_name) : space && go(state::before_semicolon);
    case state::quoted:
        if (c == '"')
            return go(state::after_quoted);
        return is_value_character(c) && (c != '\\' || go(state::escaped));
    case state::escaped: return is_value_character(c) && go(state::quoted);
    }
    return false;
}

} // namespace breakwater::http
