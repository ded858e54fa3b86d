#include "support/e2e.hpp"
#include "support/live_client.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

bool is_reading(const json::value& event) {
    return event.at("type") == "reading";
}

class live : public testing::Test {
protected:
    static json::value hello(const std::string& token,
                             json::object subscription = {{"id", "x"}, {"all", true}}) {
        return {{"type", "hello"}, {"token", token}, {"subscriptions", json::array{std::move(subscription)}}};
    }
    void upload(const device_credentials& device, std::int64_t n) {
        ASSERT_EQ(as_device(server_, device).post("/device/readings", {{"payload", {{"n", n}}}}).status, 201);
    }

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                          {"DEVICE_BCRYPT_COST", "4"},
                                          {"TELEMETRY_SIMULATION_ENABLED", "false"}}}};
    api_client admin_ = as_admin(server_);
    api_client ada_ = as_new_user(server_, "ada@example.com");
    api_client bob_ = as_new_user(server_, "bob@example.com");
    device_credentials ada_device_ = create_device(ada_, "Ada's device");
    device_credentials bob_device_ = create_device(bob_, "Bob's device", "ip_camera");
};

TEST_F(live, sends_users_only_the_events_of_their_own_devices) {
    live_client ada{server_, hello(ada_.token())};
    live_client bob{server_, hello(bob_.token()), true};
    live_client admin{server_, hello(admin_.token())};
    for (live_client* client : {&ada, &bob, &admin}) {
        EXPECT_EQ(client->message().at("type"), "welcome");
        EXPECT_EQ(client->message().at("type"), "subscribed");
    }
    upload(bob_device_, 1);
    upload(ada_device_, 2);
    upload(bob_device_, 3);
    const auto first = ada.event(is_reading);
    EXPECT_EQ(first.at("type"), "reading");
    EXPECT_EQ(first.at("reading").at("payload").at("n"), 2);
    EXPECT_EQ(first.at("reading").at("device_id").as_string(), ada_device_.id);
    EXPECT_FALSE(bob.reading_with(1).is_null());
    EXPECT_FALSE(bob.reading_with(3).is_null());
    for (const int n : {1, 2, 3})
        EXPECT_FALSE(admin.reading_with(n).is_null()) << n;

    ASSERT_EQ(ada_.put("/devices/" + ada_device_.id, {{"name", "Renamed"}}).status, 200);
    const auto renamed = ada.event([](const auto& event) { return event.at("type") == "device"; });
    EXPECT_EQ(renamed.at("change"), "updated");
    EXPECT_EQ(renamed.at("name"), "Renamed");
    ASSERT_EQ(ada_.del("/devices/" + ada_device_.id).status, 200);
    const auto deleted = ada.event([](const auto& event) { return event.at("type") == "device"; });
    EXPECT_EQ(deleted.at("change"), "deleted");
    EXPECT_EQ(deleted.at("device_id").as_string(), ada_device_.id);
    upload(bob_device_, 4);
    EXPECT_FALSE(bob.reading_with(4).is_null());
}

TEST_F(live, sends_only_the_subscribed_events) {
    const device_credentials camera = create_device(ada_, "Eye", "ip_camera");
    live_client by_device{server_, hello(ada_.token(), {{"id", "d"}, {"devices", {camera.id}}})};
    live_client by_category{server_, hello(ada_.token(), {{"id", "k"}, {"categories", {"weather_station"}}})};
    EXPECT_EQ(by_device.next("subscribed").at("id"), "d");
    EXPECT_EQ(by_category.next("subscribed").at("id"), "k");
    upload(ada_device_, 1);
    upload(camera, 2);
    EXPECT_EQ(by_device.event(is_reading).at("reading").at("payload").at("n"), 2);
    EXPECT_EQ(by_category.event(is_reading).at("reading").at("payload").at("n"), 1);

    upload(ada_device_, 10); // sent after 2: when it arrives, 2 was filtered out
    EXPECT_FALSE(by_category.reading_with(10).is_null());
    by_category.send({{"type", "unsubscribe"}, {"id", "k"}});
    EXPECT_EQ(by_category.next("unsubscribed").at("id"), "k");
    by_category.send({{"type", "subscribe"}, {"id", "new"}, {"devices", {bob_device_.id, camera.id}}});
    EXPECT_EQ(by_category.next("subscribed").at("id"), "new");
    upload(bob_device_, 3);
    upload(ada_device_, 4);
    upload(camera, 5);
    EXPECT_EQ(by_category.event(is_reading).at("reading").at("payload").at("n"), 5)
        << "a subscription to the device of another user yields no events";
    for (const json::value& invalid :
         {json::value{{"type", "subscribe"}}, json::value{{"type", "subscribe"}, {"id", "e"}},
          json::value{{"type", "subscribe"}, {"id", "e"}, {"devices", {"nonsense"}}},
          json::value{{"type", "subscribe"}, {"id", "e"}, {"categories", "ip_camera"}},
          json::value{{"type", "subscribe"}, {"id", "e"}, {"all", 1}}, json::value{{"type", "dance"}},
          json::value{{"type", "unsubscribe"}, {"id", "k"}}, json::value(json::array{})}) {
        by_category.send(invalid);
        EXPECT_EQ(by_category.message().at("type"), "error") << json::serialize(invalid);
    }
}

