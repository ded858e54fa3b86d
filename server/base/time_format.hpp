#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

/// The time format of a foreign file. A value type; any thread may call its const members.
class time_format {
public:
    static constexpr std::size_t max_length = 100; ///< of a pattern, in bytes

    /// The formats of `parse_lenient_time`.
    time_format() = default;
    /// `spelling` is `seconds`, `milliseconds` or `microseconds` (since 1970), or a pattern with the strptime
    /// conversions (POSIX.1-2017) that std::chrono::parse supports: `%d.%m.%Y %H:%M`. `%S` accepts decimals,
    /// `%z` an offset; without an offset in the pattern, times are in `zone`. `invalid_input` with a sentence
    /// if the pattern is too long, has `%Z` or `%j`, or does not contain a full date.
    [[nodiscard]] static result<time_format> parse(std::string_view spelling, const time_zone& zone);

    /// Nothing if the text does not match, is outside the years 0001 to 9999, or is a local time that the
    /// zone's clocks skipped. For a local time that occurred twice, the first.
    [[nodiscard]] std::optional<timestamp> read(std::string_view text) const;

private:
    enum class kind : std::uint8_t { lenient, seconds, milliseconds, microseconds, pattern };

    kind kind_ = kind::lenient;
    std::string pattern_;
    bool has_offset_ = false;
    time_zone zone_;
};

} // namespace breakwater
