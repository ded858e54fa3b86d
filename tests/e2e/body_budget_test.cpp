// Many large bodies at once: their memory is bounded, and only the client that sends them is refused.

#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

class body_memory : public testing::Test {
protected:
    /// The value of a metric without labels; -1 if there is none.
    double metric(const std::string& name) {
        const std::string text = api_client{server_}.get("/metrics").body;
        const std::size_t at = text.find("\n" + name + ' ');
        return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
    }
    /// Whether the metric falls to that value or below within 20 s.
    bool falls_to(const std::string& name, double value) {
        using namespace std::chrono_literals;
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (metric(name) > value && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(10ms);
        return metric(name) <= value;
    }

    server_process server_{
        {.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}, .arguments = {}, .wrapper = {}}};
    api_client admin_ = as_admin(server_);
};

TEST_F(body_memory, is_bounded_and_another_device_at_the_same_address_can_upload) {
    const device_credentials flooder = create_device(admin_, "Flooder");
    const device_credentials honest = create_device(admin_, "Honest");
    const std::string token = device_token(server_, flooder);
    api_client honest_client = as_device(server_, honest);
    ASSERT_EQ(metric("breakwater_http_body_bytes"), 0);

    // Each body lacks its last byte, so the server keeps it in memory.
    constexpr std::size_t size = 1'000'000;
    const std::string unfinished =
        "POST /device/readings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        "Authorization: Bearer " +
        token + "\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size - 1, ' ');
    constexpr std::size_t max_connections = 300;
    std::vector<http_connection> flood;
    while (flood.size() < max_connections && metric("breakwater_http_bodies_refused_total") < 20) {
        flood.emplace_back(server_.port());
        try {
            flood.back().send(unfinished);
        } catch (const connection_closed&) {
            // the server refused it during the upload
        }
    }
    EXPECT_LT(flood.size(), max_connections) << "300 MB of bodies exceed the budget";
    EXPECT_LE(metric("breakwater_http_body_bytes"), 128.0 * (1 << 20));

    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(honest_client.post("/device/readings", sample_payload()).status, 201);
    EXPECT_EQ(admin_.get("/devices").status, 200);

    flood.clear();
    EXPECT_TRUE(falls_to("breakwater_http_body_bytes", 0)) << "closed connections release their memory";
    http_connection connection{server_.port()};
    connection.send(unfinished + ' ');
    EXPECT_EQ(connection.receive().status, 422) << "a large body is read again; it has no content";
}

} // namespace
} // namespace breakwater::test
