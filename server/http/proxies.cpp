#include "http/proxies.hpp"

#include "http/characters.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <ranges>
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

trusted_proxies::claim trusted_proxies::of_x_forwarded(const request& asked, const ip_bytes& peer) const {
    claim said;
    bool looking = true;
    for (const auto& [name, list_text] : std::ranges::reverse_view(asked.headers)) {
        const std::string_view list = list_text;
        const auto last_comma = list.rfind(',');
        // The last one is the nearest proxy's own word.
        if (name == "x-forwarded-proto" && !said.secure)
            said.secure = equals_lower(
                trim(last_comma == std::string_view::npos ? list : list.substr(last_comma + 1)), "https");
        if (name != "x-forwarded-for")
            continue;
        said.client = said.client.value_or(peer);
        for (std::string_view left = list; looking;) {
            const std::size_t comma = left.rfind(',');
            const auto entry =
                parse_entry(trim(comma == std::string_view::npos ? left : left.substr(comma + 1)));
            if (entry)
                said.client = entry;
            looking = entry && trust(*entry);
            if (comma == std::string_view::npos)
                break;
            left = left.substr(0, comma);
        }
    }
    return said;
}

trusted_proxies::claim trusted_proxies::of_forwarded(std::span<const forwarded_element> elements,
                                                     const ip_bytes& peer) const {
    claim said;
    if (!elements.empty() && elements.back().proto)
        said.secure = equals_lower(*elements.back().proto, "https");
    if (std::ranges::none_of(elements, [](const auto& element) { return element.from.has_value(); }))
        return said;
    said.client = peer;
    for (const forwarded_element& element : elements | std::views::reverse) {
        // `unknown` and `_hidden` (RFC 7239 section 6) are no addresses.
        const auto entry = element.from ? parse_entry(*element.from) : std::nullopt;
        if (entry)
            said.client = entry;
        if (!entry || !trust(*entry))
            break;
    }
    return said;
}

verdict trusted_proxies::apply(request& asked) const {
    if (blocks_.empty())
        return {};
    const auto peer = parse_ip(asked.client_address);
    if (!peer || !trust(*peer))
        return {};
    std::vector<forwarded_element> elements;
    for (const auto& [name, value] : asked.headers)
        if (name == "forwarded" && !read_forwarded(value, elements))
            return {400, "The Forwarded field is malformed."};
    const claim older = of_x_forwarded(asked, *peer);
    const claim newer = of_forwarded(elements, *peer);
    if (older.client && newer.client && *older.client != *newer.client)
        return {400, "Forwarded and X-Forwarded-For name different clients."};
    if (older.secure && newer.secure && *older.secure != *newer.secure)
        return {400, "Forwarded and X-Forwarded-Proto name different schemes."};
    asked.client_address = format_ip(older.client.value_or(newer.client.value_or(*peer)));
    asked.secure = older.secure.value_or(newer.secure.value_or(asked.secure));
    return {};
}

} // namespace breakwater::http
