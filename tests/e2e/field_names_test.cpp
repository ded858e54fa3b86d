#include "support/e2e.hpp"
#include "support/live_client.hpp"

#include <fstream>
#include <map>

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// One name for a field at every door, whatever its keys are.
class field_names : public testing::Test {
protected:
    static json::value payload() {
        return json::parse(R"({"m":{"a.b":1},"arr":[1,2],"x,y":3,"":4,"br[0]":5})");
    }
    static std::string in_query(std::string_view text) {
        std::string out;
        for (const char c : text) {
            std::array<char, 4> coded{};
            std::snprintf(coded.data(), coded.size(), "%%%02X", static_cast<unsigned char>(c));
            out += coded.data();
        }
        return out;
    }
    void upload(const json::value& what) {
        const auto answer = sender_.post("/device/readings", {{"payload", what}});
        ASSERT_EQ(answer.status, 201) << answer.body;
    }
    /// What a field's series over all times has as its last value; nothing where it has none.
    std::optional<double> last_of_series(const made_device& device, const std::string& name) {
        const auto answer =
            admin_.get("/devices/" + device.id + "/readings/series?since=2020-01-01&field=" + in_query(name));
        EXPECT_EQ(answer.status, 200) << name << ": " << answer.body;
        const json::value told = answer.json();
        EXPECT_EQ(told.at("series").at(0).at("field").as_string(), name);
        const auto& buckets = told.at("series").at(0).at("buckets").as_array();
        if (buckets.empty())
            return std::nullopt;
        return buckets.back().at("last").to_number<double>();
    }
    std::map<std::string, json::value> latest(const made_device& device) {
        std::map<std::string, json::value> out;
        const json::array rows = admin_.get("/devices/latest").json().as_array();
        for (const json::value& each : rows)
            if (each.at("device_id").as_string() == device.id)
                for (const json::value& field : each.at("fields").as_array())
                    out.emplace(field.at("field").as_string(), field.at("value"));
        return out;
    }
    json::object rule_on(std::string_view field) {
        return {{"name", field},          {"severity", "warning"}, {"kind", "field"},
                {"field", field},         {"test", "above"},       {"high", 0},
                {"device_id", device_.id}};
    }
    program_result run(std::vector<std::string> arguments) {
        return run_program(arguments, server_.folder(), test_environment(server_.folder()));
    }

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                          {"DEVICE_BCRYPT_COST", "4"},
                                          {"TELEMETRY_SIMULATION_ENABLED", "false"}}}};
    api_client admin_ = as_admin(server_);
    made_device device_ = create_device(admin_);
    api_client sender_ = as_device(server_, device_);
    const std::map<std::string, double> fields_{{R"(m.a\.b)", 1}, {"arr[0]", 1}, {"arr[1]", 2},
                                                {R"(x\,y)", 3},   {R"(\e)", 4},  {R"(br\[0\])", 5}};
};

TEST_F(field_names, have_last_values_and_series_and_survive_their_csv) {
    upload(payload());
    const auto expect_all = [&](const made_device& device) {
        const auto last = latest(device);
        EXPECT_EQ(last.size(), fields_.size());
        for (const auto& [name, value] : fields_) {
            ASSERT_TRUE(last.contains(name)) << name;
            EXPECT_EQ(last.at(name).to_number<double>(), value) << name;
            EXPECT_EQ(last_of_series(device, name), value) << name;
        }
        EXPECT_FALSE(last_of_series(device, "m.a.b")) << "that would be another way";
        EXPECT_FALSE(last_of_series(device, "br[0]"));
        EXPECT_FALSE(last_of_series(device, "arr")) << "an array is no number";
    };
    expect_all(device_);

    const auto csv = admin_.get("/devices/" + device_.id + "/readings.csv");
    EXPECT_NE(csv.body.find(R"(,m.a\.b,arr[0],arr[1],"x\,y",\e,br\[0\])"
                            "\r\n"),
              std::string::npos)
        << csv.body;
    const made_device other = create_device(admin_, "Other");
    std::string moved = csv.body;
    for (std::size_t at = 0; (at = moved.find(device_.id, at)) != moved.npos;)
        moved.replace(at, device_.id.size(), other.id);
    std::ofstream{server_.folder() / "moved.csv", std::ios::binary} << moved;
    ASSERT_EQ(server_.stop(), 0);
    const auto done = run({"import", "moved.csv"});
    EXPECT_EQ(done.out, "1 readings imported, 0 lines refused.\n") << done.err;
    server_.start();
    admin_ = api_client{server_, admin_.token()};
    EXPECT_EQ(admin_.get("/devices/" + other.id + "/readings").json().at(0).at("payload"), payload());
    expect_all(other);
    expect_all(device_); // read back from disk
}

TEST_F(field_names, can_each_be_watched_by_a_rule) {
    for (const auto& [name, value] : fields_) {
        const auto made = admin_.post("/alert-rules", rule_on(name));
        ASSERT_EQ(made.status, 201) << made.body;
        EXPECT_EQ(made.json().at("field").as_string(), name);
    }
    live_client watching{server_, alerts_greeting(admin_.token())};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    upload(payload());
    std::map<std::string, std::string> raised;
    while (raised.size() < fields_.size()) {
        const auto event =
            watching.event([](const json::value& one) { return one.at("change") == "raised"; });
        ASSERT_FALSE(event.is_null());
        const auto& alert = event.at("alert").as_object();
        raised.emplace(alert.at("subject").as_string(), alert.at("summary").as_string());
    }
    for (const auto& [name, value] : fields_)
        EXPECT_EQ(raised[name], name + " is " + std::to_string(static_cast<int>(value)) + ", above 0.");
}

TEST_F(field_names, that_no_reading_can_have_are_refused_with_their_place) {
    for (const std::string name : {"x,y", "br[x]", "m..b", ".m", "a\\b", "arr[64]", "a]"}) {
        const auto rule = admin_.post("/alert-rules", rule_on(name));
        EXPECT_EQ(rule.status, 422) << name;
        EXPECT_NE(rule.body.find("At byte "), std::string::npos) << rule.body;
        if (name == "x,y")
            continue; // two fields of a list
        const auto series =
            admin_.get("/devices/" + device_.id + "/readings/series?field=v," + in_query(name));
        EXPECT_EQ(series.status, 422) << name;
        EXPECT_NE(series.body.find("At byte "), std::string::npos) << series.body;
    }
}

TEST_F(field_names, of_a_long_array_are_few_and_its_reading_is_whole) {
    json::array wave;
    for (int n = 0; n < 300; ++n)
        wave.emplace_back(n);
    const json::value sent{{"wave", wave}, {"t", 21.5}};
    upload(sent);
    const auto last = latest(device_);
    EXPECT_EQ(last.size(), 65U);
    EXPECT_EQ(last.at("wave[63]"), 63);
    EXPECT_EQ(last.at("t"), 21.5) << "an honest field beside it";
    EXPECT_EQ(last_of_series(device_, "t"), 21.5);
    EXPECT_EQ(admin_.get("/devices/" + device_.id + "/readings").json().at(0).at("payload"), sent);
    const std::string csv = admin_.get("/devices/" + device_.id + "/readings.csv").body;
    EXPECT_NE(csv.find(",wave,t\r\n"), std::string::npos) << "whole, in one column";
    EXPECT_NE(csv.find(",298,299]\",2.15E1\r\n"), std::string::npos) << "as it was sent: " << csv;
}

} // namespace
} // namespace breakwater::test
