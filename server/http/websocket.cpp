#include "http/websocket.hpp"

#include "http/characters.hpp"

#include <optional>

namespace breakwater::http {

namespace {

bool names(std::optional<std::string_view> list, std::string_view lower) noexcept {
    std::string_view rest = list.value_or(std::string_view{});
    while (!rest.empty())
        if (equals_lower(next_element(rest), lower))
            return true;
    return false;
}

} // namespace

std::optional<response> refuse_upgrade(const request& asked) {
    constexpr std::string_view version = "13";
    if (!names(asked.header("upgrade"), "websocket") || !names(asked.header("connection"), "upgrade") ||
        asked.header("sec-websocket-version").value_or(version) != version) {
        auto refused = problem(426, "Here a WebSocket of version 13 is spoken, and nothing else.");
        refused.headers.emplace_back("Upgrade", "websocket");
        refused.headers.emplace_back("Connection", "Upgrade");
        refused.headers.emplace_back("Sec-WebSocket-Version", version);
        return refused;
    }
    if (!asked.header("sec-websocket-version") || !asked.header("sec-websocket-key"))
        return problem(400, "The WebSocket's handshake is incomplete.");
    return std::nullopt;
}

} // namespace breakwater::http
