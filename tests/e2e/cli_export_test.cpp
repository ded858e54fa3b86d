#include "support/e2e.hpp"

#include <algorithm>

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// Two devices with three readings of their own each, and their made-up ones; the server goes on running.
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
    std::string name(const made_device* device) const { return device == &first_ ? "=first" : "second"; }
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
    made_device first_;
    made_device second_;
};

TEST_F(cli_export, writes_csv_beside_a_running_server) {
    const auto done = run({"--device", first_.id, "--output", "out.csv"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const std::string text = file("out.csv");
    EXPECT_TRUE(text.starts_with("id,device_id,")) << text;
    EXPECT_EQ(lines(text), 4) << text;
    EXPECT_NE(text.find(",0,'=first\r\n"), std::string::npos) << "no formulas: " << text;
    EXPECT_EQ(text.find("second"), std::string::npos);
    EXPECT_TRUE(done.out.empty());
    EXPECT_NE(done.err.find("3 reading(s) of 1 device(s)"), std::string::npos) << done.err;
}

TEST_F(cli_export, writes_ndjson_to_standard_output) {
    const auto done = run({"--device", second_.id, "--device", first_.id, "--format", "ndjson"});
    ASSERT_EQ(done.exit_code, 0) << done.err;
    ASSERT_EQ(lines(done.out), 6);
    std::size_t from = 0;
    for (int i = 0; i < 6; ++i) {
        const auto end = done.out.find('\n', from);
        const json::value row = json::parse(done.out.substr(from, end - from));
        EXPECT_EQ(row.at("device_id").as_string(), i < 3 ? second_.id : first_.id);
        EXPECT_EQ(row.at("payload").at("n").as_int64(), i % 3) << "oldest first";
        from = end + 1;
    }
}

TEST_F(cli_export, takes_all_devices_and_made_up_readings_when_asked) {
    EXPECT_EQ(lines(run({"--all"}).out), 1 + 6);
    EXPECT_EQ(lines(run({"--all", "--include-simulated"}).out), 1 + 6 + 12);
}

TEST_F(cli_export, keeps_to_the_range) {
    EXPECT_EQ(lines(run({"--all", "--until", "2020-01-01T00:00:00Z"}).out), 1);
    EXPECT_EQ(lines(run({"--all", "--since", "2020-01-01T00:00:00+02:00"}).out), 7);
}

TEST_F(cli_export, overwrites_only_when_told_to) {
    ASSERT_EQ(run({"--all", "--output", "out.csv"}).exit_code, 0);
    const auto refused = run({"--device", first_.id, "--output", "out.csv"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("--force"), std::string::npos) << refused.err;
    EXPECT_EQ(lines(file("out.csv")), 7);
    EXPECT_EQ(run({"--device", first_.id, "--output", "out.csv", "--force"}).exit_code, 0);
    EXPECT_EQ(lines(file("out.csv")), 4);
}

TEST_F(cli_export, refuses_what_it_can_not_understand) {
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
    const auto done = run({"--all", "--output", "/dev/full"});
    EXPECT_EQ(done.exit_code, 1);
    EXPECT_NE(done.err.find("No space left"), std::string::npos) << done.err;
}

} // namespace
} // namespace breakwater::test
