#include "http/server.hpp"

#include "http/worker.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace breakwater::http {

namespace {

using endpoint = asio::ip::tcp::endpoint;

class listening_server final : public server {
public:
  listening_server(std::shared_ptr<shared_state> shared,
                   std::vector<std::shared_ptr<worker>> workers)
      : shared_{std::move(shared)}, workers_{std::move(workers)},
        port_{workers_.front()->endpoint().port()} {}
  ~listening_server() override { listening_server::stop(); }

  [[nodiscard]] std::uint16_t port() const override { return port_; }

  void start() override {
    for (const auto &worker : workers_)
      worker->start();
  }

  void stop() override {
    const std::lock_guard lock{stop_mutex_};
    if (std::exchange(stopped_, true))
      return;
    for (const auto &worker : workers_)
      worker->begin_stop();
    for (const auto &worker : workers_)
      worker->join();
    // The executors live until the server is destroyed, because a handler may
    // still post a late response.
  }

  result<void> reload_tls() override {
    if (!shared_->tls)
      return fail(errc::bad_state, "TLS is not in use.");
    return shared_->tls->load();
  }

private:
  std::shared_ptr<shared_state> shared_;
  std::vector<std::shared_ptr<worker>> workers_;
  const std::uint16_t port_;
  std::mutex stop_mutex_;
  bool stopped_ = false;
};

std::string describe(const server_options &options) {
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  return (is_ipv6 ? '[' + options.host + ']' : options.host) + ':' +
         std::to_string(options.port);
}

std::unexpected<error> refuse(const server_options &options,
                              const error_code &failure) {
  return fail(errc::bad_state, "Cannot listen on " + describe(options) + ": " +
                                   failure.message() + ".");
}

result<endpoint> resolve(const server_options &options) {
  error_code failure;
  asio::io_context context;
  asio::ip::tcp::resolver resolver{context};
  const auto endpoints =
      resolver.resolve(options.host, std::to_string(options.port),
                       asio::ip::tcp::resolver::passive |
                           asio::ip::tcp::resolver::numeric_service,
                       failure);
  if (failure || endpoints.empty())
    return refuse(options,
                  failure ? failure : error_code{asio::error::host_not_found});
  return endpoints.begin()->endpoint();
}

/// Checks that the port is free: SO_REUSEPORT would let a second server of the
/// same user share it without an error, so this binds a socket without
/// SO_REUSEPORT.
error_code probe(const endpoint &address) {
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

result<std::unique_ptr<server>> server::listen(const server_options &options,
                                               const dependencies &deps) {
  auto proxies = trusted_proxies::parse(options.trusted_proxies);
  if (!proxies)
    return fail(errc::bad_state,
                "Invalid trusted proxy: " + proxies.error().detail);
  std::unique_ptr<net::tls_store> tls;
  if (!options.tls_certificate_file.empty()) {
    tls = std::make_unique<net::tls_store>(
        net::tls_options{.certificate_file = options.tls_certificate_file,
                         .key_file = options.tls_key_file,
                         .protocols = {"http/1.1"}});
    if (auto loaded = tls->load(); !loaded)
      return pass(std::move(loaded));
  }
  auto address = resolve(options);
  if (!address)
    return pass(std::move(address));
  if (const error_code failure = probe(*address))
    return refuse(options, failure);

  const pipeline::dependencies pipeline_deps{
      .router = deps.router, .access = deps.access, .pools = deps.pools};
  const auto shared = std::make_shared<shared_state>(
      options, pipeline_deps, std::move(*proxies), deps, std::move(tls));
  std::vector<std::shared_ptr<worker>> workers;
  for (std::size_t i = 0; i < std::max<std::size_t>(options.threads, 1); ++i) {
    const auto &added = workers.emplace_back(std::make_shared<worker>(shared));
    if (const error_code failure = added->listen(*address))
      return refuse(options, failure);
    address->port(
        added->endpoint().port()); // port 0: the first worker's port for all
  }
  return std::make_unique<listening_server>(shared, std::move(workers));
}

} // namespace breakwater::http
