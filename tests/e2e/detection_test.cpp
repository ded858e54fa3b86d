#include "support/e2e.hpp"
#include "support/live_client.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace breakwater::test {
namespace {

namespace json = boost::json;

std::string base64url(std::string_view bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    std::erase(out, '=');
    std::ranges::replace(out, '+', '-');
    std::ranges::replace(out, '/', '_');
    return out;
}

json::object claims_of(std::string_view token) {
    std::string payload{token.substr(token.find('.') + 1)};
    payload.resize(payload.find('.'));
    std::ranges::replace(payload, '-', '+');
    std::ranges::replace(payload, '_', '/');
    payload.append((4 - payload.size() % 4) % 4, '=');
    std::string text(3 * (payload.size() / 4), '\0');
    EXPECT_GE(EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                              reinterpret_cast<const unsigned char*>(payload.data()),
                              static_cast<int>(payload.size())),
              0);
    return json::parse(text.substr(0, text.rfind('}') + 1)).as_object();
}

std::string signed_by(std::string_view key, const json::object& claims) {
    std::string token =
        base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + base64url(json::serialize(claims));
    std::string digest(32, '\0');
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(token.data()), token.size(),
         reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return token + "." + base64url(digest);
}

/// Moves the times of the claims to 2020.
json::object expired(json::object claims) {
    claims["iat"] = claims["nbf"] = 1'600'000'000;
    claims["exp"] = 1'600'000'900;
    return claims;
}

constexpr std::string_view access_key = "5f3c1e9a7b2d4860c5e1f7a93b6d2084";
constexpr std::string_view device_key = "b81d6c40e7f2953a0c6e8d1f47a2b935";
constexpr std::string_view refresh_key = "2e7a9c05d4b8f6137c0e5a2d9f8b1463";
constexpr std::string_view stranger_key = "90d2f4b6a8c1e3075a7c9e1b3d5f7092";

class detection : public testing::Test {
protected:
    using fields = http_fields;
    static fields from(std::string_view address) { return {{"X-Forwarded-For", std::string{address}}}; }

    /// The actor of the newest denied event of this type, as in the log: `user 2`, `anonymous `.
    std::string actor_of(std::string_view type) {
        const auto page =
            admin_.get("/admin/security-events?status=denied&limit=1&event_type=" + std::string{type}).json();
        const auto& events = page.as_array();
        if (events.empty())
            return "no event";
        const auto& actor = events.front().at("actor_id");
        return std::string{events.front().at("actor_type").as_string()} + " " +
               (actor.is_null() ? "" : std::string{actor.as_string()});
    }
    std::string id_of(api_client& client) {
        return std::string{claims_of(client.token()).at("sub").as_string()};
    }

    int sign_in_from(std::string_view address, const std::string& email, std::string_view password) {
        return anyone_.post("/auth/login", {{"email", email}, {"password", password}}, from(address)).status;
    }
    int request_token(const std::string& device, std::string_view secret) {
        return anyone_
            .post("/device/token", {{"device_id", device}, {"device_secret", secret}}, from("203.0.113.60"))
            .status;
    }
    /// The alerts about all events so far, each as `severity rule, subject`, sorted. Sends forged tokens and
    /// waits for their alert, because every earlier event is evaluated by then. The result omits that alert.
    std::vector<std::string> alerts_so_far(std::string_view forger = "203.0.113.99") {
        api_client stranger{server_, signed_by(stranger_key, claims_of(ada_.token()))};
        for (int i = 0; i < 20; ++i)
            EXPECT_EQ(stranger.get("/devices", from(forger)).status, 401);
        const auto forgery = listener_.event([](const json::value& event) {
            return event.at("change") == "raised" &&
                   event.at("alert").at("rule_name") == "Forged tokens from one address";
        });
        if (forgery.is_null())
            return {"no alert for forged tokens"};
        EXPECT_EQ(forgery.at("alert").at("count"), 20) << "only the forged tokens count";
        EXPECT_EQ(forgery.at("alert").at("subject").as_string(), forger);
        std::vector<std::string> out;
        const json::array rows = admin_.get("/alerts?state=live").json().as_array();
        for (const json::value& alert : rows)
            if (alert.at("id") != forgery.at("alert").at("id"))
                out.push_back(std::string{alert.at("severity").as_string()} + " " +
                              std::string{alert.at("rule_name").as_string()} + ", " +
                              std::string{alert.at("subject").as_string()});
        std::ranges::sort(out);
        return out;
    }
    using alerts = std::vector<std::string>;

