#include "telemetry/import_line.hpp"

#include "base/json_text.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace breakwater::telemetry {

namespace {

std::unexpected<error> wrong(std::string_view member, std::string_view what) {
    return fail(errc::invalid_input, fmt::format("{} {}.", member, what));
}

/// Nothing where the member is absent or null.
result<std::optional<timestamp>> time_of(const json_document& line, std::string_view name) {
    const auto* found = line.find(name);
    if (found == nullptr || found->kind == json_kind::null)
        return std::nullopt;
    const auto at = found->kind == json_kind::string
                        ? parse_lenient_time(unescape_json_string(line.value(*found)))
                    : found->kind == json_kind::number ? time_of_number(line.value(*found))
                                                       : std::nullopt;
    if (!at)
        return wrong(name, "must be an RFC 3339 date and time");
    return at;
}

} // namespace

result<void> check_message_id(std::string_view id) {
    const auto characters = std::ranges::count_if(
        id, [](char each) { return (static_cast<unsigned char>(each) & 0xc0U) != 0x80; });
    const bool is_line = std::ranges::none_of(
        id, [](char each) { return static_cast<unsigned char>(each) < 0x20 || each == 0x7f; });
    if (std::cmp_greater(characters, max_message_id_length) || !is_line)
        return wrong("message_id",
                     fmt::format("must be one line of at most {} characters", max_message_id_length));
    return {};
}

result<import_row> read_import_line(std::string_view line) {
    const auto read = read_json(line);
    if (!read)
        return std::unexpected(read.error());
    if (read->kind != json_kind::object)
        return wrong("The line", "must be a JSON object");
    const auto* payload = read->find("payload");
    if (payload == nullptr || payload->kind != json_kind::object)
        return wrong("payload", "must be there, and a JSON object");
    if (payload->length > max_import_payload)
        return wrong("payload", fmt::format("has more than {} bytes", max_import_payload));
    import_row out;
    out.what.payload = read->value(*payload);
    const auto measured = time_of(*read, "device_timestamp");
    if (!measured)
        return std::unexpected(measured.error());
    out.what.device_timestamp = *measured;
    const auto arrived = time_of(*read, "received_at");
    if (!arrived)
        return std::unexpected(arrived.error());
    out.has_arrival = arrived->has_value();
    out.what.received_at = arrived->value_or(timestamp{});
    if (const auto* simulated = read->find("simulated"); simulated != nullptr) {
        if (simulated->kind != json_kind::boolean)
            return wrong("simulated", "must be true or false");
        out.what.simulated = read->value(*simulated) == "true";
    }
    if (const auto* message = read->find("message_id"); message != nullptr) {
        if (message->kind != json_kind::string)
            return wrong("message_id", "must be text");
        out.what.message_id = unescape_json_string(read->value(*message));
        if (auto checked = check_message_id(out.what.message_id); !checked)
            return pass(std::move(checked));
    }
    if (const auto* device = read->find("device_id"); device != nullptr) {
        const auto id = device->kind == json_kind::string
                            ? uuid::parse(unescape_json_string(read->value(*device)))
                            : std::nullopt;
        if (!id)
            return wrong("device_id", "must be a UUID");
        out.what.device_id = *id;
        out.has_device = true;
    }
    return out;
}

} // namespace breakwater::telemetry