TEST_F(live, sends_security_events_only_to_administrators) {
    live_client admin{server_, hello(admin_.token(), {{"id", "s"}, {"security_events", true}})};
    EXPECT_EQ(admin.next("subscribed").at("id"), "s");
    live_client ada{server_, hello(ada_.token(), {{"id", "s"}, {"security_events", true}})};
    EXPECT_EQ(ada.next("error").at("detail"), "Only an administrator may subscribe to security events.");
    const auto denied =
        admin.event([](const auto& event) { return event.at("event_type") == "admin_forbidden"; });
    EXPECT_EQ(denied.at("route"), "GET /live");
    EXPECT_EQ(denied.at("source_address"), "127.0.0.1");
    api_client stranger{server_, "nonsense"};
    EXPECT_EQ(stranger.get("/devices").status, 401);
    EXPECT_FALSE(
        admin.event([](const auto& event) { return event.at("event_type") == "jwt_invalid"; }).is_null());
}

TEST_F(live, accepts_a_ticket_once) {
    const auto created = ada_.post("/live/ticket");
    ASSERT_EQ(created.status, 200) << created.body;
    EXPECT_EQ(created.json().at("expires_in_seconds"), 30);
    const json::value greeting{{"type", "hello"}, {"ticket", created.json().at("ticket")}};
    live_client first{server_, greeting};
    EXPECT_EQ(first.message().at("type"), "welcome");
    live_client second{server_, greeting};
    EXPECT_EQ(second.end(), 4401);
    for (int i = 0; i < 16; ++i)
        EXPECT_EQ(ada_.post("/live/ticket").status, 200);
    EXPECT_EQ(ada_.post("/live/ticket").status, 429) << "the number of tickets is limited";
    EXPECT_EQ(bob_.post("/live/ticket").status, 200);
    EXPECT_EQ((api_client{server_}.post("/live/ticket").status), 401);
    EXPECT_EQ(count_events(admin_, "missing_authorization", "denied"), 2) << "a used ticket and no token";
}

TEST_F(live, closes_connections_without_valid_credentials) {
    EXPECT_EQ((live_client{server_, json::object{{"type", "hello"}}}.end()), 4401);
    EXPECT_EQ((live_client{server_, {{"type", "hello"}, {"token", "nonsense"}}}.end()), 4401);
    const json::value device_hello{{"type", "hello"}, {"token", device_token(server_, ada_device_)}};
    EXPECT_EQ((live_client{server_, device_hello}.end()), 4401) << "a device token is not accepted";
    EXPECT_EQ((live_client{server_, {{"type", "subscribe"}, {"id", "a"}, {"all", true}}}.end()), 4401);
    live_client garbage{server_, json::value(ada_.token())};
    EXPECT_EQ(garbage.message().at("type"), "error");
}

TEST_F(live, closes_when_its_sign_in_session_ends) {
    const token_pair first_session = sign_in(server_, "ada@example.com", user_password);
    const token_pair second_session = sign_in(server_, "ada@example.com", user_password);
    live_client first{server_, hello(first_session.access)};
    live_client second{server_, hello(second_session.access)};
    EXPECT_EQ(first.message().at("type"), "welcome");
    EXPECT_EQ(second.message().at("type"), "welcome");
    api_client page{server_, first_session.access};
    ASSERT_EQ(page.post("/auth/logout", {{"refresh_token", first_session.refresh}}).status, 204);
    EXPECT_EQ(first.end(), 4401);
    upload(ada_device_, 1);
    EXPECT_FALSE(second.reading_with(1).is_null()) << "the other session continues";
    // A replayed refresh token ends its session too.
    api_client thief{server_};
    const auto next =
        thief.post("/auth/refresh", {{"refresh_token", second_session.refresh}}).text("/refresh_token");
    ASSERT_EQ(thief.post("/auth/refresh", {{"refresh_token", next}}).status, 200);
    ASSERT_EQ((api_client{server_}.post("/auth/refresh", {{"refresh_token", second_session.refresh}}).status),
              401);
    EXPECT_EQ(second.end(), 4401);
}

