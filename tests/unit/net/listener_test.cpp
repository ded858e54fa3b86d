#include "net/listener.hpp"

#include "base/encoding.hpp"
#include "net/worker.hpp"
#include "support/byte_client.hpp"
#include "support/tls_client.hpp"

#include <boost/asio/buffer.hpp>
#include <gtest/gtest.h>

#include <ifaddrs.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace breakwater::net {
namespace {

using namespace std::chrono_literals;
using test::byte_client;
using test::certified_key;
using tls_client = test::tls_client_of<byte_client>;

/// Sends each line back. Answers the line `who` with the address and the certificate of the client, and the
/// line `fail` with an exception. At a stop, says goodbye to its clients unless it `ignores_stop`.
class echo final : public protocol {
public:
    echo(worker& worker, bool ignores_stop) : worker_{worker}, ignores_stop_{ignores_stop} {}

    task<void> serve(connection accepted) override {
        const listed entry{*this, accepted.stream};
        std::string line;
        error_code failure;
        while (!says_goodbye()) { // `begin_stop` may have come during a write
            std::array<char, 256> bytes{};
            const std::size_t count = co_await accepted.stream.read_some(asio::buffer(bytes), failure);
            if (failure)
                break;
            line.append(bytes.data(), count);
            if (!line.ends_with('\n'))
                continue;
            if (line == "fail\n")
                throw std::runtime_error{"as asked"};
            if (line == "who\n")
                line = describe(accepted) + '\n';
            co_await accepted.stream.write(asio::buffer(line), failure);
            line.clear();
        }
        if (says_goodbye())
            co_await accepted.stream.write(asio::buffer(std::string_view{"goodbye\n"}), failure);
        co_await accepted.stream.finish(failure);
    }
    void tick(steady_point) override {}
    void begin_stop() override {
        if (says_goodbye())
            for (transport* stream : open_)
                stream->cancel();
    }
    void abandon() override {}
    std::string refusal(connection_limits::refusal reason) override {
        return reason == connection_limits::refusal::too_many ? "full\n" : "greedy\n";
    }

private:
    struct listed {
        listed(echo& owner, transport& listed_stream) : list{owner}, stream{listed_stream} {
            list.open_.push_back(&stream);
        }
        ~listed() { std::erase(list.open_, &stream); }
        listed(const listed&) = delete;
        listed& operator=(const listed&) = delete;
        echo& list;
        transport& stream;
    };
    static std::string describe(const connection& accepted) {
        std::string out = accepted.peer_address;
        if (accepted.certificate)
            out += ' ' + accepted.certificate->subject + ' ' + hex_encode(accepted.certificate->fingerprint);
        return out;
    }

    [[nodiscard]] bool says_goodbye() const { return worker_.is_stopping() && !ignores_stop_; }

    worker& worker_;
    const bool ignores_stop_;
    std::vector<transport*> open_;
};

class net_listener : public testing::Test {
protected:
    /// Listens with the options, on one thread.
    void listen(listener_options options, bool ignores_stop = false) {
        options.threads = 1;
        auto listening = listener::listen(
            std::move(options), {.clock = clock_, .counters = counters_},
            [ignores_stop](worker& thread) { return std::make_unique<echo>(thread, ignores_stop); });
        ASSERT_TRUE(listening) << listening.error().detail;
        listener_ = std::move(*listening);
        listener_->start();
    }
    void listen_with_tls(client_certificates clients = client_certificates::none) {
        authority_.write_certificate(files_.authority());
        listen({.tls = tls_options(clients), .handshake_timeout = 1s});
    }
    [[nodiscard]] net::tls_options tls_options(client_certificates clients) const {
        return {.certificate_file = files_.certificate(),
                .key_file = files_.key(),
                .protocols = {"echo/2", "echo/1"},
                .clients = clients,
                .client_ca_file = files_.authority()};
    }
    [[nodiscard]] std::uint16_t port() const { return listener_->port(); }
    static std::string exchange(byte_client& client, std::string_view line) {
        client.send(line);
        return client.read_until("\n");
    }
    /// The answer to `who` over TLS; empty if the server refuses the client.
    [[nodiscard]] std::string who(const certified_key* certificate) const {
        tls_client client{port(), {.protocols = {}, .certificate = certificate}};
        return exchange(client, "who\n");
    }
    void await_open(int count) const {
        for (int i = 0; i < 5000 && counters_.open != count; ++i)
            std::this_thread::sleep_for(1ms);
        ASSERT_EQ(counters_.open, count);
    }

