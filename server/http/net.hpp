#pragma once

// The names of the net module that the http module uses in every coroutine. Private to the module.

#include "net/asio.hpp"

namespace breakwater::http {

namespace asio = net::asio;
using net::error_code;
using net::task;
using net::use_task;

} // namespace breakwater::http
