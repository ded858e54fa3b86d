#include "support/e2e.hpp"

#include <algorithm>

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// Two devices with three real readings each, besides their simulated ones. The server keeps running.
class cli_export : public testing::Test {
protected:
    cli_export() {
        api_client ada = as_new_user(server_, "ada@example.com");
        for (auto* device : {&first_, &second_}) {
            *device = create_device(ada);
            api_client channel = as_device(server_, *device);
            for (int i = 0; i < 3; ++i)
                EXPECT_EQ(channel
                              .post("/device/readings",
                                    json::object{{"payload", json::object{{"n", i}, {"at", name(device)}}}})
                              .status,
                          201);
        }
    }
    std::string name(const device_credentials* device) const {
        return device == &first_ ? "=first" : "second";
    }
    program_result run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "export");
        return run_program(arguments, server_.folder(), test_environment(server_.folder()));
    }
    std::string file(const char* name) const {
        std::ifstream in{server_.folder() / name, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    static std::ptrdiff_t lines(std::string_view text) { return std::ranges::count(text, '\n'); }

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    device_credentials first_;
    device_credentials second_;
};

TEST_F(cli_export, writes_csv_while_the_server_runs) {
    const auto exported = run({"--device", first_.id, "--output", "out.csv"});
    ASSERT_EQ(exported.exit_code, 0) << exported.err;
    const std::string text = file("out.csv");
    EXPECT_TRUE(text.starts_with("id,device_id,")) << text;
    EXPECT_EQ(lines(text), 4) << text;
    EXPECT_NE(text.find(",0,'=first\r\n"), std::string::npos) << "formulas are escaped: " << text;
    EXPECT_EQ(text.find("second"), std::string::npos);
    EXPECT_TRUE(exported.out.empty());
    EXPECT_NE(exported.err.find("3 reading(s) of 1 device(s)"), std::string::npos) << exported.err;
}

TEST_F(cli_export, writes_ndjson_to_standard_output) {
    const auto exported = run({"--device", second_.id, "--device", first_.id, "--format", "ndjson"});
    ASSERT_EQ(exported.exit_code, 0) << exported.err;
    ASSERT_EQ(lines(exported.out), 6);
    std::size_t start = 0;
    for (int i = 0; i < 6; ++i) {
        const auto end = exported.out.find('\n', start);
        const json::value row = json::parse(exported.out.substr(start, end - start));
        EXPECT_EQ(row.at("device_id").as_string(), i < 3 ? second_.id : first_.id);
        EXPECT_EQ(row.at("payload").at("n").as_int64(), i % 3) << "oldest first";
        start = end + 1;
    }
}

TEST_F(cli_export, exports_all_devices_and_simulated_readings_on_request) {
    EXPECT_EQ(lines(run({"--all"}).out), 1 + 6);
    EXPECT_EQ(lines(run({"--all", "--include-simulated"}).out), 1 + 6 + 12);
}

TEST_F(cli_export, exports_only_the_time_range) {
    EXPECT_EQ(lines(run({"--all", "--until", "2020-01-01T00:00:00Z"}).out), 1);
    EXPECT_EQ(lines(run({"--all", "--since", "2020-01-01T00:00:00+02:00"}).out), 7);
}

TEST_F(cli_export, overwrites_a_file_only_with_force) {
    ASSERT_EQ(run({"--all", "--output", "out.csv"}).exit_code, 0);
    const auto refused = run({"--device", first_.id, "--output", "out.csv"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("--force"), std::string::npos) << refused.err;
    EXPECT_EQ(lines(file("out.csv")), 7);
    EXPECT_EQ(run({"--device", first_.id, "--output", "out.csv", "--force"}).exit_code, 0);
    EXPECT_EQ(lines(file("out.csv")), 4);
}

TEST_F(cli_export, refuses_invalid_arguments) {
    EXPECT_EQ(run({}).exit_code, 2) << "no device";
    EXPECT_EQ(run({"--all", "--device", first_.id}).exit_code, 2);
    EXPECT_EQ(run({"--device", "first"}).exit_code, 2);
    EXPECT_EQ(run({"--all", "--since", "yesterday"}).exit_code, 2);
    EXPECT_EQ(run({"--all", "--since", "2026-01-02T00:00:00Z", "--until", "2026-01-01T00:00:00Z"}).exit_code,
              2);
    EXPECT_EQ(run({"--all", "--format", "xml"}).exit_code, 2);
    EXPECT_EQ(run({"--device", "3f1c0c52-6f0e-4f7e-9c63-0d2f6d6c2a11"}).exit_code, 1);
}

TEST_F(cli_export, fails_on_a_full_disk) {
    const auto exported = run({"--all", "--output", "/dev/full"});
    EXPECT_EQ(exported.exit_code, 1);
    EXPECT_NE(exported.err.find("No space left"), std::string::npos) << exported.err;
}

} // namespace
} // namespace breakwater::test
