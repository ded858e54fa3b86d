#include "support/e2e.hpp"

#include <set>

namespace breakwater::test {
namespace {

namespace json = boost::json;

class audit_targets : public testing::Test {
protected:
    server_process server_;
    api_client admin_ = as_admin(server_);

    json::array events(const std::string& query) {
        return admin_.get("/admin/security-events?limit=500" + query).json().as_array();
    }
    json::array events_about(std::string_view type, std::string_view id, const std::string& more = {}) {
        return events("&target_type=" + std::string{type} + "&target_id=" + std::string{id} + more);
    }
    static std::vector<std::string> types_of(const json::array& events) {
        std::vector<std::string> out;
        for (const json::value& event : events)
            out.emplace_back(event.at("event_type").as_string());
        return out;
    }
};

TEST_F(audit_targets, show_in_one_query_who_rotated_a_secret) {
    api_client ada = as_new_user(server_, "ada@example.com");
    const device_credentials mast = create_device(ada);
    const device_credentials buoy = create_device(ada);
    for (const device_credentials& device : {mast, buoy})
        ASSERT_EQ(ada.post("/devices/" + device.id + "/rotate-secret").status, 200);
    const auto rotations = events_about("device", mast.id, "&event_type=device_secret_rotate");
    ASSERT_EQ(rotations.size(), 1U);
    EXPECT_EQ(rotations[0].at("actor_type"), "user");
    EXPECT_EQ(rotations[0].at("target_type"), "device");
    EXPECT_EQ(rotations[0].at("target_id").as_string(), mast.id);
    EXPECT_EQ(rotations[0].at("target_count"), 1);
    EXPECT_EQ(rotations[0].at("targets").as_array().size(), 1U);
}

TEST_F(audit_targets, are_recorded_for_creations_changes_refusals_and_deletions) {
    api_client ada = as_new_user(server_, "ada@example.com");
    const device_credentials mast = create_device(admin_);
    EXPECT_EQ(ada.get("/devices/" + mast.id).status, 403);
    add_hot_rule(admin_, {{"device_id", mast.id}});
    std::string rule;
    const json::array rules = admin_.get("/alert-rules").json().as_array();
    for (const json::value& row : rules)
        if (!row.at("device_id").is_null())
            rule = std::to_string(row.at("id").as_int64());
    EXPECT_EQ(ada.del("/alert-rules/" + rule).status, 403);
    EXPECT_EQ(admin_.del("/alert-rules/" + rule).status, 204);
    EXPECT_EQ(
        admin_.put("/devices/" + mast.id + "/policy", json::object{{"payload_limit_bytes", 512}}).status,
        200);
    EXPECT_EQ(admin_.del("/devices/" + mast.id).status, 200);
    EXPECT_EQ(
        types_of(events_about("device", mast.id)),
        (std::vector<std::string>{"device_delete", "policy_update", "alert_rule_delete", "alert_rule_create",
                                  "device_forbidden", "reading_seed", "device_create"}));
    EXPECT_EQ(types_of(events_about("alert_rule", rule)),
              (std::vector<std::string>{"alert_rule_delete", "admin_forbidden", "alert_rule_create"}));

    const json::value bob =
        admin_.post("/admin/users", json::object{{"email", "bob@example.com"}, {"password", user_password}})
            .json();
    const std::string bob_id = std::to_string(bob.at("id").as_int64());
    const std::string user = "/admin/users/" + bob_id;
    EXPECT_EQ(ada.put(user, json::object{{"role", "admin"}}).status, 403);
    EXPECT_EQ(api_client{server_}.del(user).status, 401);
    EXPECT_EQ(
        api_client{server_}
            .post("/auth/login", json::object{{"email", "bob@example.com"}, {"password", "not this one"}})
            .status,
        401);
    api_client bob_client{server_, sign_in(server_, "bob@example.com", user_password).access};
    const device_credentials buoy = create_device(bob_client);
    EXPECT_EQ(admin_.del(user).status, 204);
    EXPECT_EQ(types_of(events_about("user", bob_id)),
              (std::vector<std::string>{"user_delete", "login", "login", "missing_authorization",
                                        "admin_forbidden", "user_create"}));
    EXPECT_EQ(types_of(events_about("device", buoy.id)).front(), "device_delete");
}

TEST_F(audit_targets, list_every_device_of_many_refusals) {
    api_client ada = as_new_user(server_, "ada@example.com");
    std::set<std::string> probed;
    for (int i = 0; i < 20; ++i) {
        const device_credentials device = create_device(admin_);
        probed.insert(device.id);
        EXPECT_EQ(ada.get("/devices/" + device.id).status, 403);
    }
    server_.stop(); // writes the pending counts
    server_.start();
    admin_ = as_admin(server_);
    const auto denials = events("&event_type=device_forbidden");
    ASSERT_EQ(denials.size(), 2U);
    EXPECT_EQ(denials[0].at("count"), 19);
    EXPECT_EQ(denials[0].at("target_count"), 20);
    std::set<std::string> listed;
    for (const json::value& target : denials[0].at("targets").as_array())
        listed.emplace(target.at("target_id").as_string());
    EXPECT_EQ(listed, probed);
    for (const std::string& id : probed)
        EXPECT_GE(events_about("device", id, "&event_type=device_forbidden").size(), 1U) << id;
}

TEST_F(audit_targets, and_sources_stay_separate_from_a_flooding_network) {
    server_.stop();
    server_.settings().variables["TRUSTED_PROXIES"] = "127.0.0.1";
    server_.start();
    const auto guess_password = [&](const std::string& address, const std::string& email) {
        return api_client{server_}
            .post("/auth/login", json::object{{"email", email}, {"password", "not this one"}},
                  {{"X-Forwarded-For", address}})
            .status;
    };
    api_client flood{server_, "no.token.atall"};
    for (int i = 0; i < 4200; ++i)
        EXPECT_EQ(flood.get("/devices", {{"X-Forwarded-For", "2001:db8:1:2::" + std::to_string(i)}}).status,
                  401);
    EXPECT_EQ(guess_password("2001:db8:1:2::1", "nobody@example.com"), 401);
    for (int i = 1; i <= 5; ++i)
        EXPECT_EQ(guess_password("192.0.2." + std::to_string(i), "admin@example.com"), 401);
    admin_ = as_admin(server_);
    const json::array denials = events("&event_type=login&status=denied");
    for (int i = 1; i <= 5; ++i) {
        const std::string address = "192.0.2." + std::to_string(i);
        const auto event = std::ranges::find_if(denials, [&](const json::value& denial) {
            return denial.at("source_address").as_string() == address;
        });
        ASSERT_NE(event, denials.end()) << address;
        EXPECT_EQ(event->at("target_type"), "user");
        EXPECT_EQ(event->at("target_id"), "1");
    }
    EXPECT_LT(events("&event_type=jwt_invalid").size(), 100U);
}

TEST_F(audit_targets, are_not_hidden_by_sign_ins_of_the_device) {
    const device_credentials mast = create_device(admin_);
    for (int i = 0; i < 3; ++i)
        device_token(server_, mast);
    const auto all = events_about("device", mast.id);
    const auto without_routine = events_about("device", mast.id, "&routine=false");
    EXPECT_EQ(all.size(), without_routine.size() + 1);
    EXPECT_EQ(types_of(all).front(), "device_auth");
    EXPECT_EQ(types_of(without_routine),
              (std::vector<std::string>{"device_update", "reading_seed", "device_create"}));
}

TEST_F(audit_targets, show_an_owner_only_events_about_their_own_device) {
    api_client ada = as_new_user(server_, "ada@example.com");
    api_client eve = as_new_user(server_, "eve@example.com");
    const device_credentials mast = create_device(ada);
    const device_credentials other = create_device(admin_);
    const std::string path = "/devices/" + mast.id + "/security-events";
    EXPECT_EQ(eve.get("/devices/" + other.id).status, 403);
    EXPECT_EQ(eve.get("/devices/" + mast.id).status, 403);
    EXPECT_EQ(eve.get(path).status, 403);
    EXPECT_EQ(api_client{server_}.get(path).status, 401);
    EXPECT_EQ(ada.post("/devices/" + mast.id + "/rotate-secret").status, 200);
    EXPECT_EQ(admin_.post("/devices/" + mast.id + "/deactivate").status, 200);
    server_.stop(); // writes the pending counts
    server_.start();
    ada = api_client{server_, sign_in(server_, "ada@example.com", user_password).access};
    admin_ = as_admin(server_);

    const json::array visible = ada.get(path).json().as_array();
    const auto types = types_of(visible);
    for (const char* type : {"device_create", "device_secret_rotate", "device_block", "device_forbidden"})
        EXPECT_NE(std::ranges::find(types, type), types.end()) << type;
    for (const json::value& event : visible) {
        const std::string text = json::serialize(event);
        EXPECT_EQ(text.find(other.id), std::string::npos) << text;
        EXPECT_EQ(event.at("target_count"), 1) << text;
        if (event.at("event_type") == "device_secret_rotate") {
            EXPECT_EQ(event.at("actor_id"), "2") << text;
            EXPECT_EQ(event.at("source_address"), "127.0.0.1") << text;
        }
        if (event.at("event_type") == "device_block" || event.at("event_type") == "device_forbidden") {
            EXPECT_EQ(event.at("actor_type"), "user") << text;
            EXPECT_TRUE(event.at("actor_id").is_null()) << text;
            EXPECT_TRUE(event.at("source_address").is_null()) << text;
            EXPECT_TRUE(event.at("request_id").is_null()) << text;
        }
    }
    const json::array all = admin_.get(path).json().as_array();
    EXPECT_TRUE(std::ranges::any_of(all, [](const json::value& event) {
        return event.at("event_type") == "device_forbidden" && event.at("actor_id") == "3" &&
               event.at("target_count") == 2;
    })) << "an administrator sees all details";

    const auto first = ada.get(path + "?limit=1");
    ASSERT_EQ(first.json().as_array().size(), 1U);
    const auto second = ada.get(path + "?limit=1&cursor=" + first.field("X-Next-Cursor"));
    ASSERT_EQ(second.json().as_array().size(), 1U);
    EXPECT_EQ(second.json().at(0).at("id"), visible[1].at("id"));
    EXPECT_EQ(ada.get(path + "?event_type=device_block").json().as_array().size(), 1U);
    for (const std::string query :
         {"?limit=0", "?target_type=device", "?actor_id=1", "?routine=maybe", "?cursor=x"})
        EXPECT_EQ(ada.get(path + query).status, 422) << query;
    EXPECT_EQ(ada.get("/devices/" + other.id + "/security-events").status, 403);
    EXPECT_EQ(ada.get("/devices/nonsense/security-events").status, 422);
}

TEST_F(audit_targets, include_sign_ins_of_a_device_on_request) {
    const device_credentials mast = create_device(admin_);
    device_token(server_, mast);
    const std::string path = "/devices/" + mast.id + "/security-events";
    const auto has_sign_in = [&](const std::string& query) {
        const auto types = types_of(admin_.get(path + query).json().as_array());
        return std::ranges::find(types, "device_auth") != types.end();
    };
    EXPECT_FALSE(has_sign_in(""));
    EXPECT_TRUE(has_sign_in("?routine=true"));
    EXPECT_TRUE(has_sign_in("?event_type=device_auth"));
    EXPECT_FALSE(has_sign_in("?event_type=device_auth&routine=false"));
}

TEST_F(audit_targets, refuse_invalid_filters) {
    for (const std::string query : {"?target_type=planet", "?target_type=", "?target_id=7",
                                    "?target_type=device&target_id=", "?target_type=device&target_id=7",
                                    "?routine=perhaps", "?target_type=device&target_type=device"})
        EXPECT_EQ(admin_.get("/admin/security-events" + query).status, 422) << query;
    EXPECT_EQ(
        admin_.get("/admin/security-events?target_type=device&target_id=" + std::string(65, 'x')).status,
        422);
}

} // namespace
} // namespace breakwater::test
