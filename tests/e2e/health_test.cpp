#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

TEST(health, tells_that_the_server_is_alive) {
    server_process server;
    api_client client{server};
    const auto answer = client.get("/healthz");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text("/status"), "ok");
    EXPECT_EQ(answer.text("/environment"), "local");
    EXPECT_TRUE(answer.text("/time").ends_with('Z'));
    EXPECT_FALSE(answer.text("/application").empty());
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
