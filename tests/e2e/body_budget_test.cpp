// Many large bodies at once: what they take in memory is bounded, and whoever sends them pays.

#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

class body_memory : public testing::Test {
protected:
    /// A sample of /metrics without labels.
    double metric(const std::string& name) {
        const std::string text = api_client{server_}.get("/metrics").body;
        const std::size_t at = text.find("\n" + name + ' ');
        return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
    }
    /// Whether `name` falls to that value within 20 s.
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

TEST_F(body_memory, is_bounded_and_an_honest_upload_of_the_same_address_passes) {
    const made_device flooder = create_device(admin_, "Flooder");
    const made_device honest = create_device(admin_, "Honest");
    const std::string token = device_token(server_, flooder);
    api_client neighbour = as_device(server_, honest);
    ASSERT_EQ(metric("breakwater_http_body_bytes"), 0);

    // Each body lacks its last byte, so the server holds it.
    constexpr std::size_t size = 1'000'000;
    const std::string unfinished =
        "POST /device/readings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        "Authorization: Bearer " +
        token + "\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size - 1, ' ');
    constexpr std::size_t most = 300;
    std::vector<http_connection> flood;
    while (flood.size() < most && metric("breakwater_http_bodies_refused_total") < 20) {
        flood.emplace_back(server_.port());
        try {
            flood.back().send(unfinished);
        } catch (const connection_closed&) {
            // refused while it still sends
        }
    }
    EXPECT_LT(flood.size(), most) << "300 MB of bodies find no room";
    EXPECT_LE(metric("breakwater_http_body_bytes"), 128.0 * (1 << 20));

    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(neighbour.post("/device/readings", sample_payload()).status, 201);
    EXPECT_EQ(admin_.get("/devices").status, 200);

    flood.clear();
    EXPECT_TRUE(falls_to("breakwater_http_body_bytes", 0)) << "what was held is given back";
    http_connection again{server_.port()};
    again.send(unfinished + ' ');
    EXPECT_EQ(again.receive().status, 422) << "a large body finds room, and says nothing";
}

} // namespace
} // namespace breakwater::test
