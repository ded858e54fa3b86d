#include "support/e2e.hpp"

#include <fstream>

namespace breakwater::test {
namespace {

class cli_import : public testing::Test {
protected:
    program_result run(std::vector<std::string> arguments) {
        return run_program(arguments, server_.folder(), test_environment(server_.folder()));
    }
    void write(const char* name, const std::string& text) { std::ofstream{server_.folder() / name} << text; }
    std::string file(const char* name) const {
        std::ifstream in{server_.folder() / name, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin_ = as_admin(server_);
    made_device device_ = create_device(admin_);
};

TEST_F(cli_import, reads_back_what_was_exported) {
    const made_device other = create_device(admin_, "Other");
    std::string batch = "[";
    for (int i = 0; i < 700; ++i)
        batch += (i == 0 ? "" : ",") + std::string{R"({"payload":{"t":)"} + std::to_string(i) + ".50}}";
    ASSERT_EQ(as_device(server_, device_).send("POST", "/device/readings/batch", batch + "]").status, 200);
    ASSERT_EQ(
        run({"export", "--device", device_.id, "--format", "ndjson", "--output", "all.ndjson"}).exit_code, 0);
    std::string moved = file("all.ndjson");
    for (std::size_t at = 0; (at = moved.find(device_.id, at)) != moved.npos;)
        moved.replace(at, device_.id.size(), other.id);
    write("moved.ndjson", moved);

    const auto busy = run({"import", "moved.ndjson"});
    EXPECT_EQ(busy.exit_code, 1) << "the server runs";
    ASSERT_EQ(server_.stop(), 0);
    const auto done = run({"import", "moved.ndjson"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(done.out, "700 readings imported, 0 lines refused.\n");
    ASSERT_EQ(
        run({"export", "--device", other.id, "--format", "ndjson", "--output", "again.ndjson"}).exit_code, 0);
    const auto without_ids = [](const std::string& text) {
        std::string out;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = text.find('\n', at);
            out += text.substr(text.find(",\"device_id", at), end - text.find(",\"device_id", at));
            at = end + 1;
        }
        return out;
    };
    EXPECT_EQ(without_ids(file("again.ndjson")), without_ids(moved));
    server_.start();
    admin_ = api_client{server_, admin_.token()};
    EXPECT_EQ(count_events(admin_, "import_data", "success"), 1);
}

TEST_F(cli_import, refuses_lines_one_by_one_and_stores_the_others) {
    ASSERT_EQ(server_.stop(), 0);
    write(
        "mixed.ndjson",
        R"({"payload":{"n":1},"received_at":"2026-01-15T12:00:00Z","device_timestamp":"2026-01-15T11:59:59Z"})"
        "\nnonsense\n\n[1]\n{\"payload\":3}\n"
        R"({"payload":{"n":2},"received_at":"yesterday"})"
        "\n"
        R"({"payload":{"n":3},"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11"})"
        "\n"
        R"({"payload":{"n":4},"simulated":true})"
        "\n");
    const auto done = run({"import", "mixed.ndjson", "--device", device_.id, "--rejects", "refused.ndjson"});
    EXPECT_EQ(done.exit_code, 1) << "some were refused";
    EXPECT_EQ(done.out, "2 readings imported, 5 lines refused.\n");
    EXPECT_NE(done.err.find("Line 2: "), std::string::npos) << done.err;
    EXPECT_NE(done.err.find("Line 5: payload must be there, and a JSON object."), std::string::npos);
    EXPECT_NE(done.err.find("Line 6: received_at must be an RFC 3339 date and time."), std::string::npos);
    EXPECT_EQ(std::ranges::count(file("refused.ndjson"), '\n'), 5);
    EXPECT_EQ(run({"import", "mixed.ndjson"}).out, "0 readings imported, 7 lines refused.\n")
        << "whose are they?";
    EXPECT_EQ(run({"import", "nothing.ndjson"}).exit_code, 1);
    EXPECT_EQ(run({"import", "mixed.ndjson", "--device", "x"}).exit_code, 2);
    server_.start();
    admin_ = api_client{server_, admin_.token()};
    const auto page = admin_.get("/devices/" + device_.id + "/readings").json().as_array();
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(page[0].at("received_at").as_string(), "2026-01-15T12:00:00Z");
    EXPECT_EQ(page[0].at("device_timestamp").as_string(), "2026-01-15T11:59:59Z");
}

TEST_F(cli_import, reads_tables_back) {
    ASSERT_EQ(as_device(server_, device_)
                  .send("POST", "/device/readings/batch",
                        R"([{"payload":{"metrics":{"t":1.50,"on":true},"note":"=1+1, \"x\"\nsecond"}},)"
                        R"({"payload":{"metrics":{"t":-3},"list":[1,{"a":2}]}}])")
                  .status,
              200);
    ASSERT_EQ(server_.stop(), 0);
    const std::vector<std::string> payloads{
        R"({"metrics":{"t":1.50,"on":true},"note":"=1+1, \"x\"\nsecond"})",
        R"({"metrics":{"t":-3},"list":[1,{"a":2}]})"};
    const auto payloads_stored = [&] {
        std::vector<std::string> out;
        const auto all = run({"export", "--all", "--format", "ndjson"}).out;
        for (std::size_t at = 0; (at = all.find("\"payload\":", at)) != all.npos; ++at)
            out.push_back(all.substr(at + 10, all.find(",\"payload_size", at) - at - 10));
        return out;
    };
    ASSERT_EQ(payloads_stored(), payloads);
    ASSERT_EQ(run({"export", "--all", "--output", "all.csv"}).exit_code, 0);
    const auto done = run({"import", "all.csv"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(done.out, "2 readings imported, 0 lines refused.\n");
    EXPECT_EQ(payloads_stored(), (std::vector{payloads[0], payloads[1], payloads[0], payloads[1]}));
}

TEST_F(cli_import, takes_a_table_from_elsewhere) {
    ASSERT_EQ(server_.stop(), 0);
    write("history.csv",
          "\xef\xbb\xbfwhen,temperature,room\r\n2026-01-15T11:00:00Z,20.5,\"hall, \"\"A\"\"\"\r\n"
          "noon,21,hall\r\n2026-01-15T13:00:00Z,21\r\n2026-01-15T14:00:00Z,,\r\n");
    const auto done = run({"import", "history.csv", "--time-column", "when", "--device", device_.id,
                           "--rejects", "refused.csv"});
    EXPECT_EQ(done.out, "2 readings imported, 2 lines refused.\n");
    EXPECT_NE(done.err.find("Line 3: device_timestamp must be an RFC 3339 date and time."), std::string::npos)
        << done.err;
    EXPECT_NE(done.err.find("Line 4: There are 2 columns instead of 3."), std::string::npos) << done.err;
    EXPECT_EQ(file("refused.csv"), "when,temperature,room\nnoon,21,hall\n2026-01-15T13:00:00Z,21\n")
        << "can be put right and imported";
    const auto stored = run({"export", "--all", "--format", "ndjson"}).out;
    EXPECT_NE(stored.find(R"("device_timestamp":"2026-01-15T11:00:00Z")"), std::string::npos) << stored;
    EXPECT_NE(stored.find(R"({"temperature":20.5,"room":"hall, \"A\""})"), std::string::npos) << stored;
    EXPECT_EQ(run({"import", "history.csv", "--time-column", "then"}).exit_code, 1);
}

} // namespace
} // namespace breakwater::test