    server_process server_{{.variables = {{"TRUSTED_PROXIES", "127.0.0.1"},
                                          {"DEVICE_BCRYPT_COST", "4"},
                                          {"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                          {"JWT_SECRET_KEY", std::string{access_key}},
                                          {"JWT_DEVICE_SECRET_KEY", std::string{device_key}},
                                          {"JWT_REFRESH_SECRET_KEY", std::string{refresh_key}}}}};
    api_client admin_ = as_admin(server_);
    api_client ada_ = as_new_user(server_, "ada@example.com");
    api_client anyone_{server_};
    live_client listener_{server_, alerts_greeting(admin_.token())};
};

TEST_F(detection, records_the_owner_of_an_expired_token) {
    api_client expired_client{server_, signed_by(access_key, expired(claims_of(ada_.token())))};
    EXPECT_EQ(expired_client.get("/devices").status, 401);
    EXPECT_EQ(actor_of("jwt_invalid"), "user " + id_of(ada_));

    const device_credentials roof = create_device(ada_);
    api_client device{server_, signed_by(device_key, expired(claims_of(device_token(server_, roof))))};
    EXPECT_EQ(device.post("/device/readings", {{"payload", sample_payload()}}).status, 401);
    EXPECT_EQ(actor_of("jwt_invalid"), "device " + roof.id);

    const std::string refresh = sign_in(server_, "ada@example.com", user_password).refresh;
    EXPECT_EQ(
        admin_.post("/auth/refresh", {{"refresh_token", signed_by(refresh_key, expired(claims_of(refresh)))}})
            .status,
        401);
    EXPECT_EQ(actor_of("refresh"), "user " + id_of(ada_));
}

TEST_F(detection, records_the_owner_of_a_revoked_token) {
    const device_credentials roof = create_device(ada_);
    api_client device = as_device(server_, roof);
    ASSERT_EQ(ada_.post("/devices/" + roof.id + "/rotate-secret").status, 200);
    EXPECT_EQ(device.post("/device/readings", {{"payload", sample_payload()}}).status, 401);
    EXPECT_EQ(actor_of("jwt_invalid"), "device " + roof.id);

    const token_pair pair = sign_in(server_, "ada@example.com", user_password);
    ASSERT_EQ(ada_.post("/auth/logout-all").status, 204);
    EXPECT_EQ(ada_.get("/devices").status, 401);
    EXPECT_EQ(actor_of("jwt_invalid"), "user " + id_of(ada_));
    EXPECT_EQ(admin_.post("/auth/refresh", {{"refresh_token", pair.refresh}}).status, 401);
    EXPECT_EQ(actor_of("refresh"), "user " + id_of(ada_));
}

TEST_F(detection, records_the_owner_of_a_revoked_token_on_live) {
    ASSERT_EQ(ada_.post("/auth/logout-all").status, 204);
    EXPECT_EQ((live_client{server_, alerts_greeting(ada_.token())}.end()), 4401);
    ASSERT_TRUE(wait_for_event(admin_, "jwt_invalid", "denied"));
    EXPECT_EQ(actor_of("jwt_invalid"), "user " + id_of(ada_));
}

TEST_F(detection, records_a_forged_token_as_anonymous) {
    const json::object claims = claims_of(ada_.token());
    const std::string token = ada_.token();
    json::object other_issuer = claims;
    other_issuer["iss"] = "another";
    std::string tampered = token;
    tampered[token.find('.') + 12] ^= 1;
    for (const std::string& forged :
         {signed_by(stranger_key, claims), signed_by(device_key, claims), signed_by(access_key, other_issuer),
          tampered,
          base64url(R"({"alg":"none","typ":"JWT"})") +
              token.substr(token.find('.'), token.rfind('.') - token.find('.') + 1),
          token.substr(0, token.rfind('.') + 1) + base64url("no signature")}) {
        EXPECT_EQ((api_client{server_, forged}.get("/devices").status), 401);
        EXPECT_EQ(actor_of("jwt_invalid"), "anonymous ") << forged;
    }
    EXPECT_EQ(admin_.post("/auth/refresh", {{"refresh_token", signed_by(stranger_key, claims)}}).status, 401);
    EXPECT_EQ(actor_of("refresh"), "anonymous ");
}

TEST_F(detection, does_not_treat_a_fleet_with_revoked_tokens_as_forgers) {
    const auto site = from("203.0.113.60");
    std::vector<std::string> ids;
    for (int i = 0; i < 60; ++i) {
        const device_credentials device = create_device(ada_);
        ids.push_back(device.id);
        api_client sender = as_device(server_, device);
        ASSERT_EQ(ada_.post("/devices/" + device.id + "/rotate-secret").status, 200);
        for (int attempt = 0; attempt < 2; ++attempt)
            EXPECT_EQ(sender.post("/device/readings", {{"payload", sample_payload()}}, site).status, 401);
    }
    EXPECT_EQ(alerts_so_far("203.0.113.60"), alerts{});
    ASSERT_EQ(server_.stop(), 0); // writes the pending counts
    server_.start();
    admin_ = as_admin(server_);
    // Beyond the limit of rows per network, one row counts the rest and lists twenty of their devices.
    for (std::size_t i = 0; i < 50; ++i)
        EXPECT_GT(admin_.get("/devices/" + ids[i] + "/security-events?event_type=jwt_invalid")
                      .json()
                      .as_array()
                      .size(),
                  0U)
            << i;
}

TEST_F(detection, detects_a_password_tried_on_many_accounts_from_many_addresses) {
    // Tries each account once and from another address each time, so no count by account or address grows.
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(sign_in_from("198.51.100." + std::to_string(i),
                               "person" + std::to_string(i) + "@example.com", "Winter2026!"),
                  401);
    EXPECT_EQ(alerts_so_far(), alerts{"critical Passwords tried on many accounts, all sign-ins"});
}

TEST_F(detection, does_not_treat_mistyped_passwords_as_an_attack) {
    // One user mistypes five times. Twenty pupils, four at each address, mistype once before they sign in.
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sign_in_from("203.0.113.5", "ada@example.com", "mistyped " + std::to_string(i)), 401);
    for (int i = 0; i < 20; ++i) {
        const std::string email = "pupil" + std::to_string(i) + "@example.com";
        as_new_user(server_, email);
        const std::string address = "203.0.113." + std::to_string(10 + i / 4);
        EXPECT_EQ(sign_in_from(address, email, "mistyped"), 401);
        EXPECT_EQ(sign_in_from(address, email, user_password), 200);
    }
    const device_credentials foreign = create_device(admin_);
    for (int i = 0; i < 15; ++i)
        EXPECT_EQ(ada_.get("/devices/" + foreign.id).status, 403) << "an old bookmark";
    EXPECT_EQ(alerts_so_far(), alerts{});
}

