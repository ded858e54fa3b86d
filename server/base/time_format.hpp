#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

/// How a file from elsewhere spells its times. A value; any thread may call.
class time_format {
public:
    static constexpr std::size_t max_length = 100; ///< of a pattern, in bytes

    /// What `parse_lenient_time` takes.
    time_format() = default;
    /// `spelling` is one of: `seconds`, `milliseconds`, `microseconds` since 1970; or a pattern in the
    /// letters of strptime (POSIX.1-2017) as far as std::chrono::parse has them: `%d.%m.%Y %H:%M`. `%S` takes
    /// decimals, `%z` an offset; where the pattern has none, the time is one of `zone`. `invalid_input` with
    /// a sentence where the pattern doesn't tell a day.
    [[nodiscard]] static result<time_format> of(std::string_view spelling, const time_zone& zone);

    /// Nothing where the text isn't spelled so, is outside the years 0001 to 9999, or tells a local time that
    /// the zone's clocks skipped. Of one that they went through twice, the first.
    [[nodiscard]] std::optional<timestamp> read(std::string_view text) const;

private:
    enum class kind : std::uint8_t { lenient, seconds, milliseconds, microseconds, pattern };

    kind kind_ = kind::lenient;
    std::string pattern_;
    bool has_offset_ = false;
    time_zone zone_;
};

} // namespace breakwater
