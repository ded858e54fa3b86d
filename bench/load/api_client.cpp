#include "load/api_client.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

namespace breakwater::bench {

namespace {

constexpr int max_attempts = 20;
constexpr timeval socket_timeout{.tv_sec = 30, .tv_usec = 0};

} // namespace

std::string http_request(std::string_view method, std::string_view host, std::string_view target,
                         std::string_view token, std::string_view body) {
    std::string out =
        fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: breakwater-load\r\n", method, target, host);
    if (!token.empty())
        out += fmt::format("Authorization: Bearer {}\r\n", token);
    if (!body.empty())
        out += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
    else if (method != "GET")
        out += "Content-Length: 0\r\n";
    out += "\r\n";
    out += body;
    return out;
}

api_client::~api_client() {
    close();
}

void api_client::close() {
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

std::expected<void, std::string> api_client::exchange(const std::string& request) {
    if (fd_ < 0) {
        const auto fd = connect_to(server_);
        if (!fd)
            return std::unexpected(fd.error());
        fd_ = *fd;
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &socket_timeout, sizeof socket_timeout);
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &socket_timeout, sizeof socket_timeout);
    }
    for (std::size_t sent = 0; sent < request.size();) {
        const ssize_t count = ::send(fd_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (count <= 0)
            return std::unexpected("The request could not be sent.");
        sent += static_cast<std::size_t>(count);
    }
    response_.reset();
    std::array<char, 16U << 10> buffer;
    while (true) {
        const ssize_t received = ::recv(fd_, buffer.data(), buffer.size(), 0);
        if (received <= 0)
            return std::unexpected("The server closed the connection, or did not respond for 30 seconds.");
        switch (response_.feed({buffer.data(), static_cast<std::size_t>(received)})) {
        case response_reader::state::incomplete: break;
        case response_reader::state::broken:
            return std::unexpected("The server did not send one HTTP/1.1 response with a known end.");
        case response_reader::state::complete: return {};
        }
    }
}

std::expected<std::string, std::string> api_client::call(std::string_view method, std::string_view target,
                                                         std::string_view token, std::string_view body) {
    const std::string request = http_request(method, server_.host, target, token, body);
    for (int attempt = 1;; ++attempt) {
        const auto done = exchange(request);
        if (!done || !response_.keeps_alive())
            close();
        if (!done)
            return std::unexpected(done.error());
        const unsigned status = response_.status();
        if (status >= 200 && status < 300)
            return std::string{response_.body()};
        if ((status != 429 && status != 503) || attempt == max_attempts)
            return std::unexpected(fmt::format("{} {} returned {}: {}", method, target, status,
                                               response_.body().substr(0, 300)));
        std::this_thread::sleep_for(std::chrono::seconds{std::clamp(response_.retry_after(), 1U, 5U)});
    }
}

} // namespace breakwater::bench
