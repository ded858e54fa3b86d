#include "telemetry/fleet_range.hpp"

#include "base/integer.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::telemetry {

std::optional<export_position> parse_export_position(std::string_view text) {
    const std::size_t first = text.find('/');
    const std::size_t second = first == text.npos ? first : text.find('/', first + 1);
    if (second == text.npos)
        return std::nullopt;
    const auto device = uuid::parse(text.substr(0, first));
    const auto received = parse_rfc3339(text.substr(first + 1, second - first - 1));
    const auto id = parse_integer(text.substr(second + 1));
    if (!device || !received || !id)
        return std::nullopt;
    return export_position{*device, {*received, *id}};
}

result<page_source> fleet_range(std::vector<device_id> devices, storage::reading_filter filter,
                                std::optional<export_position> from, device_pages pages) {
    if (from) {
        const auto start = std::ranges::find(devices, from->device);
        if (start == devices.end())
            return fail(errc::invalid_input,
                        "The position must be that of a line of this export: the device is not part of it.");
        devices.erase(devices.begin(), start);
    }
    return page_source{
        [devices = std::move(devices), filter = std::move(filter), from, pages = std::move(pages),
         current = std::size_t{0}](
            std::optional<storage::reading_position> after) mutable -> result<std::vector<reading>> {
            if (!after) {
                current = 0;
                if (from)
                    after = from->reading;
            }
            for (; current < devices.size(); ++current) {
                filter.device_id = devices[current];
                auto page = pages(filter, after);
                if (!page || !page->empty())
                    return page;
                after.reset();
            }
            return std::vector<reading>{};
        }};
}

} // namespace breakwater::telemetry
