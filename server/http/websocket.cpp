#include "http/websocket.hpp"

#include "http/characters.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace breakwater::http {

namespace {

bool contains(const std::optional<std::string>& list, std::string_view lower) noexcept {
    std::string_view rest = list ? std::string_view{*list} : std::string_view{};
    while (!rest.empty())
        if (equals_lower(next_element(rest), lower))
            return true;
    return false;
}

/// Whether `text` is 16 bytes in base64: 22 digits and the padding (RFC 4648 section 4).
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

std::optional<response> refuse_upgrade(const request& request) {
    constexpr std::string_view version = "13";
    if (!contains(request.list_header("upgrade"), "websocket") ||
        !contains(request.list_header("connection"), "upgrade") ||
        request.header("sec-websocket-version").value_or(version) != version) {
        auto refusal_response = problem(426, "This address accepts only WebSocket handshakes of version 13.");
        refusal_response.headers.emplace_back("Upgrade", "websocket");
        refusal_response.headers.emplace_back("Connection", "Upgrade");
        refusal_response.headers.emplace_back("Sec-WebSocket-Version", version);
        return refusal_response;
    }
    if (!request.header("sec-websocket-version") || !request.header("sec-websocket-key"))
        return problem(400, "The WebSocket handshake has no Sec-WebSocket-Version or no Sec-WebSocket-Key.");
    if (!is_key(*request.header("sec-websocket-key")))
        return problem(400, "Sec-WebSocket-Key must be 16 bytes in base64.");
    return std::nullopt;
}

} // namespace breakwater::http
