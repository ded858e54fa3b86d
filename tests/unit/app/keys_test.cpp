#include "app/keys.hpp"

#include "app/read_file.hpp"
#include "support/seeded_random.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace breakwater::app {
namespace {

class keys : public testing::Test {
protected:
    keys() { settings_.database = database_url{folder_ / "iot.db"}; }

    std::filesystem::path file() const { return folder_ / "token-keys.json"; }
    std::string text() const { return read_file(file(), 65'536).value(); }
    std::string refusal() {
        const auto loaded = load_tokens(settings_, random_);
        return loaded ? "" : loaded.error().detail;
    }
    /// Sets keys that every environment accepts.
    void set_production() {
        settings_.environment = "production";
        settings_.access_key = "access-key-of-more-than-32-bytes-1";
        settings_.refresh_key = "refresh-key-of-more-than-32-bytes-2";
        settings_.device_key = "device-key-of-more-than-32-bytes-3";
    }

    test::temp_folder folder_;
    test::seeded_random random_;
    config settings_;
};

TEST_F(keys, are_generated_once_and_reused) {
    const auto first = load_tokens(settings_, random_);
    ASSERT_TRUE(first) << first.error().detail;
    const std::string stored = text();
    const auto second = load_tokens(settings_, random_);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->access_key.to_jwk(), first->access_key.to_jwk());
    EXPECT_EQ(second->refresh_key.to_jwk(), first->refresh_key.to_jwk());
    EXPECT_EQ(second->device_key.to_jwk(), first->device_key.to_jwk());
    EXPECT_EQ(text(), stored);
}

TEST_F(keys, differ_for_each_kind_of_token) {
    const auto loaded = load_tokens(settings_, random_).value();
    EXPECT_NE(loaded.access_key.to_jwk(), loaded.refresh_key.to_jwk());
    EXPECT_NE(loaded.access_key.to_jwk(), loaded.device_key.to_jwk());
    EXPECT_NE(loaded.refresh_key.to_jwk(), loaded.device_key.to_jwk());
    EXPECT_FALSE(loaded.device_key.verify(loaded.access_key.sign("{}")));
}

TEST_F(keys, are_stored_in_a_private_file) {
    ASSERT_TRUE(load_tokens(settings_, random_));
    struct stat status{};
    ASSERT_EQ(::stat(file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder_.path()}, {}), 1)
        << "no temporary file remains";
}

TEST_F(keys, are_generated_for_every_algorithm_and_again_when_it_changes) {
    for (const auto algorithm : {crypto::jws_algorithm::hs256, crypto::jws_algorithm::hs512,
                                 crypto::jws_algorithm::es256, crypto::jws_algorithm::eddsa}) {
        settings_.jwt_algorithm = algorithm;
        const auto loaded = load_tokens(settings_, random_);
        ASSERT_TRUE(loaded) << loaded.error().detail;
        EXPECT_EQ(loaded->access_key.algorithm(), algorithm);
        EXPECT_EQ(load_tokens(settings_, random_).value().access_key.to_jwk(), loaded->access_key.to_jwk());
    }
}

TEST_F(keys, from_settings_are_used_and_not_stored) {
    settings_.access_key = "set-by-hand-set-by-hand-set-by-hand";
    const auto loaded = load_tokens(settings_, random_).value();
    const auto same =
        crypto::jws_key::from_secret(crypto::jws_algorithm::hs256, settings_.access_key).value();
    EXPECT_TRUE(same.verify(loaded.access_key.sign("{}")));
    EXPECT_EQ(text().find("\"access\""), std::string::npos);
    EXPECT_NE(text().find("\"refresh\""), std::string::npos);
}

TEST_F(keys, may_be_short_only_in_a_local_environment) {
    set_production();
    settings_.device_key = "31-bytes-are-one-too-few-for-it";
    ASSERT_EQ(settings_.device_key.size(), 31U);
    EXPECT_NE(refusal().find("JWT_DEVICE_SECRET_KEY: "), std::string::npos) << refusal();
    EXPECT_NE(refusal().find("at least 32 bytes"), std::string::npos) << refusal();
    settings_.device_key += '!';
    EXPECT_EQ(refusal(), "");
    settings_.device_key = "short";
    settings_.environment = "local";
    EXPECT_EQ(refusal(), "");
}

TEST_F(keys, must_be_hard_to_guess_outside_a_local_environment) {
    set_production();
    for (const std::string& weak :
         {std::string(64, 'a'), std::string{"change-me-change-me-change-me-change-me"},
          R"({"kty":"oct","alg":"HS256","k":")" + std::string(86, 'A') + R"("})"}) {
        settings_.environment = "production";
        settings_.access_key = weak;
        EXPECT_NE(refusal().find("JWT_SECRET_KEY is easy to guess"), std::string::npos) << refusal();
        settings_.environment = "local";
        EXPECT_EQ(refusal(), "") << "a local environment accepts it";
    }
}

TEST_F(keys, must_all_be_set_outside_a_local_environment) {
    settings_.environment = "production";
    const std::string message = refusal();
    for (const char* name : {"JWT_SECRET_KEY must be set", "JWT_REFRESH_SECRET_KEY must be set",
                             "JWT_DEVICE_SECRET_KEY must be set", "openssl rand"})
        EXPECT_NE(message.find(name), std::string::npos) << message;
    EXPECT_FALSE(std::filesystem::exists(file())) << "nothing is generated";
}

TEST_F(keys, must_differ_outside_a_local_environment) {
    set_production();
    settings_.refresh_key = settings_.access_key;
    EXPECT_NE(refusal().find("JWT_SECRET_KEY and JWT_REFRESH_SECRET_KEY must be different"),
              std::string::npos)
        << refusal();
    settings_.environment = "local";
    EXPECT_EQ(refusal(), "");
}

TEST_F(keys, with_problems_are_all_reported_at_once) {
    set_production();
    settings_.access_key = "short";
    settings_.refresh_key.clear();
    settings_.device_key = R"({"kty":"oct","alg":"HS512","k":")" + std::string(86, 'A') + R"("})";
    const std::string message = refusal();
    EXPECT_NE(message.find("JWT_SECRET_KEY: "), std::string::npos) << message;
    EXPECT_NE(message.find("JWT_REFRESH_SECRET_KEY must be set"), std::string::npos) << message;
    EXPECT_NE(message.find("JWT_DEVICE_SECRET_KEY: The key is for HS512, but JWT_ALGORITHM is HS256."),
              std::string::npos)
        << message;
}

TEST_F(keys, must_be_private) {
    settings_.jwt_algorithm = crypto::jws_algorithm::eddsa;
    // RFC 8037, appendix A.2
    settings_.access_key =
        R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
    EXPECT_NE(refusal().find("JWT_SECRET_KEY is a public key"), std::string::npos) << refusal();
}

TEST_F(keys, are_not_stored_by_checks) {
    const auto refused = load_tokens(settings_, random_, missing_keys::refuse);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("There is no access key yet"), std::string::npos);
    EXPECT_TRUE(load_tokens(settings_, random_, missing_keys::temporary));
    EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(keys, in_an_invalid_file_are_not_replaced) {
    std::ofstream{file()} << "not json";
    EXPECT_NE(refusal().find("not a valid key file"), std::string::npos) << refusal();
    EXPECT_EQ(text(), "not json");
}

TEST_F(keys, that_can_not_be_stored_are_an_error) {
    std::ofstream{folder_ / "file"} << "x";
    settings_.database = database_url{folder_ / "file/iot.db"}; // its folder is a file
    EXPECT_NE(refusal(), "");
}

} // namespace
} // namespace breakwater::app
