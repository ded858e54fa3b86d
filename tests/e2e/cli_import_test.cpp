#include "support/child_process.hpp"
#include "support/e2e.hpp"
#include "support/stored_data.hpp"

#include <csignal>
#include <fstream>
#include <thread>

#include <sys/wait.h>

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
    device_credentials device_ = create_device(admin_);
};

TEST_F(cli_import, imports_an_export_unchanged) {
    const device_credentials other = create_device(admin_, "Other");
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

    const auto refused = run({"import", "moved.ndjson"});
    EXPECT_EQ(refused.exit_code, 1) << "the server runs";
    ASSERT_EQ(server_.stop(), 0);
    const auto imported = run({"import", "moved.ndjson"});
    EXPECT_EQ(imported.exit_code, 0) << imported.err;
    EXPECT_EQ(imported.out, "700 readings imported, 0 lines refused.\n");
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

TEST_F(cli_import, refuses_invalid_lines_and_stores_the_others) {
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
    const auto imported =
        run({"import", "mixed.ndjson", "--device", device_.id, "--rejects", "refused.ndjson"});
    EXPECT_EQ(imported.exit_code, 1) << "some lines were refused";
    EXPECT_EQ(imported.out, "2 readings imported, 5 lines refused.\n");
    EXPECT_NE(imported.err.find("Line 2: "), std::string::npos) << imported.err;
    EXPECT_NE(imported.err.find("Line 5: payload is required and must be a JSON object."), std::string::npos);
    EXPECT_NE(imported.err.find("Line 6: received_at must be an RFC 3339 date and time."), std::string::npos);
    EXPECT_EQ(std::ranges::count(file("refused.ndjson"), '\n'), 5);
    EXPECT_EQ(run({"import", "mixed.ndjson"}).out, "0 readings imported, 7 lines refused.\n")
        << "the lines name no device";
    EXPECT_EQ(run({"import", "nothing.ndjson"}).exit_code, 1);
    EXPECT_EQ(run({"import", "mixed.ndjson", "--device", "x"}).exit_code, 2);
    server_.start();
    admin_ = api_client{server_, admin_.token()};
    const auto page = admin_.get("/devices/" + device_.id + "/readings").json().as_array();
    ASSERT_EQ(page.size(), 1U);
    EXPECT_EQ(page[0].at("received_at").as_string(), "2026-01-15T12:00:00Z");
    EXPECT_EQ(page[0].at("device_timestamp").as_string(), "2026-01-15T11:59:59Z");
}

TEST_F(cli_import, imports_an_exported_table_unchanged) {
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
    const auto imported = run({"import", "all.csv"});
    EXPECT_EQ(imported.exit_code, 0) << imported.err;
    EXPECT_EQ(imported.out, "2 readings imported, 0 lines refused.\n");
    EXPECT_EQ(payloads_stored(), (std::vector{payloads[0], payloads[1], payloads[0], payloads[1]}));
}

TEST_F(cli_import, imports_a_table_of_another_system) {
    ASSERT_EQ(server_.stop(), 0);
    write("history.csv",
          "\xef\xbb\xbfwhen,temperature,room\r\n2026-01-15T11:00:00Z,20.5,\"hall, \"\"A\"\"\"\r\n"
          "noon,21,hall\r\n2026-01-15T13:00:00Z,21\r\n2026-01-15T14:00:00Z,,\r\n");
    const auto imported = run({"import", "history.csv", "--time-column", "when", "--device", device_.id,
                               "--rejects", "refused.csv"});
    EXPECT_EQ(imported.out, "2 readings imported, 2 lines refused.\n");
    EXPECT_NE(imported.err.find("Line 3: \"noon\" is not a time in the format expected in when."),
              std::string::npos)
        << imported.err;
    EXPECT_NE(imported.err.find("Line 4: The row has 2 cells instead of 3."), std::string::npos)
        << imported.err;
    EXPECT_EQ(file("refused.csv"), "when,temperature,room\nnoon,21,hall\n2026-01-15T13:00:00Z,21\n")
        << "the rejects can be corrected and imported";
    const auto stored = run({"export", "--all", "--format", "ndjson"}).out;
    EXPECT_NE(stored.find(R"("device_timestamp":"2026-01-15T11:00:00Z")"), std::string::npos) << stored;
    EXPECT_NE(stored.find(R"({"temperature":20.5,"room":"hall, \"A\""})"), std::string::npos) << stored;
    EXPECT_EQ(run({"import", "history.csv", "--time-column", "then"}).exit_code, 1);
}

TEST_F(cli_import, imports_a_table_with_local_number_and_time_formats) {
    ASSERT_EQ(server_.stop(), 0);
    write("messung.csv", "Station Nord;\r\n\r\nDatum;Uhrzeit;Temperatur\r\n15.01.2026;13:00;-3,50\r\n"
                         "15.01.2026;25:00;1\r\n15.01.2026;14:00;2\r\n");
    const auto imported = run({"import", "messung.csv", "--skip-lines", "2", "--decimal-comma",
                               "--time-column", "Datum", "--time-column", "Uhrzeit", "--time-format",
                               "%d.%m.%Y %H:%M", "--time-zone", "Europe/Berlin", "--device", device_.id});
    EXPECT_EQ(imported.out, "2 readings imported, 1 lines refused.\n") << imported.err;
    EXPECT_NE(imported.err.find("Line 5: \"15.01.2026 25:00\" is not a time"), std::string::npos)
        << imported.err;
    const auto stored = run({"export", "--all", "--format", "ndjson"}).out;
    EXPECT_NE(stored.find(R"("device_timestamp":"2026-01-15T12:00:00Z")"), std::string::npos) << stored;
    EXPECT_NE(stored.find(R"({"Temperatur":-3.50})"), std::string::npos) << stored;
    const auto zone = run({"import", "messung.csv", "--time-zone", "Europe/Berlin", "--device", device_.id});
    EXPECT_EQ(zone.exit_code, 1);
    EXPECT_NE(zone.err.find("--time-zone needs a pattern"), std::string::npos) << zone.err;
    EXPECT_EQ(run({"import", "messung.csv", "--separator", "dot"}).exit_code, 2);
}

TEST_F(cli_import, refuses_lines_that_are_not_utf8_and_stores_the_others) {
    ASSERT_EQ(server_.stop(), 0);
    write("latin.csv", "place,t\nZ\xfc"
                       "rich,1\nL\xc3\xb3"
                       "dz,2\n");
    const auto imported = run({"import", "latin.csv", "--device", device_.id});
    EXPECT_EQ(imported.out, "1 readings imported, 1 lines refused.\n");
    EXPECT_NE(imported.err.find("Line 2: Byte 2 is not UTF-8."), std::string::npos) << imported.err;
    write("latin.ndjson", "{\"payload\":{\"place\":\"Z\xfc"
                          "rich\"}}\n{\"payload\":{\"t\":3}}\n");
    EXPECT_EQ(run({"import", "latin.ndjson", "--device", device_.id}).out,
              "1 readings imported, 1 lines refused.\n");
    const auto stored = run({"export", "--all", "--format", "ndjson"}).out;
    EXPECT_EQ(stored.find("\xef\xbf\xbd"), std::string::npos) << stored;
}

TEST_F(cli_import, stores_a_file_once_when_imported_twice) {
    ASSERT_EQ(server_.stop(), 0);
    const auto lines = [](int from, int to) {
        std::string out;
        for (int n = from; n < to; ++n)
            out += std::to_string(n) + "\n";
        return out;
    };
    const stored_data data{server_.database_url()};
    const auto stored = [&] { return data.real_payloads().size(); };
    const std::vector<std::string> command{"import", "log.csv", "--device", device_.id};
    const auto with_option = [&](const char* option) {
        std::vector<std::string> out = command;
        out.emplace_back(option);
        return out;
    };
    write("log.csv", "n\n" + lines(0, 5000));
    ASSERT_EQ(run(command).out, "5000 readings imported, 0 lines refused.\n");
    const auto again = run(command);
    EXPECT_EQ(again.exit_code, 0) << again.err;
    EXPECT_NE(again.out.find("This whole file was imported at "), std::string::npos) << again.out;
    EXPECT_EQ(run(with_option("--resume")).out, "0 readings imported, 0 lines refused.\n");
    EXPECT_EQ(stored(), 5000U);

    write("log.csv", "n\n" + lines(0, 5000) + lines(5000, 5003)); // the file has grown
    const auto grown = run(command);
    EXPECT_EQ(grown.exit_code, 1);
    EXPECT_NE(grown.err.find("The first 5001 lines of this file were imported at "), std::string::npos)
        << grown.err;
    EXPECT_EQ(run(with_option("--resume")).out, "3 readings imported, 0 lines refused.\n");
    EXPECT_EQ(stored(), 5003U);

    write("log.csv", "n\n" + lines(0, 5003) + "no,number\n5003\n500"); // its last line is incomplete
    const auto incomplete = run(with_option("--resume"));
    EXPECT_EQ(incomplete.out, "1 readings imported, 1 lines refused.\n");
    EXPECT_NE(incomplete.err.find("The last line is incomplete"), std::string::npos) << incomplete.err;
    EXPECT_EQ(run(with_option("--resume")).out, "0 readings imported, 0 lines refused.\n");
    write("log.csv", "n\n" + lines(0, 5003) + "no,number\n5003\n5004\n");
    EXPECT_EQ(run(with_option("--resume")).out, "1 readings imported, 0 lines refused.\n");
    EXPECT_EQ(stored(), 5005U);

    write("log.csv", "n\n7\n"); // another file with the same name
    EXPECT_EQ(run(with_option("--resume")).out, "1 readings imported, 0 lines refused.\n");
    EXPECT_EQ(run(with_option("--again")).out, "1 readings imported, 0 lines refused.\n");
    EXPECT_EQ(stored(), 5007U);
    write("log.csv", "n\n7\n\xff\n");
    EXPECT_EQ(run(with_option("--resume")).out, "0 readings imported, 1 lines refused.\n");
    EXPECT_NE(run(with_option("--resume")).err.find("Line 3: Byte 1 is not UTF-8."), std::string::npos)
        << "the refused line is read again";
}

TEST_F(cli_import, resumes_after_a_kill) {
    ASSERT_EQ(server_.stop(), 0);
    constexpr int rows = 60'000;
    std::string text;
    for (int n = 0; n < rows; ++n)
        text += R"({"payload":{"n":)" + std::to_string(n) + "}}\n";
    write("much.ndjson", text);
    int kills = 0;
    for (bool finished = false; !finished; ++kills) {
        ASSERT_LT(kills, 200);
        const pid_t child =
            start_child({binary(), "import", "much.ndjson", "--resume", "--device", device_.id},
                        test_environment(server_.folder()), server_.folder(), -1, -1, -1);
        // Each attempt gets more time than the last one, so the import ends at some point.
        std::this_thread::sleep_for(std::chrono::milliseconds{40 + 20 * kills});
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        finished = exit_code_of(status) == 0;
    }
    const auto payloads = stored_data{server_.database_url()}.real_payloads();
    EXPECT_EQ(payloads.size(), 60'000U);
    EXPECT_EQ((std::set<std::string>{payloads.begin(), payloads.end()}.size()), 60'000U);
}

TEST_F(cli_import, honours_message_ids) {
    ASSERT_EQ(server_.stop(), 0);
    write("named.csv", "message_id,t\nm-1,1\nm-2,2\n");
    write("named.ndjson", R"({"message_id":"m-2","payload":{"t":2}})"
                          "\n"
                          R"({"message_id":"m-3","payload":{"t":3}})"
                          "\n");
    EXPECT_EQ(run({"import", "named.csv", "--device", device_.id}).out,
              "2 readings imported, 0 lines refused.\n");
    const auto again = run({"import", "named.ndjson", "--device", device_.id});
    EXPECT_EQ(again.out,
              "1 readings imported, 1 already stored with the same message_id, 0 lines refused.\n");
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_EQ(stored_data{server_.database_url()}.real_payloads().size(), 3U);
}

TEST_F(cli_import, imports_exported_tables_of_unusual_payloads) {
    ASSERT_EQ(server_.stop(), 0);
    write("odd.ndjson", R"({"payload":{"":1,"x":"2"}})"
                        "\n"
                        R"({"payload":{"":3,"list":[1,null],"words":["7",""],"plain":[1,2]}})"
                        "\n");
    ASSERT_EQ(run({"import", "odd.ndjson", "--device", device_.id}).exit_code, 0);
    ASSERT_EQ(run({"export", "--all", "--output", "odd.csv"}).exit_code, 0);
    EXPECT_EQ(run({"import", "odd.csv"}).out, "2 readings imported, 0 lines refused.\n");
    const auto payloads = stored_data{server_.database_url()}.real_payloads();
    EXPECT_EQ(std::ranges::count_if(payloads,
                                    [](const std::string& payload) {
                                        return payload.contains("[1,null]") &&
                                               payload.contains(R"(["7",""])") && payload.contains("[1,2]");
                                    }),
              2);
    std::string text = file("odd.csv");
    text.resize(text.find("\r\n") + 2); // keeps only the header
    write("none.csv", text);
    const auto none = run({"import", "none.csv"});
    EXPECT_EQ(none.out, "0 readings imported, 0 lines refused.\n") << none.err;
    EXPECT_EQ(none.exit_code, 0);
    std::string with_cr = file("odd.csv");
    std::erase(with_cr, '\n'); // leaves CR only
    write("cr.csv", with_cr);
    EXPECT_EQ(run({"import", "cr.csv"}).out, "2 readings imported, 0 lines refused.\n");
    EXPECT_EQ(run({"import", "."}).exit_code, 1) << "a folder cannot be read";
}

} // namespace
} // namespace breakwater::test
