// The ceiling: Beast and Asio with none of our code. One io_context a thread, each with its own SO_REUSEPORT
// acceptor, a coroutine a connection, no timeouts, and one fixed answer of /healthz's size. Listens on
// 127.0.0.1 only.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

// Concrete executors all the way: the polymorphic one costs an allocation or two a request.
using executor = asio::io_context::executor_type;
using socket_type = asio::basic_stream_socket<asio::ip::tcp, executor>;
using acceptor_type = asio::basic_socket_acceptor<asio::ip::tcp, executor>;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
constexpr asio::use_awaitable_t<executor> use_awaitable{};

constexpr std::string_view body =
    R"({"status":"ok","application":"Breakwater","time":"2026-01-15T12:00:00.000000Z",)"
    R"("environment":"local","version":"0.1.0","uptime_seconds":12345})";

asio::awaitable<void, executor> serve(socket_type socket) {
    socket.set_option(asio::ip::tcp::no_delay{true});
    boost::beast::flat_buffer buffer;
    boost::system::error_code failed;
    const auto into = [&failed] { return asio::redirect_error(use_awaitable, failed); };
    while (true) {
        http::request<http::string_body> request;
        co_await http::async_read(socket, buffer, request, into());
        if (failed)
            co_return;
        http::response<http::string_body> response{http::status::ok, request.version()};
        response.set(http::field::content_type, "application/json");
        response.keep_alive(request.keep_alive());
        response.body() = body;
        response.prepare_payload();
        co_await http::async_write(socket, response, into());
        if (failed || !response.keep_alive())
            co_return;
    }
}

asio::awaitable<void, executor> accept_all(acceptor_type& acceptor) {
    while (true) {
        socket_type socket = co_await acceptor.async_accept(use_awaitable);
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
    }
}

struct lane {
    asio::io_context context{1};
    acceptor_type acceptor{context};
};

std::uint16_t listen(lane& on, std::uint16_t port) {
    on.acceptor.open(asio::ip::tcp::v4());
    on.acceptor.set_option(acceptor_type::reuse_address{true});
    on.acceptor.set_option(reuse_port{true});
    on.acceptor.bind({asio::ip::address_v4::loopback(), port});
    on.acceptor.listen();
    asio::co_spawn(on.context, accept_all(on.acceptor), asio::detached);
    return on.acceptor.local_endpoint().port();
}

bool read_number(const char* text, unsigned lowest, unsigned highest, unsigned& out) {
    const char* const end = text + std::strlen(text);
    const auto [stopped, bad] = std::from_chars(text, end, out);
    return bad == std::errc{} && stopped == end && out >= lowest && out <= highest;
}

} // namespace

int main(int argc, char** argv) {
    unsigned port = 0;
    unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    if (argc > 3 || (argc > 1 && !read_number(argv[1], 0, 65'535, port)) ||
        (argc > 2 && !read_number(argv[2], 1, 64, threads))) {
        std::fputs("usage: bare_server [port, 0: any free one] [threads]\n", stderr);
        return 2;
    }
    try {
        std::vector<std::unique_ptr<lane>> lanes;
        std::uint16_t taken = static_cast<std::uint16_t>(port);
        for (unsigned i = 0; i < threads; ++i) {
            lanes.push_back(std::make_unique<lane>());
            taken = listen(*lanes.back(), taken);
        }
        asio::signal_set signals{lanes.front()->context, SIGINT, SIGTERM};
        signals.async_wait([&lanes](const boost::system::error_code&, int) {
            for (const auto& each : lanes)
                each->context.stop();
        });
        std::printf("listening on http://127.0.0.1:%u\n", unsigned{taken});
        std::fflush(stdout);
        std::vector<std::jthread> running;
        for (const auto& each : lanes)
            running.emplace_back([&each] { each->context.run(); });
    } catch (const std::exception& wrong) {
        std::fprintf(stderr, "bare_server: %s\n", wrong.what());
        return 1;
    }
    return 0;
}
