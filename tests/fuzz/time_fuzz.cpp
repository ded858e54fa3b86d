// Times and numbers as text: a parsed value keeps its spelling, and times stay in the calendar.

#include "base/calendar.hpp"
#include "base/time.hpp"
#include "fuzz.hpp"
#include "storage/blocks/spelled_number.hpp"

#include <string>

using namespace breakwater;
using namespace breakwater::storage::blocks;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::as_text(data, size);
    if (const auto at = parse_rfc3339(text)) {
        require(is_in_calendar(*at), "a parsed time is in the calendar");
        require(parse_rfc3339(format_rfc3339(*at)) == *at, "a time is unchanged");
    }
    const auto lenient = parse_lenient_time(text);
    if (const auto strict = parse_rfc3339(text))
        require(lenient == strict, "the lenient parser agrees with the strict one");
    for (const auto& at : {lenient, parse_unix_time(text)})
        require(!at || is_in_calendar(*at), "leniently parsed times are in the calendar");
    if (const auto number = read_number(text)) {
        std::string again;
        append_number(again, *number);
        require(again == text, "a number keeps its spelling");
    }
    (void)number_of(text);
    for (const bool sparse : {false, true})
        if (const auto time = read_time(text, sparse)) {
            require(is_time_style(time->style), "the style is valid");
            std::string again;
            append_time(again, *time);
            require(again == text, "a time keeps its spelling");
        }

    FuzzedDataProvider input{data, size};
    const timestamp any_time{timestamp::duration{input.ConsumeIntegral<std::int64_t>()}};
    const timestamp::duration offset{input.ConsumeIntegral<std::int64_t>()};
    require(parse_rfc3339(format_rfc3339(any_time)) == clamped_to_calendar(any_time),
            "any time has a spelling");
    require(is_in_calendar(shifted(any_time, offset)), "a shifted time is in the calendar");
    require(is_in_calendar(from_unix_seconds(offset.count())), "a time from seconds is in the calendar");
    return 0;
}
