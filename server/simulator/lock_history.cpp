#include "simulator/lock_history.hpp"

#include "simulator/noise.hpp"

#include <array>
#include <chrono>

namespace breakwater::simulator {

namespace {

using std::chrono::days;
using std::chrono::seconds;

/// One kind of passage through the door. The spreads keep the kinds of a day apart, so that visits never
/// overlap.
struct passage {
    double hour;
    double spread_hours; ///< to either side
    double probability;  ///< on a day when somebody is home
    double longest_open; ///< seconds
    std::array<std::string_view, 2> users;
};

constexpr std::array<passage, 4> passages{{
    {7.6, 0.9, 0.95, 180, {"resident", "resident"}},
    {12.5, 1.4, 0.30, 240, {"courier", "cleaner"}},
    {17.8, 1.2, 0.97, 600, {"resident", "guest"}},
    {21.0, 0.9, 0.35, 420, {"resident", "guest"}},
}};

constexpr std::array<std::string_view, 3> opening_methods{"keypad", "app", "fingerprint"};
constexpr std::array<std::string_view, 3> closing_methods{"auto_lock", "auto_lock", "thumb_turn"};
constexpr double away_probability = 0.08;
constexpr double jam_probability = 0.01;
constexpr double shortest_open = 20;

/// Draws that belong together, one after the other.
class dice {
public:
    explicit dice(std::uint64_t seed) : seed_{seed} {}
    double roll() { return unit(mix(seed_, drawn_++)); }
    template <class Choices>
    auto pick(const Choices& from) {
        return from[static_cast<std::size_t>(roll() * static_cast<double>(from.size()))];
    }

private:
    std::uint64_t seed_;
    std::uint64_t drawn_ = 0;
};

seconds whole(double value) {
    return seconds{static_cast<seconds::rep>(value)};
}

/// Lets what happened on `day` up to `at` happen to `state`.
void live_through(lock_state& state, std::uint64_t seed, std::chrono::sys_days day, timestamp at) {
    const std::uint64_t of_day = mix(seed, static_cast<std::uint64_t>(day.time_since_epoch().count()));
    if (unit(of_day) < away_probability)
        return;
    for (std::size_t i = 0; i < passages.size(); ++i) {
        const passage& kind = passages[i];
        dice of_visit{mix(of_day, i)};
        if (of_visit.roll() >= kind.probability)
            continue;
        const timestamp opened =
            day + whole(3600 * (kind.hour + kind.spread_hours * (2 * of_visit.roll() - 1)));
        if (opened > at)
            return;
        const std::string_view user = of_visit.pick(kind.users);
        const std::string_view opening = of_visit.pick(opening_methods);
        const timestamp closed =
            opened + whole(shortest_open + (kind.longest_open - shortest_open) * of_visit.roll());
        const bool jams = of_visit.roll() < jam_probability;
        if (at < closed) {
            state = {.locked = false, .jammed = jams, .last_action = lock_action{user, opening, opened}};
            return;
        }
        state.last_action = lock_action{user, of_visit.pick(closing_methods), closed};
    }
}

} // namespace

lock_state lock_at(std::uint64_t seed, timestamp at) {
    const auto today = std::chrono::floor<days>(at);
    lock_state state;
    live_through(state, seed, today - days{1}, at);
    live_through(state, seed, today, at);
    if (state.last_action && at - state.last_action->at > days{1})
        state.last_action.reset();
    return state;
}

} // namespace breakwater::simulator