TEST_F(detection, detects_a_user_who_probes_many_devices_of_others) {
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(ada_.get("/devices/" + create_device(admin_).id).status, 403);
    EXPECT_EQ(alerts_so_far(), alerts{"warning One user tries many others' devices, user " + id_of(ada_)});
}

TEST_F(detection, detects_a_user_who_probes_calls_of_administrators) {
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(ada_.get("/admin/users").status, 403);
    EXPECT_EQ(alerts_so_far(), alerts{"warning Administrators' calls by a user, user " + id_of(ada_)});
}

TEST_F(detection, detects_many_wrong_device_secrets) {
    for (int i = 0; i < 40; ++i)
        EXPECT_EQ(request_token(create_device(ada_).id, "guess"), 401);
    EXPECT_EQ(alerts_so_far(), alerts{"warning Wrong device secrets from one address, 203.0.113.60"});
}

TEST_F(detection, raises_one_alert_for_a_fleet_with_old_secrets) {
    std::vector<std::string> device_ids;
    for (int i = 0; i < 5; ++i)
        device_ids.push_back(create_device(ada_).id);
    for (int round = 0; round < 20; ++round)
        for (const std::string& id : device_ids)
            EXPECT_NE(request_token(id, "the old one"), 200);
    EXPECT_EQ(alerts_so_far(), alerts{"warning Wrong device secrets from one address, 203.0.113.60"});
    const auto list = admin_.get("/alerts?state=live").json();
    EXPECT_TRUE(std::ranges::any_of(list.as_array(), [](const json::value& alert) {
        return alert.at("summary").as_string().ends_with("for 5 devices.");
    })) << list;
}

} // namespace
} // namespace breakwater::test
