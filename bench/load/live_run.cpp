#include "load/live_run.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::bench {

namespace {

using wall_clock = std::chrono::system_clock;

constexpr std::string_view handshake_end = "\r\n\r\n";

/// A text frame of a client. The mask is all zeros, which is enough without a proxy in between.
std::string frame_of(std::string_view text) {
    std::string out{"\x81", 1};
    out += static_cast<char>(0x80 | (text.size() < 126 ? text.size() : 126));
    if (text.size() >= 126) {
        out += static_cast<char>(text.size() >> 8);
        out += static_cast<char>(text.size() & 0xff);
    }
    out.append(4, '\0');
    out += text;
    return out;
}

/// The offsets of a frame's payload and of its end.
struct frame {
    std::size_t payload = 0;
    std::size_t end = 0;
};
/// The first frame; empty if it is incomplete.
std::optional<frame> first_frame(std::string_view bytes) {
    if (bytes.size() < 2)
        return std::nullopt;
    const auto byte_at = [&](std::size_t n) {
        return static_cast<std::size_t>(static_cast<unsigned char>(bytes[n]));
    };
    std::size_t length = byte_at(1) & 0x7f;
    std::size_t header = 2;
    const std::size_t length_bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (bytes.size() < header + length_bytes)
        return std::nullopt;
    if (length_bytes != 0)
        length = 0;
    for (std::size_t n = 0; n < length_bytes; ++n)
        length = length << 8 | byte_at(header + n);
    header += length_bytes;
    if (bytes.size() < header + length)
        return std::nullopt;
    return frame{header, header + length};
}

std::size_t occurrences(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    const char* position = text.data();
    const char* const end = position + text.size();
    while ((position = static_cast<const char*>(::memmem(position, static_cast<std::size_t>(end - position),
                                                         part.data(), part.size()))) != nullptr) {
        ++count;
        position += part.size();
    }
    return count;
}

/// Parses `2026-01-15T12:00:00.123456Z`, with or without decimals.
std::optional<wall_clock::time_point> time_of(std::string_view text) {
    std::tm parts{};
    double seconds = 0;
    const std::string terminated{text.substr(0, text.find('"'))};
    if (std::sscanf(terminated.c_str(), "%d-%d-%dT%d:%d:%lf", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                    &parts.tm_hour, &parts.tm_min, &seconds) != 6)
        return std::nullopt;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    return wall_clock::from_time_t(::timegm(&parts)) +
           std::chrono::duration_cast<wall_clock::duration>(std::chrono::duration<double>{seconds});
}

class run {
public:
    run(const live_plan& plan, const std::atomic<bool>& stop) : plan_{plan}, stop_{stop} {}
    ~run() {
        for (const subscriber& client : subscribers_)
            ::close(client.fd);
        for (const int fd : stalled_)
            ::close(fd);
        if (epoll_ >= 0)
            ::close(epoll_);
    }
    run(const run&) = delete;
    run& operator=(const run&) = delete;

    live_result work() {
        epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
        subscribers_.resize(plan_.subscribers);
        for (subscriber& client : subscribers_)
            if (!open(client.fd, true))
                return std::move(result_);
        for (std::size_t n = 0; n < plan_.stalled; ++n)
            if (!open(stalled_.emplace_back(-1), false))
                return std::move(result_);
        for (subscriber& client : subscribers_) {
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.ptr = &client;
            ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client.fd, &event);
        }
        const auto start = std::chrono::steady_clock::now();
        count_from_ = start + plan_.warm_up;
        const auto end = count_from_ + plan_.duration;
        std::array<epoll_event, 256> events;
        while (!stop_ && std::chrono::steady_clock::now() < end) {
            const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
            for (int i = 0; i < ready; ++i)
                read(*static_cast<subscriber*>(events[static_cast<std::size_t>(i)].data.ptr));
        }
        result_.measured = std::chrono::steady_clock::now() - count_from_;
        return std::move(result_);
    }

private:
    struct subscriber {
        int fd = -1;
        std::string received;
    };

    bool open(int& fd, bool reads) {
        const auto connected = connect_to(plan_.server);
        if (!connected) {
            result_.first_problem = connected.error();
            return false;
        }
        fd = *connected;
        const std::string request =
            "GET " + plan_.server.target + " HTTP/1.1\r\nHost: " + plan_.server.host +
            "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        std::string response;
        if (!send_all(fd, request) || !read_response(fd, response) || !response.starts_with("HTTP/1.1 101")) {
            result_.first_problem = "Can't open a WebSocket: " + response.substr(0, response.find('\r'));
            return false;
        }
        if (!reads) { // a small receive buffer, which fills up soon
            const int small = 4096;
            ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        }
        if (!send_all(fd, frame_of(R"({"type":"hello","token":")" + plan_.token +
                                   R"(","subscriptions":[{"id":"all","all":true}]})"))) {
            result_.first_problem = "The server ended the connection before the hello.";
            return false;
        }
        ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
        return true;
    }

    static bool send_all(int fd, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    static bool read_response(int fd, std::string& response) {
        char byte = 0;
        while (!response.ends_with(handshake_end) && response.size() < 8192) {
            if (::recv(fd, &byte, 1, 0) != 1)
                return false;
            response += byte;
        }
        return response.ends_with(handshake_end);
    }

    void read(subscriber& client) {
        const ssize_t count = ::recv(client.fd, buffer_.data(), buffer_.size(), 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (count <= 0) {
            ++result_.ended;
            ::epoll_ctl(epoll_, EPOLL_CTL_DEL, client.fd, nullptr);
            return;
        }
        client.received.append(buffer_.data(), static_cast<std::size_t>(count));
        std::size_t parsed = 0;
        while (const auto next = first_frame(std::string_view{client.received}.substr(parsed))) {
            if (client.received[parsed] == '\x89') // a ping; the server closes a connection without a pong
                (void)send_all(client.fd, std::string_view{"\x8a\x80\0\0\0\0", 6});
            else
                count_message(std::string_view{client.received}.substr(parsed + next->payload,
                                                                       next->end - next->payload));
            parsed += next->end;
        }
        client.received.erase(0, parsed);
    }

    void count_message(std::string_view message) {
        if (std::chrono::steady_clock::now() < count_from_)
            return;
        ++result_.messages;
        if (message.starts_with(R"({"type":"gap")"))
            ++result_.gaps;
        if (!message.starts_with(R"({"type":"events")"))
            return;
        result_.deliveries += occurrences(message, R"({"type":"reading")");
        constexpr std::string_view name = R"("received_at":")";
        if (const auto position = message.find(name); position != message.npos)
            if (const auto received_at = time_of(message.substr(position + name.size(), 32)))
                result_.delays.record(wall_clock::now() - *received_at);
    }

    const live_plan& plan_;
    const std::atomic<bool>& stop_;
    live_result result_;
    int epoll_ = -1;
    std::vector<subscriber> subscribers_;
    std::vector<int> stalled_;
    std::chrono::steady_clock::time_point count_from_;
    std::array<char, 256U << 10> buffer_;
};

} // namespace

live_result run_live(const live_plan& plan, const std::atomic<bool>& stop) {
    const auto work = std::make_unique<run>(plan, stop); // its buffer is large
    return work->work();
}

} // namespace breakwater::bench
