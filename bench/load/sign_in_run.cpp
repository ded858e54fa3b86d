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

/// One kept connection, a call at a time.
class caller {
public:
    explicit caller(const endpoint& to) : to_{to} {}
    caller(const caller&) = delete;
    caller& operator=(const caller&) = delete;
    ~caller() { close(); }

    /// The status; 0 where there is no answer.
    unsigned post(std::string_view target, std::string_view from, std::string_view body) {
        if (fd_ < 0 && !open())
            return 0;
        const std::string request = fmt::format(
            "POST {} HTTP/1.1\r\nHost: {}\r\nX-Forwarded-For: {}\r\nContent-Type: application/json\r\n"
            "Content-Length: {}\r\n\r\n{}",
            target, to_.host, from, body.size(), body);
        const unsigned status = exchange(request);
        if (status == 0 || !answer_.keeps_alive())
            close();
        return status;
    }

private:
    bool open() {
        constexpr timeval patience{.tv_sec = 30, .tv_usec = 0};
        const auto fd = connect_to(to_);
        fd_ = fd ? *fd : -1;
        return fd_ >= 0 && ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0;
    }
    void close() {
        if (fd_ >= 0)
            ::close(fd_);
        fd_ = -1;
    }
    unsigned exchange(std::string_view request) {
        while (!request.empty()) {
            const ssize_t taken = ::send(fd_, request.data(), request.size(), MSG_NOSIGNAL);
            if (taken <= 0)
                return 0;
            request.remove_prefix(static_cast<std::size_t>(taken));
        }
        answer_.reset();
        std::array<char, 8U << 10> buffer;
        for (;;) {
            const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
            if (got <= 0)
                return 0;
            switch (answer_.feed({buffer.data(), static_cast<std::size_t>(got)})) {
            case response_reader::state::incomplete: break;
            case response_reader::state::broken: return 0;
            case response_reader::state::complete: return answer_.status();
            }
        }
    }

    const endpoint& to_;
    int fd_ = -1;
    response_reader answer_;
};

std::string credentials(std::string_view email, std::string_view password) {
    return fmt::format(R"({{"email":"{}","password":"{}"}})", email, password);
}

} // namespace

sign_in_result run_sign_ins(const sign_in_options& chosen, const std::atomic<bool>& stop) {
    sign_in_result result;
    std::atomic<bool> over{false};
    std::atomic<std::uint64_t> flood_calls{0};
    std::vector<std::thread> flood;
    if (chosen.flood != sign_in_flood::none)
        for (unsigned i = 0; i < chosen.connections; ++i)
            flood.emplace_back([&, i] {
                caller client{chosen.to};
                const std::string_view target =
                    chosen.flood == sign_in_flood::sign_in ? "/auth/login" : "/auth/register";
                for (std::uint64_t n = 0; !over; ++n)
                    if (client.post(target, "203.0.113.66",
                                    credentials(fmt::format("{}-{}@example.com", i, n), "no common one")) !=
                        0)
                        ++flood_calls;
            });
    {
        caller client{chosen.to};
        const auto until = clock::now() + chosen.length;
        for (unsigned n = 0; clock::now() < until && !stop; ++n) {
            const std::string from = fmt::format("198.51.{}.{}", n / 250 % 250, n % 250 + 1);
            const auto before = clock::now();
            const unsigned status =
                client.post("/auth/login", from, credentials(chosen.email, chosen.password));
            result.latency.record(clock::now() - before);
            result.busy += status == 503 ? 1 : 0;
            result.wrong += status != 200 && status != 503 ? 1 : 0;
        }
    }
    over = true;
    for (std::thread& each : flood)
        each.join();
    result.flood_calls = flood_calls;
    return result;
}

} // namespace breakwater::bench
