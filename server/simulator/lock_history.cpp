#include "simulator/lock_history.hpp"

#include "simulator/noise.hpp"

#include <array>
#include <chrono>

namespace breakwater::simulator {

namespace {

using std::chrono::days;
using std::chrono::seconds;

/// A kind of visit that opens the lock. The hours and spreads are chosen so that visits of a day never
/// overlap.
struct visit_kind {
    double hour;
    double spread_hours; ///< to either side
    double probability;  ///< on a day when the residents are home
    double max_open_seconds;
    std::array<std::string_view, 2> users;
};

constexpr std::array<visit_kind, 4> visit_kinds{{
    {7.6, 0.9, 0.95, 180, {"resident", "resident"}},
    {12.5, 1.4, 0.30, 240, {"courier", "cleaner"}},
    {17.8, 1.2, 0.97, 600, {"resident", "guest"}},
    {21.0, 0.9, 0.35, 420, {"resident", "guest"}},
}};

constexpr std::array<std::string_view, 3> opening_methods{"keypad", "app", "fingerprint"};
constexpr std::array<std::string_view, 3> closing_methods{"auto_lock", "auto_lock", "thumb_turn"};
constexpr double away_probability = 0.08;
constexpr double jam_probability = 0.01;
constexpr double min_open_seconds = 20;

/// A deterministic sequence of random draws.
class random_sequence {
public:
    explicit random_sequence(std::uint64_t seed) : seed_{seed} {}
    /// The next number in [0, 1).
    double draw() { return unit(mix(seed_, drawn_++)); }
    template <class Choices>
    auto pick(const Choices& choices) {
        return choices[static_cast<std::size_t>(draw() * static_cast<double>(choices.size()))];
    }

private:
    std::uint64_t seed_;
    std::uint64_t drawn_ = 0;
};

seconds whole(double value) {
    return seconds{static_cast<seconds::rep>(value)};
}

/// Applies the visits of `day` up to `at` to `state`.
void apply_visits(lock_state& state, std::uint64_t seed, std::chrono::sys_days day, timestamp at) {
    const std::uint64_t day_seed = mix(seed, static_cast<std::uint64_t>(day.time_since_epoch().count()));
    if (unit(day_seed) < away_probability)
        return;
    for (std::size_t i = 0; i < visit_kinds.size(); ++i) {
        const visit_kind& kind = visit_kinds[i];
        random_sequence random{mix(day_seed, i)};
        if (random.draw() >= kind.probability)
            continue;
        const timestamp opened =
            day + whole(3600 * (kind.hour + kind.spread_hours * (2 * random.draw() - 1)));
        if (opened > at)
            return;
        const std::string_view user = random.pick(kind.users);
        const std::string_view opening = random.pick(opening_methods);
        const timestamp closed =
            opened + whole(min_open_seconds + (kind.max_open_seconds - min_open_seconds) * random.draw());
        const bool jams = random.draw() < jam_probability;
        if (at < closed) {
            state = {.locked = false, .jammed = jams, .last_action = lock_action{user, opening, opened}};
            return;
        }
        state.last_action = lock_action{user, random.pick(closing_methods), closed};
    }
}

} // namespace

lock_state lock_at(std::uint64_t seed, timestamp at) {
    const auto today = std::chrono::floor<days>(at);
    lock_state state;
    apply_visits(state, seed, today - days{1}, at);
    apply_visits(state, seed, today, at);
    if (state.last_action && at - state.last_action->at > days{1})
        state.last_action.reset();
    return state;
}

} // namespace breakwater::simulator
