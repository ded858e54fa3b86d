#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

TEST(health, reports_that_the_server_is_alive) {
    server_process server;
    api_client client{server};
    const auto response = client.get("/healthz");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.text("/status"), "ok");
    EXPECT_EQ(response.text("/environment"), "local");
    EXPECT_TRUE(response.text("/time").ends_with('Z'));
    EXPECT_FALSE(response.text("/application").empty());
}

TEST(health, is_ready_with_a_database) {
    server_process server;
    EXPECT_EQ(api_client{server}.get("/readyz").status, 200);
}

TEST(health, a_server_stops_on_sigterm_with_success) {
    server_process server;
    EXPECT_EQ(server.stop(), 0) << server.output();
}

} // namespace
} // namespace breakwater::test
