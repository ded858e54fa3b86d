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
bool same_value(json_kind kind, std::string_view value, std::string_view wanted) {
    if (kind != json_kind_of(wanted.front()))
        return false;
    if (kind == json_kind::number)
        return number_of(kind, value) == number_of(kind, wanted);
    if (kind == json_kind::string)
        return unescape_json_string(value) == unescape_json_string(wanted);
    return value == wanted;
}

} // namespace

turn field_watch::take(const field_condition& rule, json_kind kind, std::string_view value, steady_point at) {
    const auto holds = judge(rule, kind, value, at);
    if (!holds)
        return turn::none;
    if (!*holds) {
        true_since_.reset();
        const bool stood = std::exchange(stands_, false);
        return std::exchange(raised_, false) || stood ? turn::cleared : turn::none;
    }
    if (!true_since_)
        true_since_ = at;
    return pass(rule, at);
}

void field_watch::recall(const field_condition& rule, json_kind kind, std::string_view value,
                         steady_point at) {
    const auto holds = judge(rule, kind, value, at);
    if (!holds)
        return;
    if (!*holds)
        true_since_.reset();
    else if (!true_since_)
        true_since_ = at;
}

turn field_watch::pass(const field_condition& rule, steady_point now) noexcept {
    if (raised_ || !true_since_ || now - *true_since_ < rule.hold)
        return turn::none;
    raised_ = true;
    stands_ = false;
    return turn::raised;
}

/// Nothing where the value tells neither way.
std::optional<bool> field_watch::judge(const field_condition& rule, json_kind kind, std::string_view value,
                                       steady_point at) {
    if (rule.test == field_test::changes_to) {
        newest_ = at;
        return same_value(kind, value, rule.value);
    }
    const auto number = number_of(kind, value);
    if (!number)
        return std::nullopt;
    const auto before = std::exchange(newest_, at);
    const auto last = std::exchange(last_, *number);
    const double slack = raised_ || stands_ ? rule.hysteresis : 0;
    switch (rule.test) {
    case field_test::above: return *number > rule.high - slack;
    case field_test::below: return *number < rule.low + slack;
    case field_test::outside: return *number > rule.high - slack || *number < rule.low + slack;
    case field_test::changes_faster:
        if (!before || !last || at <= *before)
            return std::nullopt;
        return std::abs(*number - *last) / minutes{at - *before}.count() > rule.high - slack;
    case field_test::changes_to: break;
    }
    return std::nullopt;
}

} // namespace breakwater::alerts
