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
    listening_server(std::shared_ptr<shared_parts> shared, std::vector<std::shared_ptr<worker>> workers)
        : parts_{std::move(shared)},
          workers_{std::move(workers)},
          port_{workers_.front()->endpoint().port()} {}
    ~listening_server() override { listening_server::stop(); }

    [[nodiscard]] std::uint16_t port() const override { return port_; }

    void start() override {
        for (const auto& each : workers_)
            each->start();
    }

    void stop() override {
        const std::lock_guard lock{stopping_};
        if (std::exchange(stopped_, true))
            return;
        for (const auto& each : workers_)
            each->begin_stop();
        for (const auto& each : workers_)
            each->join();
        // Their lanes stay until the server goes: a handler's late answer may still be posted there.
    }

    result<void> reload_tls() override {
        if (!parts_->tls)
            return fail(errc::bad_state, "TLS is not in use.");
        return parts_->tls->load();
    }

private:
    std::shared_ptr<shared_parts> parts_;
    std::vector<std::shared_ptr<worker>> workers_;
    const std::uint16_t port_;
    std::mutex stopping_;
    bool stopped_ = false;
};

std::string describe(const server_options& chosen) {
    const bool six = chosen.host.find(':') != std::string::npos;
    return (six ? '[' + chosen.host + ']' : chosen.host) + ':' + std::to_string(chosen.port);
}

std::unexpected<error> refuse(const server_options& chosen, const error_code& why) {
    return fail(errc::bad_state, "Can't listen on " + describe(chosen) + ": " + why.message() + ".");
}

result<endpoint> resolve(const server_options& chosen) {
    error_code failure;
    asio::io_context context;
    asio::ip::tcp::resolver resolver{context};
    const auto found = resolver.resolve(
        chosen.host, std::to_string(chosen.port),
        asio::ip::tcp::resolver::passive | asio::ip::tcp::resolver::numeric_service, failure);
    if (failure || found.empty())
        return refuse(chosen, failure ? failure : error_code{asio::error::host_not_found});
    return found.begin()->endpoint();
}

/// SO_REUSEPORT would let a second server of the same user share the port without a word. A socket without it
/// finds out.
error_code probe(const endpoint& at) {
    error_code failure;
    asio::io_context context;
    asio::ip::tcp::acceptor alone{context};
    alone.open(at.protocol(), failure);
    if (!failure)
        alone.set_option(asio::socket_base::reuse_address{true}, failure);
    if (!failure)
        alone.bind(at, failure);
    return failure;
}

} // namespace

result<std::unique_ptr<server>> server::listen(const server_options& chosen, const parts& with) {
    auto proxies = trusted_proxies::parse(chosen.trusted_proxies);
    if (!proxies)
        return fail(errc::bad_state, "In the trusted proxies: " + proxies.error().detail);
    std::unique_ptr<tls_store> tls;
    if (!chosen.tls_certificate_file.empty()) {
        tls = std::make_unique<tls_store>(chosen.tls_certificate_file, chosen.tls_key_file);
        if (auto loaded = tls->load(); !loaded)
            return pass(std::move(loaded));
    }
    auto at = resolve(chosen);
    if (!at)
        return pass(std::move(at));
    if (const error_code taken = probe(*at))
        return refuse(chosen, taken);

    const pipeline::parts line{.router = with.router, .access = with.access, .pools = with.pools};
    const auto shared =
        std::make_shared<shared_parts>(chosen, line, std::move(*proxies), with, std::move(tls));
    std::vector<std::shared_ptr<worker>> workers;
    for (std::size_t i = 0; i < std::max<std::size_t>(chosen.threads, 1); ++i) {
        const auto& made = workers.emplace_back(std::make_shared<worker>(shared));
        if (const error_code failure = made->listen(*at))
            return refuse(chosen, failure);
        at->port(made->endpoint().port()); // port 0: the first one picked, the others share it
    }
    return std::make_unique<listening_server>(shared, std::move(workers));
}

} // namespace breakwater::http
