// Times and numbers as texts.

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
        require(is_in_calendar(*at), "a time that is read is in the calendar");
        require(parse_rfc3339(format_rfc3339(*at)) == *at, "and comes back");
    }
    const auto lenient = parse_lenient_time(text);
    if (const auto strict = parse_rfc3339(text))
        require(lenient == strict, "the lenient reader agrees with the strict one");
    for (const auto& at : {lenient, time_of_number(text)})
        require(!at || is_in_calendar(*at), "leniency doesn't leave the calendar");
    if (const auto number = read_number(text)) {
        std::string again;
        append_number(again, *number);
        require(again == text, "a number that is taken apart is put together again");
    }
    (void)number_of(text);
    for (const bool sparse : {false, true})
        if (const auto time = read_time(text, sparse)) {
            require(is_time_style(time->style), "styles are known");
            std::string again;
            append_time(again, *time);
            require(again == text, "a time that is taken apart is put together again");
        }

    FuzzedDataProvider input{data, size};
    const timestamp any{timestamp::duration{input.ConsumeIntegral<std::int64_t>()}};
    const timestamp::duration by{input.ConsumeIntegral<std::int64_t>()};
    require(parse_rfc3339(format_rfc3339(any)) == clamped_to_calendar(any), "any time has a spelling");
    require(is_in_calendar(shifted(any, by)), "no shift leaves the calendar");
    require(is_in_calendar(from_unix_seconds(by.count())), "nor does any number of seconds");
    return 0;
}