    system_clock clock_;
    connection_counters counters_;
    test::certificate_folder files_;
    const certified_key authority_{"authority"};
    const certified_key pump_{"pump-ä", authority_};
    std::unique_ptr<listener> listener_;
};

TEST_F(net_listener, serves_a_protocol_over_plain_tcp) {
    listen({});
    byte_client first{port()};
    byte_client second{port()};
    EXPECT_EQ(exchange(first, "one\n"), "one\n");
    EXPECT_EQ(exchange(second, "two\n"), "two\n");
    EXPECT_EQ(exchange(first, "who\n"), "127.0.0.1\n");
    EXPECT_EQ(counters_.open, 2);
    first.hang_up();
    await_open(1);
    EXPECT_FALSE(listener_->reload_tls()) << "there is no certificate";
}

TEST_F(net_listener, survives_a_protocol_that_throws) {
    listen({});
    byte_client client{port()};
    EXPECT_EQ(exchange(client, "fail\n"), "");
    EXPECT_EQ(exchange(client, "x\n"), "");
    byte_client next{port()};
    EXPECT_EQ(exchange(next, "x\n"), "x\n");
}

TEST_F(net_listener, serves_a_protocol_over_tls) {
    listen_with_tls();
    tls_client client{port(),
                      {.protocols = "\x06"
                                    "echo/1"}};
    ASSERT_TRUE(client.is_handshake_complete());
    EXPECT_EQ(client.protocol(), "echo/1");
    EXPECT_EQ(exchange(client, "one\n"), "one\n");
    tls_client preferred{port(),
                         {.protocols = "\x06"
                                       "echo/1"
                                       "\x06"
                                       "echo/2"}};
    EXPECT_EQ(preferred.protocol(), "echo/2") << "the server's first";
    EXPECT_FALSE((tls_client{port(), {.protocols = "\x08http/1.1"}}.is_handshake_complete()));
    EXPECT_EQ(who(nullptr), "127.0.0.1\n") << "a client need not name a protocol";
    EXPECT_EQ(who(&pump_), "127.0.0.1\n") << "a certificate that the server did not ask for";
}

TEST_F(net_listener, gives_the_protocol_the_verified_certificate) {
    std::array<std::uint8_t, 32> digest{};
    X509_digest(pump_.certificate(), EVP_sha256(), digest.data(), nullptr);
    const std::string pump = "127.0.0.1 CN=pump-ä " + hex_encode(digest) + '\n';
    const certified_key other_authority{"authority"};
    const certified_key forged{"pump-ä", other_authority};
    const certified_key expired{"pump-ä", authority_, -60};
    for (const auto mode : {client_certificates::request, client_certificates::require}) {
        listen_with_tls(mode);
        EXPECT_EQ(who(&pump_), pump);
        EXPECT_EQ(who(&pump_), pump) << "again";
        EXPECT_EQ(who(nullptr), mode == client_certificates::require ? "" : "127.0.0.1\n");
        EXPECT_EQ(who(&forged), "") << "of an authority with the same name";
        EXPECT_EQ(who(&expired), "");
    }
}

TEST_F(net_listener, verifies_a_certificate_at_each_connection) {
    listen_with_tls(client_certificates::require);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_client client{
            port(), {.min_version = version, .max_version = version, .protocols = {}, .certificate = &pump_}};
        EXPECT_EQ(exchange(client, "x\n"), "x\n");
        EXPECT_FALSE(client.can_resume());
    }
}

TEST_F(net_listener, refuses_files_of_authorities_that_it_cannot_use) {
    const auto load = [this] { return tls_store{tls_options(client_certificates::request)}.load(); };
    const auto missing = load();
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().detail.find(files_.authority()), std::string::npos) << missing.error().detail;
    authority_.write_key(files_.authority());
    EXPECT_FALSE(load()) << "a key is no certificate";
    authority_.write_certificate(files_.authority());
    EXPECT_TRUE(load());
}

