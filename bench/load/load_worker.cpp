#include "load/load_worker.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

namespace breakwater::bench {

namespace {

constexpr std::chrono::seconds max_wait_for_responses{5};
/// Limits the reconnects to a server that closes all connections.
constexpr std::size_t max_reopened = 10'000;

} // namespace

load_worker::load_worker(const load_plan& plan, std::size_t index, const std::atomic<bool>& stop)
    : plan_{plan}, stop_{stop} {
    for (std::size_t i = index; i < plan.connections; i += plan.threads) {
        connection client;
        client.request = i % plan.requests.size();
        connections_.push_back(std::move(client));
    }
    quota_ = plan.max_requests == 0
                 ? std::numeric_limits<std::uint64_t>::max()
                 : plan.max_requests / plan.threads + (index < plan.max_requests % plan.threads ? 1 : 0);
    if (plan.rate > 0)
        interval_ = std::chrono::nanoseconds{
            static_cast<std::int64_t>(1e9 * static_cast<double>(plan.threads) / plan.rate)};
}

load_worker::~load_worker() {
    for (connection& client : connections_)
        close(client);
    if (epoll_ >= 0)
        ::close(epoll_);
}

void load_worker::record_problem(std::string problem) {
    if (result_.first_problem.empty())
        result_.first_problem = std::move(problem);
}

void load_worker::watch(connection& client, std::uint32_t events, int operation) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = &client;
    ::epoll_ctl(epoll_, operation, client.fd, &event);
}

bool load_worker::open(connection& client) {
    const auto fd = connect_to(plan_.server);
    if (!fd) {
        record_problem(fd.error());
        return false;
    }
    client.fd = *fd;
    ::fcntl(client.fd, F_SETFL, ::fcntl(client.fd, F_GETFL) | O_NONBLOCK);
    client.response.reset();
    client.writable = true;
    watch(client, EPOLLIN, EPOLL_CTL_ADD);
    return true;
}

void load_worker::close(connection& client) {
    if (client.fd >= 0)
        ::close(client.fd);
    client.fd = -1;
    if (client.busy)
        --open_requests_;
    client.busy = false;
}

void load_worker::reopen(connection& client, const char* reason) {
    if (client.busy) {
        ++result_.broken;
        record_problem(reason);
    }
    close(client);
    if (!may_send())
        return;
    if (++reopened_ <= max_reopened && open(client))
        start_next(client);
    else
        ++result_.broken;
}

bool load_worker::connect() {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    return epoll_ >= 0 &&
           std::ranges::all_of(connections_, [this](connection& client) { return open(client); });
}

bool load_worker::may_send() const {
    return started_ < quota_ && clock::now() < times_.end && !stop_.load(std::memory_order_relaxed);
}

void load_worker::start_next(connection& client) {
    if (!may_send())
        return;
    if (interval_ > interval_.zero())
        waiting_.push_back(&client);
    else
        send(client, clock::now());
}

std::chrono::nanoseconds load_worker::send_due() {
    constexpr std::chrono::milliseconds max_wait{200}; // checks `stop_` at least this often
    if (interval_ == interval_.zero() || waiting_.empty())
        return max_wait;
    const clock::time_point now = clock::now();
    for (; next_due_ <= now && !waiting_.empty() && may_send(); next_due_ += interval_) {
        connection& client = *waiting_.front();
        waiting_.pop_front();
        if (client.fd >= 0)
            send(client, next_due_);
    }
    return std::clamp<std::chrono::nanoseconds>(next_due_ - clock::now(), {}, max_wait);
}

void load_worker::send(connection& client, clock::time_point due) {
    client.started = due;
    ++started_;
    ++open_requests_;
    client.busy = true;
    client.sent = 0;
    write(client);
}

void load_worker::write(connection& client) {
    const std::string& request = plan_.requests[client.request];
    const std::string& body = plan_.shared_body;
    while (client.sent < request.size() + body.size()) {
        const std::size_t head_sent = std::min(client.sent, request.size());
        const std::size_t body_sent = client.sent - head_sent;
        // sendmsg takes non-const pointers, but doesn't write through them.
        std::array<iovec, 2> parts{
            {{const_cast<char*>(request.data()) + head_sent, request.size() - head_sent},
             {const_cast<char*>(body.data()) + body_sent, body.size() - body_sent}}};
        msghdr message{};
        message.msg_iov = parts.data();
        message.msg_iovlen = parts.size();
        const ssize_t count = ::sendmsg(client.fd, &message, MSG_NOSIGNAL);
        if (count > 0) {
            client.sent += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (client.writable)
                watch(client, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            client.writable = false;
            return;
        } else if (errno != EINTR) {
            return; // the next read reports the error
        }
    }
    if (!client.writable)
        watch(client, EPOLLIN, EPOLL_CTL_MOD);
    client.writable = true;
}

void load_worker::read(connection& client) {
    const ssize_t count = ::recv(client.fd, buffer_.data(), buffer_.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return;
    if (count <= 0)
        return reopen(client,
                      count == 0 ? "The server closed a connection during a request." : std::strerror(errno));
    if (!client.busy)
        return reopen(client, "");
    switch (client.response.feed({buffer_.data(), static_cast<std::size_t>(count)})) {
    case response_reader::state::incomplete: return;
    case response_reader::state::broken:
        return reopen(client, "The server did not send one HTTP/1.1 response with a known end.");
    case response_reader::state::complete: return finish(client);
    }
}

void load_worker::finish(connection& client) {
    const clock::time_point now = clock::now();
    const unsigned status = client.response.status();
    if (now >= times_.count_from && now < times_.end)
        result_.latencies.record(now - client.started);
    ++statuses_[std::min<std::size_t>(status, statuses_.size() - 1)];
    answered_.fetch_add(1, std::memory_order_relaxed);
    if (status != plan_.expected_status)
        record_problem("A request returned " + std::to_string(status) + ": " +
                       std::string{client.response.body().substr(0, 300)});
    client.busy = false;
    --open_requests_;
    client.request = (client.request + plan_.connections) % plan_.requests.size();
    const bool keeps_alive = client.response.keeps_alive();
    client.response.reset();
    if (keeps_alive)
        start_next(client);
    else
        reopen(client, "");
}

void load_worker::run(const schedule& times) {
    times_ = times;
    next_due_ = clock::now();
    for (connection& client : connections_)
        start_next(client);
    std::array<epoll_event, 256> events;
    while (open_requests_ > 0 || (!waiting_.empty() && may_send())) {
        const clock::time_point now = clock::now();
        if (now >= times_.end + max_wait_for_responses)
            break;
        const auto wait = send_due();
        const timespec timeout{wait / std::chrono::seconds{1}, (wait % std::chrono::seconds{1}).count()};
        const int ready =
            ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
        for (int i = 0; i < ready; ++i) {
            const epoll_event& event = events[static_cast<std::size_t>(i)];
            connection& client = *static_cast<connection*>(event.data.ptr);
            if (client.fd >= 0 && (event.events & EPOLLOUT) != 0)
                write(client);
            if (client.fd >= 0 && (event.events & ~std::uint32_t{EPOLLOUT}) != 0)
                read(client);
        }
    }
    result_.unanswered = open_requests_;
    for (unsigned status = 0; status < statuses_.size(); ++status)
        if (statuses_[status] != 0)
            result_.statuses[status] = statuses_[status];
}

} // namespace breakwater::bench
