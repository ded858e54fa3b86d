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
    static json::value hello(const std::string& token, json::object wanted = {{"id", "x"}, {"all", true}}) {
        return {{"type", "hello"}, {"token", token}, {"subscriptions", json::array{std::move(wanted)}}};
    }
    void upload(const made_device& device, std::int64_t n) {
        ASSERT_EQ(as_device(server_, device).post("/device/readings", {{"payload", {{"n", n}}}}).status, 201);
    }

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                          {"DEVICE_BCRYPT_COST", "4"},
                                          {"TELEMETRY_SIMULATION_ENABLED", "false"}}}};
    api_client admin_ = as_admin(server_);
    api_client ada_ = as_new_user(server_, "ada@example.com");
    api_client bob_ = as_new_user(server_, "bob@example.com");
    made_device hers_ = create_device(ada_, "Hers");
    made_device his_ = create_device(bob_, "His", "ip_camera");
};

TEST_F(live, tells_everybody_what_happens_to_their_own_devices_alone) {
    live_client ada{server_, hello(ada_.token())};
    live_client bob{server_, hello(bob_.token()), true};
    live_client all{server_, hello(admin_.token())};
    for (live_client* each : {&ada, &bob, &all}) {
        EXPECT_EQ(each->message().at("type"), "welcome");
        EXPECT_EQ(each->message().at("type"), "subscribed");
    }
    upload(his_, 1);
    upload(hers_, 2);
    upload(his_, 3);
    const auto first = ada.event(is_reading);
    EXPECT_EQ(first.at("type"), "reading");
    EXPECT_EQ(first.at("reading").at("payload").at("n"), 2);
    EXPECT_EQ(first.at("reading").at("device_id").as_string(), hers_.id);
    EXPECT_FALSE(bob.reading_with(1).is_null());
    EXPECT_FALSE(bob.reading_with(3).is_null());
    for (const int n : {1, 2, 3})
        EXPECT_FALSE(all.reading_with(n).is_null()) << n;

    ASSERT_EQ(ada_.put("/devices/" + hers_.id, {{"name", "Renamed"}}).status, 200);
    const auto renamed = ada.event([](const auto& one) { return one.at("type") == "device"; });
    EXPECT_EQ(renamed.at("change"), "updated");
    EXPECT_EQ(renamed.at("name"), "Renamed");
    ASSERT_EQ(ada_.del("/devices/" + hers_.id).status, 200);
    const auto gone = ada.event([](const auto& one) { return one.at("type") == "device"; });
    EXPECT_EQ(gone.at("change"), "deleted");
    EXPECT_EQ(gone.at("device_id").as_string(), hers_.id);
    upload(his_, 4);
    EXPECT_FALSE(bob.reading_with(4).is_null());
}

TEST_F(live, tells_what_was_asked_for) {
    const made_device camera = create_device(ada_, "Eye", "ip_camera");
    live_client by_device{server_, hello(ada_.token(), {{"id", "d"}, {"devices", {camera.id}}})};
    live_client by_kind{server_, hello(ada_.token(), {{"id", "k"}, {"categories", {"weather_station"}}})};
    EXPECT_EQ(by_device.next("subscribed").at("id"), "d");
    EXPECT_EQ(by_kind.next("subscribed").at("id"), "k");
    upload(hers_, 1);
    upload(camera, 2);
    EXPECT_EQ(by_device.event(is_reading).at("reading").at("payload").at("n"), 2);
    EXPECT_EQ(by_kind.event(is_reading).at("reading").at("payload").at("n"), 1);

    upload(hers_, 10); // behind 2: once it is here, 2 was looked at
    EXPECT_FALSE(by_kind.reading_with(10).is_null());
    by_kind.send({{"type", "unsubscribe"}, {"id", "k"}});
    EXPECT_EQ(by_kind.next("unsubscribed").at("id"), "k");
    by_kind.send({{"type", "subscribe"}, {"id", "new"}, {"devices", {his_.id, camera.id}}});
    EXPECT_EQ(by_kind.next("subscribed").at("id"), "new");
    upload(his_, 3);
    upload(hers_, 4);
    upload(camera, 5);
    EXPECT_EQ(by_kind.event(is_reading).at("reading").at("payload").at("n"), 5)
        << "naming another's device gives nothing";
    for (const json::value& wrong :
         {json::value{{"type", "subscribe"}}, json::value{{"type", "subscribe"}, {"id", "e"}},
          json::value{{"type", "subscribe"}, {"id", "e"}, {"devices", {"nonsense"}}},
          json::value{{"type", "subscribe"}, {"id", "e"}, {"categories", "ip_camera"}},
          json::value{{"type", "subscribe"}, {"id", "e"}, {"all", 1}}, json::value{{"type", "dance"}},
          json::value{{"type", "unsubscribe"}, {"id", "k"}}, json::value(json::array{})}) {
        by_kind.send(wrong);
        EXPECT_EQ(by_kind.message().at("type"), "error") << json::serialize(wrong);
    }
}