TEST_F(net_listener, refuses_connections_over_the_limit_until_one_ends) {
    listen({.max_connections = 2});
    byte_client first{port()};
    byte_client second{port()};
    EXPECT_EQ(exchange(first, "one\n"), "one\n");
    EXPECT_EQ(exchange(second, "two\n"), "two\n");
    byte_client third{port()};
    EXPECT_EQ(exchange(third, "three\n"), "full\n");
    EXPECT_TRUE(third.at_end());
    EXPECT_EQ(counters_.refused, 1U);
    first.hang_up();
    await_open(1);
    byte_client fourth{port()};
    EXPECT_EQ(exchange(fourth, "four\n"), "four\n");
    EXPECT_EQ(exchange(second, "still\n"), "still\n");
}

/// An IPv4 address of this machine besides loopback, which has no limit per client.
std::optional<in_addr_t> own_address() {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0)
        return std::nullopt;
    std::optional<in_addr_t> out;
    for (const ifaddrs* entry = all; entry != nullptr && !out; entry = entry->ifa_next)
        if (entry->ifa_addr != nullptr && entry->ifa_addr->sa_family == AF_INET) {
            const in_addr_t address = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr.s_addr;
            if (ntohl(address) >> 24 != 127)
                out = address;
        }
    ::freeifaddrs(all);
    return out;
}

TEST_F(net_listener, leaves_room_for_the_neighbours_of_a_greedy_client) {
    const auto greedy = own_address();
    if (!greedy)
        GTEST_SKIP() << "this machine has only loopback addresses";
    listen({.host = "0.0.0.0", .max_connections = 3, .max_connections_per_client = 2});
    std::vector<std::unique_ptr<byte_client>> clients;
    for (const char* answer : {"x\n", "x\n", "greedy\n", "greedy\n"})
        EXPECT_EQ(exchange(*clients.emplace_back(std::make_unique<byte_client>(port(), *greedy)), "x\n"),
                  answer);
    EXPECT_EQ(counters_.refused_by_client, 2U);
    byte_client neighbour{port()};
    EXPECT_EQ(exchange(neighbour, "x\n"), "x\n");
}

TEST_F(net_listener, lets_the_protocol_finish_its_connections_at_a_stop) {
    listen({});
    byte_client client{port()};
    EXPECT_EQ(exchange(client, "x\n"), "x\n");
    listener_->stop();
    EXPECT_EQ(client.read_all(), "goodbye\n");
    EXPECT_FALSE((byte_client{port()}.connected()));
    EXPECT_EQ(counters_.open, 0);
}

TEST_F(net_listener, ends_connections_that_outlast_the_shutdown_timeout) {
    listen({.shutdown_timeout = 1s}, true);
    byte_client client{port()};
    EXPECT_EQ(exchange(client, "x\n"), "x\n");
    const auto begin = std::chrono::steady_clock::now();
    listener_->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    listener_.reset();
    EXPECT_TRUE(client.at_end());
    EXPECT_EQ(counters_.open, 0);
}

TEST_F(net_listener, closes_a_connection_that_never_completes_its_handshake) {
    listen_with_tls();
    byte_client silent{port()};
    byte_client slow{port()};
    slow.send("\x16\x03\x01"); // the first bytes of a handshake record
    tls_client honest{port(), {.protocols = {}}};
    EXPECT_EQ(exchange(honest, "x\n"), "x\n");
    EXPECT_EQ(counters_.open, 3);
    EXPECT_TRUE(silent.at_end());
    EXPECT_TRUE(slow.at_end());
    await_open(1);
    EXPECT_EQ(exchange(honest, "x\n"), "x\n");
}

TEST_F(net_listener, does_not_wait_long_for_a_handshake_at_a_stop) {
    listen(
        {.tls = tls_options(client_certificates::none), .handshake_timeout = 1min, .shutdown_timeout = 20s});
    byte_client silent{port()};
    await_open(1);
    const auto begin = std::chrono::steady_clock::now();
    listener_->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
    EXPECT_TRUE(silent.at_end());
}

} // namespace
} // namespace breakwater::net
