#pragma once

// The Asio types of the HTTP room, with the executor's concrete type: the type-erased default costs an
// indirection for every step of every coroutine. Private to the room.
//
// In this room a co_await stands alone in its statement, never behind `&&` or `||`: GCC 12 resumes a
// coroutine with several such conditions at the wrong place.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace breakwater::http {

namespace asio = boost::asio;
using boost::system::error_code;

using io_executor = asio::io_context::executor_type;
template <class T>
using task = asio::awaitable<T, io_executor>;
inline constexpr asio::use_awaitable_t<io_executor> use_task{};

using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, io_executor>;
using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, io_executor>;

} // namespace breakwater::http
