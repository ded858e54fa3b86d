#include "http/proxies.hpp"

#include "http/characters.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <string_view>

namespace breakwater::http {

namespace {

/// Parses `address`, `address:port`, `[address]` or `[address]:port`, the forms that proxies use.
std::optional<ip_bytes> parse_entry(std::string_view text) {
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
    trusted_proxies proxies;
    for (const std::string& text : blocks) {
        const auto network = parse_network(text);
        if (!network)
            return fail(errc::invalid_input, "\"" + text + "\" is neither an address nor a CIDR block.");
        proxies.blocks_.push_back(*network);
    }
    return proxies;
}

bool trusted_proxies::trust(const ip_bytes& address) const noexcept {
    return std::ranges::any_of(blocks_,
                               [&address](const ip_network& trusted) { return contains(trusted, address); });
}

trusted_proxies::claim trusted_proxies::from_x_forwarded(const request& request, const ip_bytes& peer) const {
    claim reported;
    bool is_searching = true;
    for (const auto& [name, list_text] : std::ranges::reverse_view(request.headers)) {
        const std::string_view list = list_text;
        const auto last_comma = list.rfind(',');
        // The last entry is from the nearest proxy.
        if (name == "x-forwarded-proto" && !reported.secure)
            reported.secure = equals_lower(
                trim(last_comma == std::string_view::npos ? list : list.substr(last_comma + 1)), "https");
        if (name != "x-forwarded-for")
            continue;
        reported.client = reported.client.value_or(peer);
        for (std::string_view remaining = list; is_searching;) {
            const std::size_t comma = remaining.rfind(',');
            const auto entry =
                parse_entry(trim(comma == std::string_view::npos ? remaining : remaining.substr(comma + 1)));
            if (entry)
                reported.client = entry;
            is_searching = entry && trust(*entry);
            if (comma == std::string_view::npos)
                break;
            remaining = remaining.substr(0, comma);
        }
    }
    return reported;
}

trusted_proxies::claim trusted_proxies::from_forwarded(std::span<const forwarded_element> elements,
                                                       const ip_bytes& peer) const {
    claim reported;
    if (!elements.empty() && elements.back().proto)
        reported.secure = equals_lower(*elements.back().proto, "https");
    if (std::ranges::none_of(elements, [](const auto& element) { return element.from.has_value(); }))
        return reported;
    reported.client = peer;
    for (const forwarded_element& element : elements | std::views::reverse) {
        // `unknown` and `_hidden` (RFC 7239 section 6) are not addresses.
        const auto entry = element.from ? parse_entry(*element.from) : std::nullopt;
        if (entry)
            reported.client = entry;
        if (!entry || !trust(*entry))
            break;
    }
    return reported;
}

verdict trusted_proxies::apply(request& request) const {
    if (blocks_.empty())
        return {};
    const auto peer = parse_ip(request.client_address);
    if (!peer || !trust(*peer))
        return {};
    std::vector<forwarded_element> elements;
    for (const auto& [name, value] : request.headers)
        if (name == "forwarded" && !read_forwarded(value, elements))
            return {400, "The Forwarded field is malformed."};
    const claim x_forwarded = from_x_forwarded(request, *peer);
    const claim forwarded = from_forwarded(elements, *peer);
    if (x_forwarded.client && forwarded.client && *x_forwarded.client != *forwarded.client)
        return {400, "Forwarded and X-Forwarded-For name different clients."};
    if (x_forwarded.secure && forwarded.secure && *x_forwarded.secure != *forwarded.secure)
        return {400, "Forwarded and X-Forwarded-Proto name different schemes."};
    request.client_address = format_ip(x_forwarded.client.value_or(forwarded.client.value_or(*peer)));
    request.secure = x_forwarded.secure.value_or(forwarded.secure.value_or(request.secure));
    return {};
}

} // namespace breakwater::http
