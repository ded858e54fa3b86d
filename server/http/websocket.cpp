#include "http/websocket.hpp"

#include "http/characters.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace breakwater::http {

namespace {

bool names(const std::optional<std::string>& list, std::string_view lower) noexcept {
    std::string_view rest = list ? std::string_view{*list} : std::string_view{};
    while (!rest.empty())
        if (equals_lower(next_element(rest), lower))
            return true;
    return false;
}

/// Sixteen bytes in base64: 22 digits and the padding (RFC 4648 section 4).
bool is_key(std::string_view text) noexcept {
    constexpr std::size_t digits = 22;
    const auto is_digit = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '/';
    };
    return text.size() == digits + 2 && text.ends_with("==") &&
           std::ranges::all_of(text.substr(0, digits), is_digit);
}

} // namespace

std::optional<response> refuse_upgrade(const request& asked) {
    constexpr std::string_view version = "13";
    if (!names(asked.list_header("upgrade"), "websocket") ||
        !names(asked.list_header("connection"), "upgrade") ||
        asked.header("sec-websocket-version").value_or(version) != version) {
        auto refused = problem(426, "Here a WebSocket of version 13 is spoken, and nothing else.");
        refused.headers.emplace_back("Upgrade", "websocket");
        refused.headers.emplace_back("Connection", "Upgrade");
        refused.headers.emplace_back("Sec-WebSocket-Version", version);
        return refused;
    }
    if (!asked.header("sec-websocket-version") || !asked.header("sec-websocket-key"))
        return problem(400, "The WebSocket's handshake is incomplete.");
    if (!is_key(*asked.header("sec-websocket-key")))
        return problem(400, "Sec-WebSocket-Key has to be 16 bytes in base64.");
    return std::nullopt;
}

} // namespace breakwater::http
