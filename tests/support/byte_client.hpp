#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace breakwater::test {

/// A TCP client that sends exactly the given bytes. A read times out after ten seconds without input.
class byte_client {
public:
    /// Connects to the loopback interface.
    explicit byte_client(std::uint16_t port) : byte_client{port, htonl(INADDR_LOOPBACK)} {}
    /// Connects from an IPv4 address of this machine to the same address.
    byte_client(std::uint16_t port, in_addr_t host) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
        const timeval timeout{.tv_sec = 10, .tv_usec = 0};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = host;
        connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    virtual ~byte_client() { hang_up(); }
    byte_client(const byte_client&) = delete;
    byte_client& operator=(const byte_client&) = delete;

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

    /// Reads up to and including the delimiter; returns nothing if the connection ends before.
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
    /// Appends that many bytes to `out`, or fewer and returns false.
    bool read_bytes(std::size_t length, std::string& out) {
        while (buffer_.size() < length && fill()) {
        }
        const bool complete = buffer_.size() >= length;
        out += buffer_.substr(0, length);
        buffer_.erase(0, std::min(length, buffer_.size()));
        return complete;
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

    int socket_;
    bool connected_ = false;
    std::string buffer_;
};

} // namespace breakwater::test
