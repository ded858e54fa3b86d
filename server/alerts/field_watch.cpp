#include "alerts/field_watch.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

namespace breakwater::alerts {

namespace {

using minutes = std::chrono::duration<double, std::ratio<60>>;

std::optional<double> number_of(json_kind kind, std::string_view value) {
    double out = 0;
    if (kind != json_kind::number ||
        std::from_chars(value.data(), value.data() + value.size(), out).ec != std::errc{})
        return std::nullopt;
    return out;
}

/// `1` and `1.0` are the same number, `"A"` and `"\u0041"` the same text.
bool same_value(json_kind kind, std::string_view value, std::string_view expected) {
    if (kind != json_kind_of(expected.front()))
        return false;
    if (kind == json_kind::number)
        return number_of(kind, value) == number_of(kind, expected);
    if (kind == json_kind::string)
        return unescape_json_string(value) == unescape_json_string(expected);
    return value == expected;
}

} // namespace

transition field_watch::evaluate(const field_condition& condition, json_kind kind, std::string_view value,
                                 steady_point at) {
    const auto holds = condition_holds(condition, kind, value, at);
    if (!holds)
        return transition::none;
    if (!*holds) {
        true_since_.reset();
        const bool was_carried_over = std::exchange(carried_over_, false);
        return std::exchange(raised_, false) || was_carried_over ? transition::cleared : transition::none;
    }
    if (!true_since_)
        true_since_ = at;
    return advance(condition, at);
}

void field_watch::replay(const field_condition& condition, json_kind kind, std::string_view value,
                         steady_point at) {
    const auto holds = condition_holds(condition, kind, value, at);
    if (!holds)
        return;
    if (!*holds)
        true_since_.reset();
    else if (!true_since_)
        true_since_ = at;
}

transition field_watch::advance(const field_condition& condition, steady_point now) noexcept {
    if (raised_ || !true_since_ || now - *true_since_ < condition.hold)
        return transition::none;
    raised_ = true;
    carried_over_ = false;
    return transition::raised;
}

/// Empty when the value decides neither way.
std::optional<bool> field_watch::condition_holds(const field_condition& condition, json_kind kind,
                                                 std::string_view value, steady_point at) {
    if (condition.test == field_test::changes_to) {
        newest_ = at;
        return same_value(kind, value, condition.value);
    }
    const auto number = number_of(kind, value);
    if (!number)
        return std::nullopt;
    const auto last_time = std::exchange(newest_, at);
    const auto last_value = std::exchange(last_value_, *number);
    const double slack = raised_ || carried_over_ ? condition.hysteresis : 0;
    switch (condition.test) {
    case field_test::above: return *number > condition.high - slack;
    case field_test::below: return *number < condition.low + slack;
    case field_test::outside: return *number > condition.high - slack || *number < condition.low + slack;
    case field_test::changes_faster:
        if (!last_time || !last_value || at <= *last_time)
            return std::nullopt;
        return std::abs(*number - *last_value) / minutes{at - *last_time}.count() > condition.high - slack;
    case field_test::changes_to: break;
    }
    return std::nullopt;
}

} // namespace breakwater::alerts
