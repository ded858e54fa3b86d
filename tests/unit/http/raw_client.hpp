#pragma once

#include "support/byte_client.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace breakwater::test {

/// A response as received.
struct raw_response {
    int status = 0;                                  ///< 0: the connection ended without a response
    std::multimap<std::string, std::string> headers; ///< names in lower case
    std::string body;                                ///< decoded if it was chunked
    bool cut_off = false;                            ///< the connection ended before the end of the body

    [[nodiscard]] std::string header(const std::string& name) const {
        const auto field = headers.find(name);
        return field == headers.end() ? std::string{} : field->second;
    }
    [[nodiscard]] bool has(const std::string& name) const { return headers.contains(name); }
};

/// A client that sends exactly the given bytes and reads HTTP responses.
class raw_client : public byte_client {
public:
    explicit raw_client(std::uint16_t port) : byte_client{port} {}

    raw_response read_response(bool to_head = false) {
        raw_response response;
        const std::string head = read_until("\r\n\r\n");
        if (head.size() < 12)
            return response;
        response.status = std::atoi(head.c_str() + 9);
        for (std::size_t position = head.find("\r\n") + 2; position + 2 < head.size();) {
            const std::size_t end = head.find("\r\n", position);
            const std::size_t colon = head.find(':', position);
            std::string name = head.substr(position, colon - position);
            std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
            response.headers.emplace(name, head.substr(colon + 2, end - colon - 2));
            position = end + 2;
        }
        if (to_head || response.status == 204 || response.status == 304 || response.status == 100)
            return response;
        if (response.header("transfer-encoding") == "chunked") {
            for (;;) {
                const std::string size = read_until("\r\n");
                const std::size_t length = std::strtoul(size.c_str(), nullptr, 16);
                response.cut_off =
                    size.empty() || !read_bytes(length, response.body) || read_until("\r\n") != "\r\n";
                if (response.cut_off || length == 0)
                    return response;
            }
        }
        if (response.has("content-length"))
            response.cut_off = !read_bytes(std::stoul(response.header("content-length")), response.body);
        else
            response.body = read_all();
        return response;
    }

    /// Sends the bytes and reads one response.
    raw_response exchange(std::string_view bytes) {
        send(bytes);
        return read_response();
    }
};

} // namespace breakwater::test
