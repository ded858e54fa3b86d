#include "http/percent.hpp"

// Defines the functions of Boost.URL. No other source of the server uses it.
#include <boost/url/src.hpp>

#include <cstdint>

namespace breakwater::http {

bool is_utf8(std::string_view text) noexcept {
    const std::size_t size = text.size();
    for (std::size_t i = 0; i < size;) {
        const auto lead = static_cast<std::uint8_t>(text[i]);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        std::size_t tail = 0;
        std::uint8_t low = 0x80;
        std::uint8_t high = 0xbf;
        if (lead >= 0xc2 && lead <= 0xdf) {
            tail = 1;
        } else if (lead >= 0xe0 && lead <= 0xef) {
            tail = 2;
            low = lead == 0xe0 ? 0xa0 : 0x80;
            high = lead == 0xed ? 0x9f : 0xbf;
        } else if (lead >= 0xf0 && lead <= 0xf4) {
            tail = 3;
            low = lead == 0xf0 ? 0x90 : 0x80;
            high = lead == 0xf4 ? 0x8f : 0xbf;
        } else {
            return false;
        }
        if (size - i <= tail)
            return false;
        for (std::size_t k = 1; k <= tail; ++k) {
            const auto byte = static_cast<std::uint8_t>(text[i + k]);
            if (byte < low || byte > high)
                return false;
            low = 0x80;
            high = 0xbf;
        }
        i += tail + 1;
    }
    return true;
}

bool percent_decode(std::string_view text, std::string& out, bool plus_is_space) {
    const auto encoded = boost::urls::make_pct_string_view(text);
    if (!encoded)
        return false;
    boost::urls::encoding_opts options;
    options.space_as_plus = plus_is_space;
    encoded->decode(options, boost::urls::string_token::append_to(out));
    return true;
}

} // namespace breakwater::http
