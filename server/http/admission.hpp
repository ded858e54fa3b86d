#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace breakwater::http {

/// What a route requires of its caller. The module `http` describes it in the OpenAPI document, and passes it
/// to the access policy. It has no default constructor, so that a route without a requirement does not
/// compile.
struct requirement {
    constexpr requirement(std::uint16_t action, std::string_view security_scheme, std::string_view notice)
        : what{action}, scheme{security_scheme}, note{notice} {}

    std::uint16_t what;      ///< only the access policy knows what it means
    std::string_view scheme; ///< OpenAPI security scheme of the credential; empty: none is needed
    std::string_view note;   ///< a sentence for the description of the route; may be empty
};

/// What the access policy knows of the caller of an admitted request. The module `http` keeps it with the
/// request, and reads only the account. It contains a copy of the policy's own state, without an allocation.
class admission {
public:
    /// For an anonymous caller.
    admission() = default;
    /// The request uses the share of `account` in the queues; if `account` is 0, the share of its network.
    template <class State>
        requires std::is_trivially_copyable_v<State>
    admission(std::int64_t account, const State& state) noexcept : account_{account}, type_{&tag<State>} {
        static_assert(sizeof(State) <= sizeof state_);
        std::memcpy(state_.data(), &state, sizeof state);
    }

    [[nodiscard]] std::int64_t account() const noexcept { return account_; }

    /// The state that the policy stored; a default one if it stored none.
    template <class State>
    [[nodiscard]] State as() const noexcept {
        State state{};
        if (type_ == &tag<State>)
            std::memcpy(&state, state_.data(), sizeof state);
        return state;
    }

private:
    template <class State>
    static constexpr char tag = 0;

    std::int64_t account_ = 0;
    const char* type_ = nullptr;
    std::array<std::byte, 96> state_{};
};

} // namespace breakwater::http
