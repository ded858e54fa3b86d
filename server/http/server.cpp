#include "http/server.hpp"

#include "http/protocol.hpp"
#include "net/listener.hpp"

#include <utility>

namespace breakwater::http {

namespace {

class listening_server final : public server {
public:
    explicit listening_server(std::unique_ptr<net::listener> listener) : listener_{std::move(listener)} {}

    [[nodiscard]] std::uint16_t port() const override { return listener_->port(); }
    void start() override { listener_->start(); }
    void stop() override { listener_->stop(); }
    result<void> reload_tls() override { return listener_->reload_tls(); }

private:
    const std::unique_ptr<net::listener> listener_;
};

net::listener_options listener_options_of(const server_options& options) {
    net::listener_options out{.thread_name = "http",
                              .host = options.host,
                              .port = options.port,
                              .threads = options.threads,
                              .max_connections = options.max_connections,
                              .max_connections_per_client = options.max_connections_per_client,
                              .handshake_timeout = options.header_timeout,
                              .shutdown_timeout = options.shutdown_timeout};
    if (!options.tls_certificate_file.empty())
        out.tls = net::tls_options{.certificate_file = options.tls_certificate_file,
                                   .key_file = options.tls_key_file,
                                   .protocols = {"http/1.1"}};
    return out;
}

} // namespace

result<std::unique_ptr<server>> server::listen(const server_options& options, const dependencies& deps) {
    auto proxies = trusted_proxies::parse(options.trusted_proxies);
    if (!proxies)
        return fail(errc::bad_state, "Invalid trusted proxy: " + proxies.error().detail);
    const pipeline::dependencies pipeline_deps{
        .router = deps.router, .access = deps.access, .pools = deps.pools};
    const auto shared = std::make_shared<shared_state>(options, pipeline_deps, std::move(*proxies), deps);
    net::listener_options listener_options = listener_options_of(options);
    listener_options.is_shared = [shared](const ip_bytes& address) {
        return shared->pipeline.proxies().trust(address);
    };
    auto listener = net::listener::listen(
        std::move(listener_options), {.clock = deps.clock, .counters = deps.metrics.connections()},
        [&shared](net::worker& worker) { return std::make_unique<protocol>(shared, worker); });
    if (!listener)
        return pass(std::move(listener));
    return std::make_unique<listening_server>(std::move(*listener));
}

} // namespace breakwater::http
