#include "support/http_client.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

namespace breakwater::test {

namespace {

bool same_name(std::string_view one, std::string_view other) {
    const auto lower = [](unsigned char letter) { return std::tolower(letter); };
    return std::ranges::equal(one, other, {}, lower, lower);
}

std::size_t parse_size(std::string_view digits, int base) {
    std::size_t value = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), value, base).ec != std::errc{})
        throw std::runtime_error{"not a length: " + std::string{digits}};
    return value;
}

} // namespace

std::string http_response::field(std::string_view name) const {
    const auto position =
        std::ranges::find_if(fields, [&](const auto& entry) { return same_name(entry.first, name); });
    return position == fields.end() ? std::string{} : position->second;
}

bool http_response::has(std::string_view name) const {
    return std::ranges::any_of(fields, [&](const auto& entry) { return same_name(entry.first, name); });
}

boost::json::value http_response::json() const {
    boost::system::error_code failed;
    boost::json::value parsed = boost::json::parse(body, failed);
    if (failed)
        throw std::runtime_error{"no JSON in the response " + std::to_string(status) + ": " +
                                 body.substr(0, 2000)};
    return parsed;
}

std::string http_response::text(std::string_view pointer) const {
    return std::string{json().at_pointer(pointer).as_string()};
}

std::int64_t http_response::number(std::string_view pointer) const {
    return json().at_pointer(pointer).to_number<std::int64_t>();
}

http_connection::http_connection(std::uint16_t port, std::chrono::seconds timeout)
    : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    const timeval limit{.tv_sec = timeout.count(), .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket_);
        throw connection_closed{"no connection to port " + std::to_string(port)};
    }
}

http_connection::~http_connection() {
    if (socket_ >= 0)
        ::close(socket_);
}

http_connection& http_connection::operator=(http_connection&& other) noexcept {
    std::swap(socket_, other.socket_);
    std::swap(unread_, other.unread_);
    return *this;
}

void http_connection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0)
            throw connection_closed{"closed while sending"};
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void http_connection::send_request(std::string_view method, std::string_view target,
                                   const http_fields& fields, std::optional<std::string_view> body) {
    std::string head;
    head.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
    const auto is_set = [&](std::string_view name) {
        return std::ranges::any_of(fields, [&](const auto& entry) { return same_name(entry.first, name); });
    };
    if (!is_set("Host"))
        head.append("Host: 127.0.0.1\r\n");
    for (const auto& [name, value] : fields)
        head.append(name).append(": ").append(value).append("\r\n");
    if (body && !is_set("Content-Length") && !is_set("Transfer-Encoding"))
        head.append("Content-Length: ").append(std::to_string(body->size())).append("\r\n");
    head.append("\r\n").append(body.value_or(std::string_view{}));
    send(head);
}

bool http_connection::fill() {
    char buffer[16'384];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        throw std::runtime_error{"timeout: the server sent nothing"};
    if (count <= 0)
        return false;
    unread_.append(buffer, static_cast<std::size_t>(count));
    return true;
}

http_response http_connection::receive(bool to_head) {
    const auto until = [this](std::string_view mark) {
        std::size_t at = 0;
        while ((at = unread_.find(mark)) == std::string::npos)
            if (!fill())
                throw connection_closed{"closed before the end of the response: " + unread_.substr(0, 200)};
        std::string part = unread_.substr(0, at);
        unread_.erase(0, at + mark.size());
        return part;
    };
    const auto exactly = [this](std::size_t size) {
        while (unread_.size() < size)
            if (!fill())
                throw connection_closed{"closed within the body of the response"};
        std::string part = unread_.substr(0, size);
        unread_.erase(0, size);
        return part;
    };

    http_response response;
    do {
        response = {};
        const std::string head = until("\r\n\r\n") + "\r\n";
        if (!head.starts_with("HTTP/1.1 ") || head.size() < 12)
            throw std::runtime_error{"not a response: " + head.substr(0, 200)};
        response.status = static_cast<int>(parse_size(std::string_view{head}.substr(9, 3), 10));
        std::size_t at = head.find("\r\n") + 2;
        while (at < head.size()) {
            const std::size_t end = head.find("\r\n", at);
            const std::size_t colon = head.find(':', at);
            if (colon >= end)
                throw std::runtime_error{"not a header field: " + head.substr(at, end - at)};
            const std::size_t value = std::min(head.find_first_not_of(' ', colon + 1), end);
            response.fields.emplace_back(head.substr(at, colon - at), head.substr(value, end - value));
            at = end + 2;
        }
    } while (response.status / 100 == 1 && response.status != 101);

    if (to_head || response.status == 204 || response.status == 304 || response.status == 101)
        return response;
    if (same_name(response.field("Transfer-Encoding"), "chunked")) {
        response.chunked = true;
        for (std::size_t size = 0; (size = parse_size(until("\r\n"), 16)) > 0;) {
            response.body += exactly(size);
            until("\r\n");
        }
        while (!until("\r\n").empty()) {
        }
    } else if (response.has("Content-Length")) {
        response.body = exactly(parse_size(response.field("Content-Length"), 10));
    } else {
        response.body = receive_all();
    }
    return response;
}

http_response http_connection::request(std::string_view method, std::string_view target,
                                       const http_fields& fields, std::optional<std::string_view> body) {
    send_request(method, target, fields, body);
    return receive(method == "HEAD");
}

void http_connection::finish_sending() const {
    ::shutdown(socket_, SHUT_WR);
}

std::string http_connection::receive_all() {
    while (fill()) {
    }
    return std::exchange(unread_, {});
}

bool http_connection::closes() {
    try {
        return unread_.empty() && !fill();
    } catch (const std::runtime_error&) {
        return false;
    }
}

std::string gunzip(std::string_view compressed) {
    z_stream stream{};
    if (::inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
        throw std::runtime_error{"no inflate"};
    std::string in{compressed};
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    std::string all;
    char buffer[16'384];
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(buffer);
        stream.avail_out = sizeof buffer;
        state = ::inflate(&stream, Z_NO_FLUSH);
        all.append(buffer, sizeof buffer - stream.avail_out);
    }
    ::inflateEnd(&stream);
    if (state != Z_STREAM_END)
        throw std::runtime_error{"incomplete gzip body"};
    return all;
}

} // namespace breakwater::test
