// bare_server: the upper bound for our server's throughput, with Beast and Asio and none of our code. Each
// thread has its own io_context and SO_REUSEPORT acceptor, each connection a coroutine. There are no
// timeouts, and the response is fixed and as large as that of /healthz. Listens on 127.0.0.1 only.

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

// Concrete executor types everywhere: the polymorphic one costs an allocation or two per request.
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
    boost::system::error_code error;
    const auto token = [&error] { return asio::redirect_error(use_awaitable, error); };
    while (true) {
        http::request<http::string_body> request;
        co_await http::async_read(socket, buffer, request, token());
        if (error)
            co_return;
        http::response<http::string_body> response{http::status::ok, request.version()};
        response.set(http::field::content_type, "application/json");
        response.keep_alive(request.keep_alive());
        response.body() = body;
        response.prepare_payload();
        co_await http::async_write(socket, response, token());
        if (error || !response.keep_alive())
            co_return;
    }
}

asio::awaitable<void, executor> accept_all(acceptor_type& acceptor) {
    while (true) {
        socket_type socket = co_await acceptor.async_accept(use_awaitable);
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), asio::detached);
    }
}

struct worker {
    asio::io_context context{1};
    acceptor_type acceptor{context};
};

std::uint16_t listen(worker& listener, std::uint16_t port) {
    listener.acceptor.open(asio::ip::tcp::v4());
    listener.acceptor.set_option(acceptor_type::reuse_address{true});
    listener.acceptor.set_option(reuse_port{true});
    listener.acceptor.bind({asio::ip::address_v4::loopback(), port});
    listener.acceptor.listen();
    asio::co_spawn(listener.context, accept_all(listener.acceptor), asio::detached);
    return listener.acceptor.local_endpoint().port();
}

bool read_number(const char* text, unsigned lowest, unsigned highest, unsigned& out) {
    const char* const end = text + std::strlen(text);
    const auto [stopped, code] = std::from_chars(text, end, out);
    return code == std::errc{} && stopped == end && out >= lowest && out <= highest;
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
        std::vector<std::unique_ptr<worker>> workers;
        std::uint16_t bound_port = static_cast<std::uint16_t>(port);
        for (unsigned i = 0; i < threads; ++i) {
            workers.push_back(std::make_unique<worker>());
            bound_port = listen(*workers.back(), bound_port);
        }
        asio::signal_set signals{workers.front()->context, SIGINT, SIGTERM};
        signals.async_wait([&workers](const boost::system::error_code&, int) {
            for (const auto& stopped : workers)
                stopped->context.stop();
        });
        std::printf("listening on http://127.0.0.1:%u\n", unsigned{bound_port});
        std::fflush(stdout);
        std::vector<std::jthread> running;
        for (const auto& started : workers)
            running.emplace_back([&started] { started->context.run(); });
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "bare_server: %s\n", exception.what());
        return 1;
    }
    return 0;
}
