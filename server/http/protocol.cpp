#include "http/protocol.hpp"

#include "base/free_memory.hpp"
#include "http/session.hpp"
#include "http/status.hpp"

#include <utility>

namespace breakwater::http {

namespace {

constexpr std::size_t max_spare = 64;
constexpr std::size_t kept_buffer_bytes = 32U << 10;

} // namespace

protocol::protocol(std::shared_ptr<shared_state> shared, net::worker& worker)
    : shared_{std::move(shared)}, worker_{worker}, date_{format_http_date(shared_->clock.now())} {}

protocol::~protocol() = default;

task<void> protocol::serve(net::connection accepted) {
    session session{*this, std::move(accepted)};
    co_await session.run();
}

void protocol::tick(steady_point now) {
    date_ = format_http_date(shared_->clock.now());
    for (session& session : sessions_)
        session.check_deadline(now);
}

void protocol::begin_stop() {
    for (session& session : sessions_)
        session.begin_stop();
}

void protocol::abandon() {
    for (session& session : sessions_)
        session.abandon();
}

std::string protocol::refusal(net::connection_limits::refusal reason) {
    response response = problem(503, reason == net::connection_limits::refusal::too_many_from_client
                                         ? "Too many connections from your address. Close some of them."
                                         : "Too many connections. Try again in a moment.");
    response.headers.emplace_back("Retry-After", "1");
    const std::string_view id = new_request_id();
    pipeline::add_request_id(response, id);
    std::string out;
    shared_->writer.append_header(
        response,
        {.date = date_, .request_id = id, .content_length = response.body.size(), .keep_alive = false}, out);
    return out += response.body;
}

std::string_view protocol::new_request_id() {
    constexpr std::size_t length = 16;
    if (random_used_ == random_.size()) {
        shared_->random.fill(random_);
        random_used_ = 0;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < length; ++i) {
        const std::uint8_t byte = random_[random_used_++];
        request_id_[2 * i] = digits[byte >> 4];
        request_id_[2 * i + 1] = digits[byte & 0x0f];
    }
    return {request_id_.data(), request_id_.size()};
}

std::shared_ptr<request_context> protocol::acquire_context() {
    if (spare_contexts_.empty())
        return std::make_shared<request_context>(worker_.executor_handle());
    std::shared_ptr<request_context> context = std::move(spare_contexts_.back());
    spare_contexts_.pop_back();
    return context;
}

void protocol::release_context(std::shared_ptr<request_context> context) {
    if (context.use_count() != 1 || spare_contexts_.size() == max_spare)
        return;
    context->clear();
    spare_contexts_.push_back(std::move(context));
}

void protocol::acquire_buffer(std::string& buffer) {
    if (buffer.capacity() > std::string{}.capacity() || spare_buffers_.empty())
        return;
    buffer = std::move(spare_buffers_.back());
    spare_buffers_.pop_back();
}

void protocol::release_buffer(std::string& buffer) {
    if (buffer.capacity() <= kept_buffer_bytes && spare_buffers_.size() < max_spare) {
        buffer.clear();
        spare_buffers_.push_back(std::move(buffer));
    }
    free_memory(buffer);
}

void protocol::add(session& added) {
    sessions_.push_back(added);
}

void protocol::remove(session& ended) noexcept {
    sessions_.erase(sessions_.iterator_to(ended));
}

} // namespace breakwater::http
