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
    keys() { chosen_.database_file = folder_ / "iot.db"; }

    std::filesystem::path file() const { return folder_ / "token-keys.json"; }
    std::string text() const { return read_file(file(), 65'536).value(); }
    std::string refusal() {
        const auto loaded = load_tokens(chosen_, random_);
        return loaded ? "" : loaded.error().detail;
    }
    /// Keys that pass anywhere.
    void go_to_production() {
        chosen_.environment = "production";
        chosen_.access_key = "access-key-of-more-than-32-bytes-1";
        chosen_.refresh_key = "refresh-key-of-more-than-32-bytes-2";
        chosen_.device_key = "device-key-of-more-than-32-bytes-3";
    }

    test::temp_folder folder_;
    test::seeded_random random_;
    config chosen_;
};

TEST_F(keys, are_generated_once_and_used_again) {
    const auto first = load_tokens(chosen_, random_);
    ASSERT_TRUE(first) << first.error().detail;
    const std::string kept = text();
    const auto second = load_tokens(chosen_, random_);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->access_key.to_jwk(), first->access_key.to_jwk());
    EXPECT_EQ(second->refresh_key.to_jwk(), first->refresh_key.to_jwk());
    EXPECT_EQ(second->device_key.to_jwk(), first->device_key.to_jwk());
    EXPECT_EQ(text(), kept);
}

TEST_F(keys, are_one_for_each_kind_of_token) {
    const auto made = load_tokens(chosen_, random_).value();
    EXPECT_NE(made.access_key.to_jwk(), made.refresh_key.to_jwk());
    EXPECT_NE(made.access_key.to_jwk(), made.device_key.to_jwk());
    EXPECT_NE(made.refresh_key.to_jwk(), made.device_key.to_jwk());
    EXPECT_FALSE(made.device_key.verify(made.access_key.sign("{}")));
}

TEST_F(keys, are_kept_from_others_eyes) {
    ASSERT_TRUE(load_tokens(chosen_, random_));
    struct stat found{};
    ASSERT_EQ(::stat(file().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 07777U, 0600U);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder_.path()}, {}), 1)
        << "nothing is left over";
}

TEST_F(keys, are_generated_for_every_algorithm_and_anew_for_another) {
    for (const auto algorithm : {crypto::jws_algorithm::hs256, crypto::jws_algorithm::hs512,
                                 crypto::jws_algorithm::es256, crypto::jws_algorithm::eddsa}) {
        chosen_.jwt_algorithm = algorithm;
        const auto made = load_tokens(chosen_, random_);
        ASSERT_TRUE(made) << made.error().detail;
        EXPECT_EQ(made->access_key.algorithm(), algorithm);
        EXPECT_EQ(load_tokens(chosen_, random_).value().access_key.to_jwk(), made->access_key.to_jwk());
    }
}

TEST_F(keys, that_are_set_are_used_and_not_written_down) {
    chosen_.access_key = "set-by-hand-set-by-hand-set-by-hand";
    const auto made = load_tokens(chosen_, random_).value();
    const auto same = crypto::jws_key::from_secret(crypto::jws_algorithm::hs256, chosen_.access_key).value();
    EXPECT_TRUE(same.verify(made.access_key.sign("{}")));
    EXPECT_EQ(text().find("\"access\""), std::string::npos);
    EXPECT_NE(text().find("\"refresh\""), std::string::npos);
}

TEST_F(keys, may_be_short_in_a_local_environment_only) {
    go_to_production();
    chosen_.device_key = "31-bytes-are-one-too-few-for-it";
    ASSERT_EQ(chosen_.device_key.size(), 31U);
    EXPECT_NE(refusal().find("JWT_DEVICE_SECRET_KEY: "), std::string::npos) << refusal();
    EXPECT_NE(refusal().find("at least 32 bytes"), std::string::npos) << refusal();
    chosen_.device_key += '!';
    EXPECT_EQ(refusal(), "");
    chosen_.device_key = "short";
    chosen_.environment = "local";
    EXPECT_EQ(refusal(), "");
}

TEST_F(keys, must_not_be_easy_to_guess_outside_a_local_environment) {
    go_to_production();
    for (const std::string& weak :
         {std::string(64, 'a'), std::string{"change-me-change-me-change-me-change-me"},
          R"({"kty":"oct","alg":"HS256","k":")" + std::string(86, 'A') + R"("})"}) {
        chosen_.environment = "production";
        chosen_.access_key = weak;
        EXPECT_NE(refusal().find("JWT_SECRET_KEY is easy to guess"), std::string::npos) << refusal();
        chosen_.environment = "local";
        EXPECT_EQ(refusal(), "") << "a class may";
    }
}

TEST_F(keys, must_all_be_set_outside_a_local_environment) {
    chosen_.environment = "production";
    const std::string said = refusal();
    for (const char* name : {"JWT_SECRET_KEY must be set", "JWT_REFRESH_SECRET_KEY must be set",
                             "JWT_DEVICE_SECRET_KEY must be set", "openssl rand"})
        EXPECT_NE(said.find(name), std::string::npos) << said;
    EXPECT_FALSE(std::filesystem::exists(file())) << "nothing is generated";
}

TEST_F(keys, must_differ_outside_a_local_environment) {
    go_to_production();
    chosen_.refresh_key = chosen_.access_key;
    EXPECT_NE(refusal().find("JWT_SECRET_KEY and JWT_REFRESH_SECRET_KEY must be different"),
              std::string::npos)
        << refusal();
    chosen_.environment = "local";
    EXPECT_EQ(refusal(), "");
}

TEST_F(keys, that_are_wrong_are_all_told_at_once) {
    go_to_production();
    chosen_.access_key = "short";
    chosen_.refresh_key.clear();
    chosen_.device_key = R"({"kty":"oct","alg":"HS512","k":")" + std::string(86, 'A') + R"("})";
    const std::string said = refusal();
    EXPECT_NE(said.find("JWT_SECRET_KEY: "), std::string::npos) << said;
    EXPECT_NE(said.find("JWT_REFRESH_SECRET_KEY must be set"), std::string::npos) << said;
    EXPECT_NE(said.find("JWT_DEVICE_SECRET_KEY: It is a key for HS512, but JWT_ALGORITHM is HS256."),
              std::string::npos)
        << said;
}

TEST_F(keys, must_be_private) {
    chosen_.jwt_algorithm = crypto::jws_algorithm::eddsa;
    // RFC 8037, appendix A.2
    chosen_.access_key = R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})";
    EXPECT_NE(refusal().find("JWT_SECRET_KEY is a public key"), std::string::npos) << refusal();
}

TEST_F(keys, are_never_made_where_they_are_only_looked_for) {
    const auto refused = load_tokens(chosen_, random_, missing_keys::refuse);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("There is no access key yet"), std::string::npos);
    EXPECT_TRUE(load_tokens(chosen_, random_, missing_keys::invent));
    EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(keys, in_a_file_that_is_none_are_not_replaced) {
    std::ofstream{file()} << "not json";
    EXPECT_NE(refusal().find("not a file of keys"), std::string::npos) << refusal();
    EXPECT_EQ(text(), "not json");
}

TEST_F(keys, that_can_not_be_written_are_told) {
    std::ofstream{folder_ / "file"} << "x";
    chosen_.database_file = folder_ / "file/iot.db"; // its folder is a file
    EXPECT_NE(refusal(), "");
}

} // namespace
} // namespace breakwater::app
