#include "load/sign_in_run.hpp"

#include "load/response_reader.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

namespace breakwater::bench {

namespace {

using clock = std::chrono::steady_clock;

/// Sends one request at a time over a keep-alive connection.
class caller {
public:
    explicit caller(const endpoint& server) : server_{server} {}
    caller(const caller&) = delete;
    caller& operator=(const caller&) = delete;
    ~caller() { close(); }

    /// Returns the status; 0 without a response.
    unsigned post(std::string_view target, std::string_view source_address, std::string_view body) {
        if (fd_ < 0 && !open())
            return 0;
        const std::string request = fmt::format(
            "POST {} HTTP/1.1\r\nHost: {}\r\nX-Forwarded-For: {}\r\nContent-Type: application/json\r\n"
            "Content-Length: {}\r\n\r\n{}",
            target, server_.host, source_address, body.size(), body);
        const unsigned status = exchange(request);
        if (status == 0 || !response_.keeps_alive())
            close();
        return status;
    }

private:
    bool open() {
        constexpr timeval timeout{.tv_sec = 30, .tv_usec = 0};
        const auto fd = connect_to(server_);
        fd_ = fd ? *fd : -1;
        return fd_ >= 0 && ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0;
    }
    void close() {
        if (fd_ >= 0)
            ::close(fd_);
        fd_ = -1;
    }
    unsigned exchange(std::string_view request) {
        while (!request.empty()) {
            const ssize_t sent = ::send(fd_, request.data(), request.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return 0;
            request.remove_prefix(static_cast<std::size_t>(sent));
        }
        response_.reset();
        std::array<char, 8U << 10> buffer;
        for (;;) {
            const ssize_t received = ::recv(fd_, buffer.data(), buffer.size(), 0);
            if (received <= 0)
                return 0;
            switch (response_.feed({buffer.data(), static_cast<std::size_t>(received)})) {
            case response_reader::state::incomplete: break;
            case response_reader::state::broken: return 0;
            case response_reader::state::complete: return response_.status();
            }
        }
    }

    const endpoint& server_;
    int fd_ = -1;
    response_reader response_;
};

std::string credentials(std::string_view email, std::string_view password) {
    return fmt::format(R"({{"email":"{}","password":"{}"}})", email, password);
}

} // namespace

sign_in_result run_sign_ins(const sign_in_options& options, const std::atomic<bool>& stop) {
    sign_in_result result;
    std::atomic<bool> over{false};
    std::atomic<std::uint64_t> flood_calls{0};
    std::vector<std::thread> flood;
    if (options.flood != sign_in_flood::none)
        for (unsigned i = 0; i < options.connections; ++i)
            flood.emplace_back([&, i] {
                caller client{options.server};
                const std::string_view target =
                    options.flood == sign_in_flood::sign_in ? "/auth/login" : "/auth/register";
                for (std::uint64_t n = 0; !over; ++n)
                    if (client.post(target, "203.0.113.66",
                                    credentials(fmt::format("{}-{}@example.com", i, n), "no common one")) !=
                        0)
                        ++flood_calls;
            });
    {
        caller client{options.server};
        const auto until = clock::now() + options.length;
        for (unsigned n = 0; clock::now() < until && !stop; ++n) {
            const std::string address = fmt::format("198.51.{}.{}", n / 250 % 250, n % 250 + 1);
            const auto before = clock::now();
            const unsigned status =
                client.post("/auth/login", address, credentials(options.email, options.password));
            result.latency.record(clock::now() - before);
            result.busy += status == 503 ? 1 : 0;
            result.wrong += status != 200 && status != 503 ? 1 : 0;
        }
    }
    over = true;
    for (std::thread& thread : flood)
        thread.join();
    result.flood_calls = flood_calls;
    return result;
}

} // namespace breakwater::bench