TEST_F(live, tells_administrators_of_security_events_and_nobody_else) {
    live_client all{server_, hello(admin_.token(), {{"id", "s"}, {"security_events", true}})};
    EXPECT_EQ(all.next("subscribed").at("id"), "s");
    live_client ada{server_, hello(ada_.token(), {{"id", "s"}, {"security_events", true}})};
    EXPECT_EQ(ada.next("error").at("detail"), "Only an administrator may hear of security events.");
    const auto denied = all.event([](const auto& one) { return one.at("event_type") == "admin_forbidden"; });
    EXPECT_EQ(denied.at("route"), "GET /live");
    EXPECT_EQ(denied.at("source_address"), "127.0.0.1");
    api_client stranger{server_, "nonsense"};
    EXPECT_EQ(stranger.get("/devices").status, 401);
    EXPECT_FALSE(all.event([](const auto& one) { return one.at("event_type") == "jwt_invalid"; }).is_null());
}

TEST_F(live, opens_with_a_ticket_once) {
    const auto made = ada_.post("/live/ticket");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.json().at("expires_in_seconds"), 30);
    const json::value greeting{{"type", "hello"}, {"ticket", made.json().at("ticket")}};
    live_client first{server_, greeting};
    EXPECT_EQ(first.message().at("type"), "welcome");
    live_client second{server_, greeting};
    EXPECT_EQ(second.end(), 4401);
    for (int i = 0; i < 16; ++i)
        EXPECT_EQ(ada_.post("/live/ticket").status, 200);
    EXPECT_EQ(ada_.post("/live/ticket").status, 429) << "bounded";
    EXPECT_EQ(bob_.post("/live/ticket").status, 200);
    EXPECT_EQ((api_client{server_}.post("/live/ticket").status), 401);
    EXPECT_EQ(count_events(admin_, "missing_authorization", "denied"), 2) << "the used ticket, and nobody";
}

TEST_F(live, is_closed_to_who_does_not_say_who_they_are) {
    EXPECT_EQ((live_client{server_, json::object{{"type", "hello"}}}.end()), 4401);
    EXPECT_EQ((live_client{server_, {{"type", "hello"}, {"token", "nonsense"}}}.end()), 4401);
    EXPECT_EQ((live_client{server_, {{"type", "hello"}, {"token", device_token(server_, hers_)}}}.end()),
              4401)
        << "a device is nobody here";
    EXPECT_EQ((live_client{server_, {{"type", "subscribe"}, {"id", "a"}, {"all", true}}}.end()), 4401);
    live_client garbage{server_, json::value(ada_.token())};
    EXPECT_EQ(garbage.message().at("type"), "error");
}

TEST_F(live, ends_with_the_sign_in_it_came_from) {
    const token_pair one = sign_in(server_, "ada@example.com", user_password);
    const token_pair other = sign_in(server_, "ada@example.com", user_password);
    live_client first{server_, hello(one.access)};
    live_client second{server_, hello(other.access)};
    EXPECT_EQ(first.message().at("type"), "welcome");
    EXPECT_EQ(second.message().at("type"), "welcome");
    ASSERT_EQ((api_client{server_, one.access}.post("/auth/logout", {{"refresh_token", one.refresh}}).status),
              204);
    EXPECT_EQ(first.end(), 4401);
    upload(hers_, 1);
    EXPECT_FALSE(second.reading_with(1).is_null()) << "another sign-in goes on";
    // A replayed refresh token ends its session, too.
    api_client thief{server_};
    const auto next = thief.post("/auth/refresh", {{"refresh_token", other.refresh}}).text("/refresh_token");
    ASSERT_EQ(thief.post("/auth/refresh", {{"refresh_token", next}}).status, 200);
    ASSERT_EQ((api_client{server_}.post("/auth/refresh", {{"refresh_token", other.refresh}}).status), 401);
    EXPECT_EQ(second.end(), 4401);
}

