#include "support/http_receiver.hpp"

#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace breakwater::test {

namespace {

/// Appends received bytes; false at the end.
bool receive_some(int socket, std::string& target) {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count <= 0)
        return false;
    target.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
}

} // namespace

std::string received_request::field(std::string_view name) const {
    for (const std::string& entry : fields)
        if (entry.size() > name.size() + 1 && entry[name.size()] == ':' &&
            ::strncasecmp(entry.c_str(), name.data(), name.size()) == 0)
            return entry.substr(entry.find_first_not_of(' ', name.size() + 1));
    return {};
}

std::string http_receiver::make_response(int status, std::string_view more_fields, std::string_view body) {
    std::string out = "HTTP/1.1 " + std::to_string(status) + " x\r\nConnection: close\r\n";
    out += more_fields;
    if (status != 204)
        out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return out.append("\r\n").append(body);
}

http_receiver::http_receiver(handler respond)
    : respond_{std::move(respond)}, listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, generic, &size) != 0)
        throw std::runtime_error{"the receiver can't listen"};
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { loop(); }};
}

http_receiver::~http_receiver() {
    ::shutdown(listener_, SHUT_RDWR); // ends accept()
    thread_.join();
    ::close(listener_);
    for (const int connection : open_)
        ::close(connection);
}

std::string http_receiver::url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string{path};
}

std::size_t http_receiver::connections() const {
    const std::lock_guard lock{mutex_};
    return connections_;
}

std::vector<received_request> http_receiver::requests() const {
    const std::lock_guard lock{mutex_};
    return requests_;
}

bool http_receiver::wait_for(std::size_t count) const {
    std::unique_lock lock{mutex_};
    return more_.wait_for(lock, std::chrono::seconds{20}, [&] { return requests_.size() >= count; });
}

void http_receiver::loop() {
    for (;;) {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0)
            return;
        {
            const std::lock_guard lock{mutex_};
            ++connections_;
        }
        serve(connection);
    }
}

void http_receiver::serve(int connection) {
    std::string bytes;
    while (!bytes.contains("\r\n\r\n"))
        if (!receive_some(connection, bytes) || bytes.front() < 'A') { // close connections that are not HTTP
            ::close(connection);
            return;
        }
    received_request request;
    std::size_t at = 0;
    for (std::size_t end = bytes.find("\r\n"); end != at; end = bytes.find("\r\n", at)) {
        (at == 0 ? request.line : request.fields.emplace_back()) = bytes.substr(at, end - at);
        at = end + 2;
    }
    request.body = bytes.substr(at + 2);
    const std::string length = request.field("Content-Length");
    while (!length.empty() && request.body.size() < std::stoul(length) &&
           receive_some(connection, request.body))
        ;
    const std::string response = respond_ ? respond_(request) : make_response(204);
    // Respond before recording the request, so that a test that waits for it finds the response sent.
    for (std::size_t sent = 0; sent < response.size();) {
        const ssize_t count =
            ::send(connection, response.data() + sent, response.size() - sent, MSG_NOSIGNAL);
        if (count <= 0)
            break;
        sent += static_cast<std::size_t>(count);
    }
    if (response.empty())
        open_.push_back(connection);
    else
        ::close(connection);
    const std::lock_guard lock{mutex_};
    requests_.push_back(std::move(request));
    more_.notify_all();
}

} // namespace breakwater::test
