#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class cli_token : public testing::Test {
protected:
    program_result run(const std::vector<std::string>& arguments, std::string_view input = {}) {
        return run_program(arguments, server_.folder(), test_environment(server_.folder()), input);
    }
    int verify(const std::string& kind, std::string_view token) {
        return run({"token", "verify", "-", "--kind", kind}, token).exit_code;
    }

    server_process server_;
    token_pair admin_ = sign_in(server_, admin_email, admin_password);
};

TEST_F(cli_token, inspects_without_verifying) {
    const auto inspected = run({"token", "inspect", admin_.access});
    ASSERT_EQ(inspected.exit_code, 0) << inspected.err;
    EXPECT_NE(inspected.out.find("NOTHING HERE HAS BEEN VERIFIED"), std::string::npos);
    EXPECT_NE(inspected.out.find("\"token_type\": \"user_access\""), std::string::npos) << inspected.out;
    EXPECT_NE(inspected.out.find(", in 1"), std::string::npos) << "expiry in words: " << inspected.out;
    EXPECT_EQ(run({"token", "inspect", "-"}, admin_.access + "\n").out.substr(0, 200),
              inspected.out.substr(0, 200));
    EXPECT_EQ(run({"token", "inspect", "rubbish"}).exit_code, 1);
    EXPECT_EQ(run({"token", "inspect", "-"}, std::string(100'000, 'x')).exit_code, 1);
    EXPECT_EQ(run({"token", "inspect"}).exit_code, 2);
}

TEST_F(cli_token, verifies_with_the_servers_keys_while_it_runs) {
    api_client ada = as_new_user(server_, "ada@example.com");
    const std::string device = device_token(server_, create_device(ada));
    EXPECT_EQ(verify("access", admin_.access), 0);
    EXPECT_EQ(verify("refresh", admin_.refresh), 0);
    EXPECT_EQ(verify("device", device), 0);
    EXPECT_EQ(verify("access", admin_.refresh), 1);
    EXPECT_EQ(verify("refresh", admin_.access), 1);
    EXPECT_EQ(verify("access", device), 1);
    EXPECT_EQ(verify("access", ""), 1);
    std::string tampered = admin_.access;
    tampered[tampered.size() / 2] = tampered[tampered.size() / 2] == 'A' ? 'B' : 'A';
    const auto refused = run({"token", "verify", tampered, "--kind", "access"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.out.find("FAIL  signature"), std::string::npos) << refused.out;
}

TEST_F(cli_token, verifies_with_a_given_key) {
    // RFC 8037, appendices A.2 and A.4: a token whose payload is not a set of claims.
    std::ofstream{server_.folder() / "key.jwk"}
        << R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})" << '\n';
    const std::string token =
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-"
        "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    const auto checked = run({"token", "verify", token, "--jwk", "key.jwk"});
    EXPECT_NE(checked.out.find("ok    signature"), std::string::npos) << checked.out;
    EXPECT_EQ(checked.exit_code, 1) << "the token has no claims";
    EXPECT_EQ(run({"token", "verify", admin_.access, "--jwk", "key.jwk"}).exit_code, 1);

    // The server's key, as a JWK from its key file.
    std::ifstream in{server_.key_file()};
    const json::value keys = json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
    std::ofstream{server_.folder() / "access.jwk"} << json::serialize(keys.at("access"));
    const auto verify_issuer = [&](const std::string& issuer) {
        return run({"token", "verify", "-", "--jwk", "access.jwk", "--issuer", issuer}, admin_.access)
            .exit_code;
    };
    EXPECT_EQ(verify_issuer("breakwater"), 0);
    EXPECT_EQ(verify_issuer("https://else.example"), 1);

    // RFC 7517 section 4.3: `key_ops` limits the use of a key.
    json::object key = keys.at("access").as_object();
    key["key_ops"] = json::array{"sign"};
    std::ofstream{server_.folder() / "signer.jwk"} << json::serialize(key);
    const auto refused = run({"token", "verify", admin_.access, "--jwk", "signer.jwk"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("key_ops"), std::string::npos) << refused.err;
    key["key_ops"] = json::array{"verify"};
    std::ofstream{server_.folder() / "verifier.jwk"} << json::serialize(key);
    EXPECT_EQ(run({"token", "verify", admin_.access, "--jwk", "verifier.jwk"}).exit_code, 0);
}

TEST_F(cli_token, requires_exactly_one_key) {
    EXPECT_EQ(run({"token", "verify", admin_.access}).exit_code, 2);
    EXPECT_EQ(run({"token", "verify", admin_.access, "--kind", "session"}).exit_code, 2);
    EXPECT_EQ(run({"token", "verify", admin_.access, "--kind", "access", "--jwk", "k"}).exit_code, 2);
    EXPECT_EQ(run({"token", "verify", admin_.access, "--kind", "access", "--issuer", "x"}).exit_code, 2);
    EXPECT_EQ(run({"token", "verify", admin_.access, "--jwk", "no-such-file"}).exit_code, 1);
}

TEST_F(cli_token, creates_no_keys) {
    const temp_folder folder;
    const auto refused = run_program({"token", "verify", "-", "--kind", "access"}, folder.path(),
                                     test_environment(folder.path()), admin_.access);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("no access key yet"), std::string::npos) << refused.err;
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

} // namespace
} // namespace breakwater::test
