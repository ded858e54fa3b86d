#include "base/ids.hpp"

#include "base/encoding.hpp"

#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>
#include <cstddef>

namespace breakwater {

namespace {

constexpr std::size_t text_length = 36;

constexpr bool hyphen_at(std::size_t position) {
    return position == 8 || position == 13 || position == 18 || position == 23;
}

} // namespace

uuid uuid::random(random_source& source) {
    uuid id;
    source.fill(id.bytes);
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x40);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

std::optional<uuid> uuid::parse(std::string_view text) {
    if (text.size() != text_length)
        return std::nullopt;
    uuid id;
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (hyphen_at(i)) {
            if (text[i] != '-')
                return std::nullopt;
            continue;
        }
        const int value = hex_value(text[i]);
        if (value < 0)
            return std::nullopt;
        auto& byte = id.bytes[nibble / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
        ++nibble;
    }
    return id;
}

void uuid::append_to(std::string& out) const {
    boost::uuids::uuid id{};
    std::ranges::copy(bytes, id.begin());
    const std::size_t begin = out.size();
    out.resize(begin + text_length);
    boost::uuids::to_chars(id, out.data() + begin, out.data() + out.size());
}

std::string uuid::to_string() const {
    std::string out;
    append_to(out);
    return out;
}

} // namespace breakwater
