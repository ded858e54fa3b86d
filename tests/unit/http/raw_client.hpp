#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>

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

/// A client that sends exactly the given bytes. A read times out after ten seconds without input.
class raw_client {
public:
    explicit raw_client(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
        const timeval timeout{.tv_sec = 10, .tv_usec = 0};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    virtual ~raw_client() { hang_up(); }
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }
    [[nodiscard]] int descriptor() const { return socket_; }
    void hang_up() {
        if (socket_ >= 0)
            ::close(std::exchange(socket_, -1));
    }
    void finish_sending() { ::shutdown(socket_, SHUT_WR); }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto count = write_some(bytes);
            if (count <= 0)
                return;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }

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

    /// Reads everything up to the end of the connection.
    std::string read_all() {
        while (fill()) {
        }
        return std::exchange(buffer_, {});
    }
    /// Whether the server has closed the connection and no bytes are left to read.
    bool at_end() { return buffer_.empty() && !fill() && buffer_.empty(); }

protected:
    virtual ssize_t read_some(char* out, std::size_t size) { return ::recv(socket_, out, size, 0); }
    virtual ssize_t write_some(std::string_view bytes) {
        return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

private:
    bool fill() {
        std::array<char, 16384> piece{};
        const auto count = read_some(piece.data(), piece.size());
        if (count <= 0)
            return false;
        buffer_.append(piece.data(), static_cast<std::size_t>(count));
        return true;
    }
    std::string read_until(std::string_view delimiter) {
        std::size_t position = buffer_.find(delimiter);
        while (position == std::string::npos && fill())
            position = buffer_.find(delimiter);
        if (position == std::string::npos)
            return {};
        std::string text = buffer_.substr(0, position + delimiter.size());
        buffer_.erase(0, text.size());
        return text;
    }
    bool read_bytes(std::size_t length, std::string& out) {
        while (buffer_.size() < length && fill()) {
        }
        const bool complete = buffer_.size() >= length;
        out += buffer_.substr(0, length);
        buffer_.erase(0, std::min(length, buffer_.size()));
        return complete;
    }

    int socket_;
    bool connected_ = false;
    std::string buffer_;
};

} // namespace breakwater::test