TEST_F(live, does_not_open_again_once_the_sign_in_has_ended) {
    const token_pair pair = sign_in(server_, "ada@example.com", user_password);
    const token_pair other = sign_in(server_, "ada@example.com", user_password);
    api_client page{server_, pair.access};
    const json::value ticket{{"type", "hello"}, {"ticket", page.post("/live/ticket").text("/ticket")}};
    ASSERT_EQ(page.post("/auth/logout", {{"refresh_token", pair.refresh}}).status, 204);
    live_client by_token{server_, hello(pair.access)};
    EXPECT_EQ(by_token.end(), 4401) << "the access token from before";
    live_client by_ticket{server_, ticket};
    EXPECT_EQ(by_ticket.end(), 4401) << "a ticket from before";
    EXPECT_EQ(page.post("/live/ticket").status, 401) << "and no new one";
    live_client elsewhere{server_, hello(other.access)};
    EXPECT_EQ(elsewhere.message().at("type"), "welcome") << "another sign-in of the same person";
    elsewhere.send({{"type", "renew"}, {"token", pair.access}});
    EXPECT_EQ(elsewhere.end(), 4401) << "nor is one renewed with it";
}

TEST_F(live, ends_when_role_or_password_change_or_the_account_goes) {
    const auto users = admin_.get("/admin/users").json().as_array();
    const auto id_of = [&](std::string_view email) {
        for (const json::value& each : users)
            if (each.at("email").as_string() == email)
                return std::to_string(each.at("id").as_int64());
        return std::string{};
    };
    live_client ada{server_, hello(ada_.token())};
    EXPECT_EQ(ada.message().at("type"), "welcome");
    ASSERT_EQ(admin_.put("/admin/users/" + id_of("ada@example.com"), {{"role", "admin"}}).status, 200);
    upload(hers_, 1);
    EXPECT_TRUE(ada.reading_with(1).is_null()) << "nothing is told any more";
    EXPECT_EQ(ada.socket().close_code(), 4401);
    live_client bob{server_, hello(bob_.token())};
    EXPECT_EQ(bob.message().at("type"), "welcome");
    ASSERT_EQ(admin_.del("/admin/users/" + id_of("bob@example.com")).status, 204);
    EXPECT_EQ(bob.end(), 4401);
}

TEST_F(live, goes_on_where_it_was) {
    live_client before{server_, hello(ada_.token())};
    EXPECT_EQ(before.next("subscribed").at("id"), "x");
    upload(hers_, 1);
    EXPECT_FALSE(before.reading_with(1).is_null());
    const std::string cursor = before.cursor();
    before.socket().drop();
    upload(hers_, 2);
    upload(his_, 3);
    upload(hers_, 4);
    json::value again = hello(ada_.token());
    again.as_object()["cursor"] = cursor;
    live_client after{server_, again};
    EXPECT_EQ(after.message().at("type"), "welcome");
    EXPECT_EQ(after.event(is_reading).at("reading").at("payload").at("n"), 2);
    EXPECT_EQ(after.event(is_reading).at("reading").at("payload").at("n"), 4);

    again.as_object()["cursor"] = "ffffffffffff-7";
    live_client lost{server_, again};
    EXPECT_EQ(lost.next("gap").at("type"), "gap") << "the cursor of another run";
}

TEST_F(live, is_renewed_with_a_newer_token) {
    live_client ada{server_, hello(ada_.token())};
    EXPECT_EQ(ada.message().at("type"), "welcome");
    ada.send({{"type", "renew"}, {"token", sign_in(server_, "ada@example.com", user_password).access}});
    EXPECT_EQ(ada.next("renewed").at("type"), "renewed");
    ada.send({{"type", "renew"}, {"token", bob_.token()}});
    EXPECT_EQ(ada.end(), 4401) << "nobody becomes somebody else";
}

TEST_F(live, tells_of_late_readings_in_one) {
    live_client ada{server_, hello(ada_.token())};
    EXPECT_EQ(ada.next("subscribed").at("id"), "x");
    ASSERT_EQ(
        as_device(server_, hers_)
            .send("POST", "/device/readings/batch",
                  R"([{"payload":{"n":1},"device_timestamp":"2026-01-15T10:00:00Z"},)"
                  R"({"payload":{"n":2},"device_timestamp":"2026-01-15T11:00:00Z"},{"payload":{"n":3}}])")
            .status,
        200);
    EXPECT_FALSE(ada.reading_with(3).is_null());
    const auto late = ada.event([](const auto& one) { return one.at("type") == "backfill"; });
    EXPECT_EQ(late.at("count"), 2);
    EXPECT_EQ(late.at("oldest"), "2026-01-15T10:00:00Z");
    EXPECT_EQ(late.at("newest"), "2026-01-15T11:00:00Z");
}

} // namespace
} // namespace breakwater::test
