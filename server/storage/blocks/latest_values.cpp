#include "storage/blocks/latest_values.hpp"

#include "base/calendar.hpp"
#include "storage/blocks/bytes.hpp"
#include "storage/blocks/loose_names.hpp"

#include <utility>

namespace breakwater::storage::blocks {

namespace {

constexpr std::uint8_t version = 2;
constexpr std::uint8_t version_of_loose_names = 1; ///< see `is_loose`

} // namespace

void latest_values::put(latest_fields& to, const std::string& name, std::string_view value, timestamp at,
                        timestamp believed) {
    const auto rank = [believed](timestamp when) { return std::pair{when <= believed, when}; };
    auto found = to.find(name);
    if (found == to.end()) {
        if (to.size() == max_latest_fields)
            return;
        found = to.emplace(name, latest_value{std::string{value}, at}).first;
    } else if (rank(at) >= rank(found->second.measured_at)) {
        found->second.value = value;
        found->second.measured_at = at;
    }
}

void latest_values::add(const reading& from, payload_values& reader, timestamp believed) {
    const timestamp at = measured_at(from);
    latest_fields& kind = kinds_[from.simulated ? 1 : 0];
    reader.each(from.payload, [&](const std::string& name, std::string_view value) {
        put(kind, name, value, at, believed);
    });
}

void latest_values::merge(const latest_values& other, timestamp believed) {
    for (std::size_t kind = 0; kind < kinds_.size(); ++kind)
        for (const auto& [name, last] : other.kinds_[kind])
            put(kinds_[kind], name, last.value, last.measured_at, believed);
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
    byte_source from{bytes};
    const std::uint8_t its_version = from.byte();
    if (its_version != version && its_version != version_of_loose_names)
        from.fail();
    latest_values out;
    for (latest_fields& kind : out.kinds_) {
        for (std::size_t left = from.count(max_latest_fields); left > 0 && !from.failed(); --left) {
            const std::string name{from.text()};
            const std::string_view value = from.text();
            const timestamp at{timestamp::duration{unzigzag(from.varint())}};
            if (!is_in_calendar(at))
                from.fail();
            if (its_version == version || !is_loose(name))
                put(kind, name, value, at, timestamp::max());
        }
    }
    if (from.failed() || !from.at_end())
        return fail(errc::malformed, "The last values are damaged, or come from a newer version.");
    return out;
}

} // namespace breakwater::storage::blocks
