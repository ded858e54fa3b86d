#include "storage/blocks/latest_values.hpp"

#include "base/calendar.hpp"
#include "storage/blocks/bytes.hpp"
#include "storage/blocks/obsolete_names.hpp"

#include <utility>

namespace breakwater::storage::blocks {

namespace {

constexpr std::uint8_t version = 2;
constexpr std::uint8_t version_with_obsolete_names = 1; ///< see `is_obsolete_name`

} // namespace

void latest_values::put(latest_fields& target, const std::string& name, std::string_view value, timestamp at,
                        timestamp latest_plausible) {
    const auto rank = [latest_plausible](timestamp time) {
        return std::pair{time <= latest_plausible, time};
    };
    const auto entry = target.find(name);
    if (entry == target.end()) {
        if (target.size() < max_latest_fields)
            target.emplace(name, latest_value{std::string{value}, at});
    } else if (rank(at) >= rank(entry->second.measured_at)) {
        entry->second.value = value;
        entry->second.measured_at = at;
    }
}

void latest_values::add(const reading& added, payload_values& reader, timestamp latest_plausible) {
    const timestamp at = measured_at(added);
    latest_fields& kind = kinds_[added.simulated ? 1 : 0];
    reader.for_each(added.payload, [&](const std::string& name, std::string_view value) {
        put(kind, name, value, at, latest_plausible);
    });
}

void latest_values::merge(const latest_values& other, timestamp latest_plausible) {
    for (std::size_t kind = 0; kind < kinds_.size(); ++kind)
        for (const auto& [name, last] : other.kinds_[kind])
            put(kinds_[kind], name, last.value, last.measured_at, latest_plausible);
}

std::size_t latest_values::bytes() const noexcept {
    std::size_t sum = 0;
    for (const latest_fields& kind : kinds_)
        for (const auto& [name, last] : kind)
            sum += sizeof(latest_fields::value_type) + name.size() + last.value.size();
    return sum;
}

std::string latest_values::write() const {
    std::string out;
    put_byte(out, version);
    for (const latest_fields& kind : kinds_) {
        put_varint(out, kind.size());
        for (const auto& [name, last] : kind) {
            put_text(out, name);
            put_text(out, last.value);
            put_varint(out, zigzag(last.measured_at.time_since_epoch().count()));
        }
    }
    return out;
}

result<latest_values> latest_values::read(std::string_view bytes) {
    byte_source source{bytes};
    const std::uint8_t stored_version = source.byte();
    if (stored_version != version && stored_version != version_with_obsolete_names)
        source.fail();
    latest_values out;
    for (latest_fields& kind : out.kinds_) {
        for (std::size_t remaining = source.count(max_latest_fields); remaining > 0 && !source.failed();
             --remaining) {
            const std::string name{source.text()};
            const std::string_view value = source.text();
            const timestamp at{timestamp::duration{unzigzag(source.varint())}};
            if (!is_in_calendar(at))
                source.fail();
            if (stored_version == version || !is_obsolete_name(name))
                put(kind, name, value, at, timestamp::max());
        }
    }
    if (source.failed() || !source.at_end())
        return fail(errc::malformed, "The last values are damaged, or come from a newer version.");
    return out;
}

} // namespace breakwater::storage::blocks
