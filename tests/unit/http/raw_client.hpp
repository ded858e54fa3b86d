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

/// An answer as it came over the wire.
struct raw_answer {
    int status = 0;                                  ///< 0: the connection ended before there was one
    std::multimap<std::string, std::string> headers; ///< names in lower case
    std::string body;                                ///< chunks joined
    bool cut_off = false;                            ///< the connection ended within the body

    [[nodiscard]] std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    }
    [[nodiscard]] bool has(const std::string& name) const { return headers.contains(name); }
};

/// A client that says exactly the bytes it is told to. Gives up after ten seconds without any.
class raw_client {
public:
    explicit raw_client(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
        const timeval patience{.tv_sec = 10, .tv_usec = 0};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
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

    raw_answer read_answer(bool to_head = false) {
        raw_answer answer;
        const std::string head = take_until("\r\n\r\n");
        if (head.size() < 12)
            return answer;
        answer.status = std::atoi(head.c_str() + 9);
        for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
            const std::size_t end = head.find("\r\n", at);
            const std::size_t colon = head.find(':', at);
            std::string name = head.substr(at, colon - at);
            std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
            answer.headers.emplace(name, head.substr(colon + 2, end - colon - 2));
            at = end + 2;
        }
        if (to_head || answer.status == 204 || answer.status == 304 || answer.status == 100)
            return answer;
        if (answer.header("transfer-encoding") == "chunked") {
            for (;;) {
                const std::string size = take_until("\r\n");
                const std::size_t length = std::strtoul(size.c_str(), nullptr, 16);
                answer.cut_off = size.empty() || !take(length, answer.body) || take_until("\r\n") != "\r\n";
                if (answer.cut_off || length == 0)
                    return answer;
            }
        }
        if (answer.has("content-length"))
            answer.cut_off = !take(std::stoul(answer.header("content-length")), answer.body);
        else
            answer.body = read_all();
        return answer;
    }

    raw_answer ask(std::string_view bytes) {
        send(bytes);
        return read_answer();
    }

    /// Everything up to the end of the connection.
    std::string read_all() {
        while (fill()) {
        }
        return std::exchange(buffer_, {});
    }
    /// Whether the other side has closed, with nothing more to say.
    bool at_end() { return buffer_.empty() && !fill() && buffer_.empty(); }

protected:
    virtual ssize_t read_some(char* into, std::size_t size) { return ::recv(socket_, into, size, 0); }
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
    std::string take_until(std::string_view mark) {
        std::size_t at = buffer_.find(mark);
        while (at == std::string::npos && fill())
            at = buffer_.find(mark);
        if (at == std::string::npos)
            return {};
        std::string taken = buffer_.substr(0, at + mark.size());
        buffer_.erase(0, taken.size());
        return taken;
    }
    bool take(std::size_t length, std::string& into) {
        while (buffer_.size() < length && fill()) {
        }
        const bool whole = buffer_.size() >= length;
        into += buffer_.substr(0, length);
        buffer_.erase(0, std::min(length, buffer_.size()));
        return whole;
    }

    int socket_;
    bool connected_ = false;
    std::string buffer_;
};

} // namespace breakwater::test
