#pragma once

#include "support/temp_folder.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace breakwater::test {

/// Passes connections on to a PostgreSQL server, and can cut one at a COMMIT.
class cutting_proxy {
public:
    enum class cut : std::uint8_t {
        nowhere,
        before_commit, ///< the server doesn't receive the COMMIT
        after_commit   ///< the server commits, and the client doesn't receive the answer
    };

    /// `server_folder`: with the server's socket.
    explicit cutting_proxy(const std::filesystem::path& server_folder)
        : server_{server_folder / socket_name}, listener_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        const sockaddr_un address = address_of(folder_ / socket_name);
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            ::listen(listener_, 8) != 0)
            throw std::runtime_error{"the proxy can't listen"};
        thread_ = std::thread{[this] { run(); }};
    }
    ~cutting_proxy() {
        stopping_ = true;
        thread_.join();
        ::close(listener_);
    }
    cutting_proxy(const cutting_proxy&) = delete;
    cutting_proxy& operator=(const cutting_proxy&) = delete;

    /// The folder with the proxy's socket: `host` of a connection string.
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_.path(); }
    /// Cuts the connection at the next COMMIT, and then accepts no other until `accept_connections`.
    void cut_next(cut where) { next_cut_ = where; }
    void accept_connections() { refusing_ = false; }
    /// Passes nothing on until `resume`, and closes nothing: as if the network swallowed everything.
    void pause() {
        paused_ = true;
        while (!resting_)
            std::this_thread::yield();
    }
    void resume() { paused_ = false; }
    /// As if the cut connection could be replaced at once.
    void stay_reachable() { refuses_after_cut_ = false; }

private:
    static constexpr const char* socket_name = ".s.PGSQL.5432";
    struct pair {
        int client;
        int server;
    };

    static sockaddr_un address_of(const std::filesystem::path& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        return address;
    }

    void run() {
        while (!stopping_) {
            resting_ = paused_.load();
            if (resting_) {
                std::this_thread::sleep_for(std::chrono::milliseconds{1});
                continue;
            }
            std::vector<pollfd> watched{{.fd = listener_, .events = POLLIN, .revents = 0}};
            for (const pair& connection : pairs_) {
                watched.push_back({.fd = connection.client, .events = POLLIN, .revents = 0});
                watched.push_back({.fd = connection.server, .events = POLLIN, .revents = 0});
            }
            if (::poll(watched.data(), watched.size(), 20) <= 0)
                continue;
            std::vector<pair> open;
            for (std::size_t i = 0; i < pairs_.size(); ++i) {
                const bool stays = (watched[1 + 2 * i].revents == 0 || pass_on(pairs_[i], true)) &&
                                   (watched[2 + 2 * i].revents == 0 || pass_on(pairs_[i], false));
                if (stays) {
                    open.push_back(pairs_[i]);
                } else {
                    ::close(pairs_[i].client);
                    ::close(pairs_[i].server);
                }
            }
            pairs_ = std::move(open);
            if (watched[0].revents != 0)
                accept_one();
        }
        for (const pair& connection : pairs_) {
            ::close(connection.client);
            ::close(connection.server);
        }
    }

    void accept_one() {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_un address = address_of(server_);
        if (refusing_ ||
            ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(client);
            ::close(server);
            return;
        }
        pairs_.push_back({client, server});
    }

    /// False: the connection ends.
    bool pass_on(const pair& connection, bool to_server) {
        std::array<char, 65536> buffer{};
        const auto size =
            ::recv(to_server ? connection.client : connection.server, buffer.data(), buffer.size(), 0);
        if (size <= 0)
            return false;
        const std::string_view bytes{buffer.data(), static_cast<std::size_t>(size)};
        const cut here = to_server ? cut::before_commit : cut::after_commit;
        if (next_cut_ == here && bytes.contains(std::string_view{"COMMIT\0", 7})) {
            next_cut_ = cut::nowhere;
            refusing_ = refuses_after_cut_.load();
            return false;
        }
        return ::send(to_server ? connection.server : connection.client, bytes.data(), bytes.size(),
                      MSG_NOSIGNAL) == size;
    }

    temp_folder folder_;
    const std::filesystem::path server_;
    const int listener_;
    std::vector<pair> pairs_;
    std::atomic<cut> next_cut_{cut::nowhere};
    std::atomic<bool> refusing_{false};
    std::atomic<bool> refuses_after_cut_{true};
    std::atomic<bool> paused_{false};
    std::atomic<bool> resting_{false};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace breakwater::test
