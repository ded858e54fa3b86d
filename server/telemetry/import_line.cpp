#include "telemetry/import_line.hpp"

#include "base/json_text.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace breakwater::telemetry {

namespace {

std::unexpected<error> invalid(std::string_view member, std::string_view problem) {
    return fail(errc::invalid_input, fmt::format("{} {}.", member, problem));
}

/// Nothing if the member is absent or null.
result<std::optional<timestamp>> time_of(const json_document& line, std::string_view name) {
    const auto* member = line.find(name);
    if (member == nullptr || member->kind == json_kind::null)
        return std::nullopt;
    const auto at = member->kind == json_kind::string
                        ? parse_lenient_time(unescape_json_string(line.value(*member)))
                    : member->kind == json_kind::number ? parse_unix_time(line.value(*member))
                                                        : std::nullopt;
    if (!at)
        return invalid(name, "must be an RFC 3339 date and time");
    return at;
}

} // namespace

result<void> check_message_id(std::string_view id) {
    const auto characters = std::ranges::count_if(
        id, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80; });
    const bool has_control = std::ranges::any_of(
        id, [](char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; });
    if (std::cmp_greater(characters, max_message_id_length) || has_control)
        return invalid("message_id",
                       fmt::format("must be one line of at most {} characters", max_message_id_length));
    return {};
}

result<import_row> read_import_line(std::string_view line) {
    const auto document = read_json(line);
    if (!document)
        return std::unexpected(document.error());
    if (document->kind != json_kind::object)
        return invalid("The line", "must be a JSON object");
    const auto* payload = document->find("payload");
    if (payload == nullptr || payload->kind != json_kind::object)
        return invalid("payload", "is required and must be a JSON object");
    if (payload->length > max_import_payload)
        return invalid("payload", fmt::format("has more than {} bytes", max_import_payload));
    import_row out;
    out.reading.payload = document->value(*payload);
    const auto measured = time_of(*document, "device_timestamp");
    if (!measured)
        return std::unexpected(measured.error());
    out.reading.device_timestamp = *measured;
    const auto arrived = time_of(*document, "received_at");
    if (!arrived)
        return std::unexpected(arrived.error());
    out.has_arrival = arrived->has_value();
    out.reading.received_at = arrived->value_or(timestamp{});
    if (const auto* simulated = document->find("simulated"); simulated != nullptr) {
        if (simulated->kind != json_kind::boolean)
            return invalid("simulated", "must be true or false");
        out.reading.simulated = document->value(*simulated) == "true";
    }
    if (const auto* message = document->find("message_id"); message != nullptr) {
        if (message->kind != json_kind::string)
            return invalid("message_id", "must be a string");
        out.reading.message_id = unescape_json_string(document->value(*message));
        if (auto checked = check_message_id(out.reading.message_id); !checked)
            return pass(std::move(checked));
    }
    if (const auto* device = document->find("device_id"); device != nullptr) {
        const auto id = device->kind == json_kind::string
                            ? uuid::parse(unescape_json_string(document->value(*device)))
                            : std::nullopt;
        if (!id)
            return invalid("device_id", "must be a UUID");
        out.reading.device_id = *id;
        out.has_device = true;
    }
    return out;
}

} // namespace breakwater::telemetry
