#pragma once

// The Asio types of all protocols, with the concrete executor type: the type-erased default costs an
// indirection at every step of every coroutine.
//
// Write each co_await in a statement of its own, never after `&&` or `||`: GCC 12 resumes a coroutine with
// several such conditions at the wrong place.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace breakwater::net {

namespace asio = boost::asio;
using boost::system::error_code;

using asio_executor = asio::io_context::executor_type;
template <class T>
using task = asio::awaitable<T, asio_executor>;
inline constexpr asio::use_awaitable_t<asio_executor> use_task{};

using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, asio_executor>;
using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio_executor>;

} // namespace breakwater::net
