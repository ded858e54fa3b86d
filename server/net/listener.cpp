#include "net/listener.hpp"

#include "net/worker.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <utility>

namespace breakwater::net {

namespace {

using endpoint = asio::ip::tcp::endpoint;

std::string describe(const listener_options& options) {
    const bool is_ipv6 = options.host.find(':') != std::string::npos;
    return (is_ipv6 ? '[' + options.host + ']' : options.host) + ':' + std::to_string(options.port);
}

std::unexpected<error> refuse(const listener_options& options, const error_code& failure) {
    return fail(errc::bad_state, "Cannot listen on " + describe(options) + ": " + failure.message() + ".");
}

result<endpoint> resolve(const listener_options& options) {
    error_code failure;
    asio::io_context context;
    asio::ip::tcp::resolver resolver{context};
    const auto endpoints = resolver.resolve(
        options.host, std::to_string(options.port),
        asio::ip::tcp::resolver::passive | asio::ip::tcp::resolver::numeric_service, failure);
    if (failure || endpoints.empty())
        return refuse(options, failure ? failure : error_code{asio::error::host_not_found});
    return endpoints.begin()->endpoint();
}

/// Checks that the port is free: SO_REUSEPORT would let a second server of the same user share it without an
/// error, so this binds a socket without SO_REUSEPORT.
error_code probe(const endpoint& address) {
    error_code failure;
    asio::io_context context;
    asio::ip::tcp::acceptor acceptor{context};
    acceptor.open(address.protocol(), failure);
    if (!failure)
        acceptor.set_option(asio::socket_base::reuse_address{true}, failure);
    if (!failure)
        acceptor.bind(address, failure);
    return failure;
}

} // namespace

result<std::unique_ptr<listener>> listener::listen(listener_options options, const dependencies& deps,
                                                   const protocol_factory& make_protocol) {
    std::shared_ptr<tls_store> tls;
    if (options.tls) {
        tls = std::make_shared<tls_store>(*options.tls);
        if (auto loaded = tls->load(); !loaded)
            return pass(std::move(loaded));
    }
    auto address = resolve(options);
    if (!address)
        return pass(std::move(address));
    if (const error_code failure = probe(*address))
        return refuse(options, failure);

    const auto shared = std::make_shared<worker::shared_state>(options, deps, tls);
    std::vector<std::shared_ptr<worker>> workers;
    for (std::size_t i = 0; i < std::max<std::size_t>(options.threads, 1); ++i) {
        const auto& added = workers.emplace_back(std::make_shared<worker>(shared, make_protocol));
        if (const error_code failure = added->listen(*address))
            return refuse(options, failure);
        address->port(added->endpoint().port()); // port 0: the first worker's port for all
    }
    return std::unique_ptr<listener>{new listener{std::move(tls), std::move(workers)}};
}

listener::listener(std::shared_ptr<tls_store> tls, std::vector<std::shared_ptr<worker>> workers)
    : tls_{std::move(tls)}, workers_{std::move(workers)}, port_{workers_.front()->endpoint().port()} {}

void listener::start() {
    for (const auto& worker : workers_)
        worker->start();
}

void listener::stop() {
    const lock_guard lock{stop_mutex_};
    if (std::exchange(stopped_, true))
        return;
    for (const auto& worker : workers_)
        worker->begin_stop();
    for (const auto& worker : workers_)
        worker->join();
    // The executors live until the listener is destroyed, because a late answer may still be posted.
}

result<void> listener::reload_tls() {
    if (!tls_)
        return fail(errc::bad_state, "TLS is not in use.");
    return tls_->load();
}

} // namespace breakwater::net