TEST_F(live, does_not_open_after_the_sign_in_session_ended) {
    const token_pair pair = sign_in(server_, "ada@example.com", user_password);
    const token_pair other = sign_in(server_, "ada@example.com", user_password);
    api_client page{server_, pair.access};
    const json::value ticket{{"type", "hello"}, {"ticket", page.post("/live/ticket").text("/ticket")}};
    ASSERT_EQ(page.post("/auth/logout", {{"refresh_token", pair.refresh}}).status, 204);
    live_client by_token{server_, hello(pair.access)};
    EXPECT_EQ(by_token.end(), 4401) << "the access token of the ended session";
    live_client by_ticket{server_, ticket};
    EXPECT_EQ(by_ticket.end(), 4401) << "a ticket of the ended session";
    EXPECT_EQ(page.post("/live/ticket").status, 401) << "there is no new ticket";
    live_client elsewhere{server_, hello(other.access)};
    EXPECT_EQ(elsewhere.message().at("type"), "welcome") << "another sign-in of the same person";
    elsewhere.send({{"type", "renew"}, {"token", pair.access}});
    EXPECT_EQ(elsewhere.end(), 4401) << "a token of the ended session cannot renew another connection";
}

TEST_F(live, closes_when_the_role_changes_or_the_account_is_deleted) {
    const auto users = admin_.get("/admin/users").json().as_array();
    const auto id_of = [&](std::string_view email) {
        for (const json::value& row : users)
            if (row.at("email").as_string() == email)
                return std::to_string(row.at("id").as_int64());
        return std::string{};
    };
    live_client ada{server_, hello(ada_.token())};
    EXPECT_EQ(ada.message().at("type"), "welcome");
    ASSERT_EQ(admin_.put("/admin/users/" + id_of("ada@example.com"), {{"role", "admin"}}).status, 200);
    upload(ada_device_, 1);
    EXPECT_TRUE(ada.reading_with(1).is_null()) << "no more events are sent";
    EXPECT_EQ(ada.socket().close_code(), 4401);
    live_client bob{server_, hello(bob_.token())};
    EXPECT_EQ(bob.message().at("type"), "welcome");
    ASSERT_EQ(admin_.del("/admin/users/" + id_of("bob@example.com")).status, 204);
    EXPECT_EQ(bob.end(), 4401);
}

TEST_F(live, resumes_after_the_cursor) {
    live_client before{server_, hello(ada_.token())};
    EXPECT_EQ(before.next("subscribed").at("id"), "x");
    upload(ada_device_, 1);
    EXPECT_FALSE(before.reading_with(1).is_null());
    const std::string cursor = before.cursor();
    before.socket().drop();
    upload(ada_device_, 2);
    upload(bob_device_, 3);
    upload(ada_device_, 4);
    json::value again = hello(ada_.token());
    again.as_object()["cursor"] = cursor;
    live_client after{server_, again};
    EXPECT_EQ(after.message().at("type"), "welcome");
    EXPECT_EQ(after.event(is_reading).at("reading").at("payload").at("n"), 2);
    EXPECT_EQ(after.event(is_reading).at("reading").at("payload").at("n"), 4);

    again.as_object()["cursor"] = "ffffffffffff-7";
    live_client lost{server_, again};
    EXPECT_EQ(lost.next("gap").at("type"), "gap") << "the cursor belongs to another run of the server";
}

TEST_F(live, can_be_renewed_with_a_newer_token) {
    live_client ada{server_, hello(ada_.token())};
    EXPECT_EQ(ada.message().at("type"), "welcome");
    ada.send({{"type", "renew"}, {"token", sign_in(server_, "ada@example.com", user_password).access}});
    EXPECT_EQ(ada.next("renewed").at("type"), "renewed");
    ada.send({{"type", "renew"}, {"token", bob_.token()}});
    EXPECT_EQ(ada.end(), 4401) << "a renewal cannot change the account";
}

TEST_F(live, reports_late_readings_in_one_event) {
    live_client ada{server_, hello(ada_.token())};
    EXPECT_EQ(ada.next("subscribed").at("id"), "x");
    ASSERT_EQ(
        as_device(server_, ada_device_)
            .send("POST", "/device/readings/batch",
                  R"([{"payload":{"n":1},"device_timestamp":"2026-01-15T10:00:00Z"},)"
                  R"({"payload":{"n":2},"device_timestamp":"2026-01-15T11:00:00Z"},{"payload":{"n":3}}])")
            .status,
        200);
    EXPECT_FALSE(ada.reading_with(3).is_null());
    const auto late = ada.event([](const auto& event) { return event.at("type") == "backfill"; });
    EXPECT_EQ(late.at("count"), 2);
    EXPECT_EQ(late.at("oldest"), "2026-01-15T10:00:00Z");
    EXPECT_EQ(late.at("newest"), "2026-01-15T11:00:00Z");
}

} // namespace
} // namespace breakwater::test
