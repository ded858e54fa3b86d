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

constexpr std::chrono::seconds longest_wait_for_answers{5};
constexpr std::size_t most_reopened =
    10'000; // a server that closes on everyone must not keep us busy for ever

} // namespace

load_worker::load_worker(const load_plan& plan, std::size_t index, const std::atomic<bool>& stop)
    : plan_{plan}, stop_{stop} {
    for (std::size_t i = index; i < plan.connections; i += plan.threads) {
        connection made;
        made.request = i % plan.requests.size();
        connections_.push_back(std::move(made));
    }
    quota_ = plan.max_requests == 0
                 ? std::numeric_limits<std::uint64_t>::max()
                 : plan.max_requests / plan.threads + (index < plan.max_requests % plan.threads ? 1 : 0);
    if (plan.rate > 0)
        interval_ = std::chrono::nanoseconds{
            static_cast<std::int64_t>(1e9 * static_cast<double>(plan.threads) / plan.rate)};
}

load_worker::~load_worker() {
    for (connection& each : connections_)
        close(each);
    if (epoll_ >= 0)
        ::close(epoll_);
}

void load_worker::note(std::string problem) {
    if (result_.first_problem.empty())
        result_.first_problem = std::move(problem);
}

void load_worker::watch(connection& of, std::uint32_t events, int operation) {
    epoll_event wanted{};
    wanted.events = events;
    wanted.data.ptr = &of;
    ::epoll_ctl(epoll_, operation, of.fd, &wanted);
}

bool load_worker::open(connection& of) {
    const auto fd = connect_to(plan_.to);
    if (!fd) {
        note(fd.error());
        return false;
    }
    of.fd = *fd;
    ::fcntl(of.fd, F_SETFL, ::fcntl(of.fd, F_GETFL) | O_NONBLOCK);
    of.answer.reset();
    of.writable = true;
    watch(of, EPOLLIN, EPOLL_CTL_ADD);
    return true;
}

void load_worker::close(connection& of) {
    if (of.fd >= 0)
        ::close(of.fd);
    of.fd = -1;
    if (of.busy)
        --open_requests_;
    of.busy = false;
}

void load_worker::reopen(connection& of, const char* why) {
    if (of.busy) {
        ++result_.broken;
        note(why);
    }
    close(of);
    if (!may_send())
        return;
    if (++reopened_ <= most_reopened && open(of))
        begin(of);
    else
        ++result_.broken;
}

bool load_worker::connect() {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    return epoll_ >= 0 && std::ranges::all_of(connections_, [this](connection& each) { return open(each); });
}

bool load_worker::may_send() const {
    return begun_ < quota_ && clock::now() < when_.end && !stop_.load(std::memory_order_relaxed);
}

void load_worker::begin(connection& of) {
    if (!may_send())
        return;
    if (interval_ > interval_.zero())
        waiting_.push_back(&of);
    else
        send(of, clock::now());
}

std::chrono::nanoseconds load_worker::send_due() {
    constexpr std::chrono::milliseconds longest{200}; // so that a stop is heard
    if (interval_ == interval_.zero() || waiting_.empty())
        return longest;
    const clock::time_point now = clock::now();
    for (; next_due_ <= now && !waiting_.empty() && may_send(); next_due_ += interval_) {
        connection& one = *waiting_.front();
        waiting_.pop_front();
        if (one.fd >= 0)
            send(one, next_due_);
    }
    return std::clamp<std::chrono::nanoseconds>(next_due_ - clock::now(), {}, longest);
}

void load_worker::send(connection& of, clock::time_point due) {
    of.began = due;
    ++begun_;
    ++open_requests_;
    of.busy = true;
    of.sent = 0;
    write(of);
}

void load_worker::write(connection& of) {
    const std::string& request = plan_.requests[of.request];
    const std::string& body = plan_.shared_body;
    while (of.sent < request.size() + body.size()) {
        const std::size_t head_sent = std::min(of.sent, request.size());
        const std::size_t body_sent = of.sent - head_sent;
        // sendmsg takes no const and changes nothing.
        std::array<iovec, 2> parts{
            {{const_cast<char*>(request.data()) + head_sent, request.size() - head_sent},
             {const_cast<char*>(body.data()) + body_sent, body.size() - body_sent}}};
        msghdr message{};
        message.msg_iov = parts.data();
        message.msg_iovlen = parts.size();
        const ssize_t taken = ::sendmsg(of.fd, &message, MSG_NOSIGNAL);
        if (taken > 0) {
            of.sent += static_cast<std::size_t>(taken);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (of.writable)
                watch(of, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            of.writable = false;
            return;
        } else if (errno != EINTR) {
            return; // reading will say why
        }
    }
    if (!of.writable)
        watch(of, EPOLLIN, EPOLL_CTL_MOD);
    of.writable = true;
}

void load_worker::read(connection& of) {
    const ssize_t got = ::recv(of.fd, buffer_.data(), buffer_.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return;
    if (got <= 0)
        return reopen(of,
                      got == 0 ? "The server closed a connection under a request." : std::strerror(errno));
    if (!of.busy)
        return reopen(of, "");
    switch (of.answer.feed({buffer_.data(), static_cast<std::size_t>(got)})) {
    case response_reader::state::incomplete: return;
    case response_reader::state::broken:
        return reopen(of, "An answer is not one HTTP/1.1 response with a Content-Length.");
    case response_reader::state::complete: return finish(of);
    }
}

void load_worker::finish(connection& of) {
    const clock::time_point now = clock::now();
    const unsigned status = of.answer.status();
    if (now >= when_.count_from && now < when_.end)
        result_.latencies.record(now - of.began);
    ++statuses_[std::min<std::size_t>(status, statuses_.size() - 1)];
    answered_.fetch_add(1, std::memory_order_relaxed);
    if (status != plan_.expected_status)
        note("An answer was " + std::to_string(status) + ": " + std::string{of.answer.body().substr(0, 300)});
    of.busy = false;
    --open_requests_;
    of.request = (of.request + plan_.connections) % plan_.requests.size();
    const bool stays = of.answer.keeps_alive();
    of.answer.reset();
    if (stays)
        begin(of);
    else
        reopen(of, "");
}

void load_worker::run(const schedule& when) {
    when_ = when;
    next_due_ = clock::now();
    for (connection& each : connections_)
        begin(each);
    std::array<epoll_event, 256> events;
    while (open_requests_ > 0 || (!waiting_.empty() && may_send())) {
        const clock::time_point now = clock::now();
        if (now >= when_.end + longest_wait_for_answers)
            break;
        const auto wait = send_due();
        const timespec timeout{wait / std::chrono::seconds{1}, (wait % std::chrono::seconds{1}).count()};
        const int ready =
            ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
        for (int i = 0; i < ready; ++i) {
            connection& one = *static_cast<connection*>(events[static_cast<std::size_t>(i)].data.ptr);
            if (one.fd >= 0 && (events[static_cast<std::size_t>(i)].events & EPOLLOUT) != 0)
                write(one);
            if (one.fd >= 0 && (events[static_cast<std::size_t>(i)].events & ~std::uint32_t{EPOLLOUT}) != 0)
                read(one);
        }
    }
    result_.unanswered = open_requests_;
    for (unsigned status = 0; status < statuses_.size(); ++status)
        if (statuses_[status] != 0)
            result_.statuses[status] = statuses_[status];
}

} // namespace breakwater::bench
