#include "http/proxies.hpp"

#include "http/characters.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace breakwater::http {

namespace {

constexpr std::size_t mapped_bits = 96;

/// `address`, `address:port`, `[address]` or `[address]:port`, as the various proxies write it.
std::optional<ip_bytes> parse_entry(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        return end == std::string_view::npos ? std::nullopt : parse_ip(text.substr(1, end - 1));
    }
    if (std::ranges::count(text, ':') == 1)
        text = text.substr(0, text.find(':'));
    return parse_ip(text);
}

} // namespace

result<trusted_proxies> trusted_proxies::parse(const std::vector<std::string>& blocks) {
    trusted_proxies made;
    for (const std::string& text : blocks) {
        const auto refuse = [&text] {
            return fail(errc::invalid_input, "\"" + text + "\" is neither an address nor a CIDR block.");
        };
        const std::size_t slash = text.find('/');
        const auto network = parse_ip(std::string_view{text}.substr(0, slash));
        if (!network)
            return refuse();
        block& added = made.blocks_.emplace_back(block{.network = *network});
        if (slash == std::string::npos)
            continue;
        const bool four = text.find(':') == std::string::npos;
        const char* const end = text.data() + text.size();
        const auto [stop, failure] = std::from_chars(text.data() + slash + 1, end, added.bits);
        if (failure != std::errc{} || stop != end || added.bits > (four ? 32U : 128U))
            return refuse();
        if (four)
            added.bits += mapped_bits;
    }
    return made;
}

bool trusted_proxies::trust(const ip_bytes& address) const noexcept {
    return std::ranges::any_of(
        blocks_, [&address](const block& each) { return in_network(address, each.network, each.bits); });
}

void trusted_proxies::apply(request& asked) const {
    if (blocks_.empty())
        return;
    auto client = parse_ip(asked.client_address);
    if (!client || !trust(*client))
        return;

    bool looking = true;
    for (auto field = asked.headers.rbegin(); looking && field != asked.headers.rend(); ++field) {
        if (field->first != "x-forwarded-for")
            continue;
        std::string_view list = field->second;
        while (looking) {
            const std::size_t comma = list.rfind(',');
            const auto entry =
                parse_entry(trim(comma == std::string_view::npos ? list : list.substr(comma + 1)));
            if (entry)
                client = entry;
            looking = entry && trust(*entry);
            if (comma == std::string_view::npos)
                break;
            list = list.substr(0, comma);
        }
    }
    asked.client_address = format_ip(*client);

    // The last field is the nearest proxy's own word.
    for (auto field = asked.headers.rbegin(); field != asked.headers.rend(); ++field) {
        if (field->first == "x-forwarded-proto") {
            const std::string_view list = field->second;
            const std::size_t comma = list.rfind(',');
            asked.secure =
                equals_lower(trim(comma == std::string_view::npos ? list : list.substr(comma + 1)), "https");
            break;
        }
    }
}

} // namespace breakwater::http
