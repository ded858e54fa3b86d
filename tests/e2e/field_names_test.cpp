#include "support/e2e.hpp"
#include "support/live_client.hpp"

#include <fstream>
#include <map>

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// Every interface uses the same name for a field, whatever characters its keys contain.
class field_names : public testing::Test {
protected:
    static json::value payload() {
        return json::parse(R"({"m":{"a.b":1},"arr":[1,2],"x,y":3,"":4,"br[0]":5})");
    }
    static std::string percent_encode(std::string_view text) {
        std::string out;
        for (const char c : text) {
            std::array<char, 4> coded{};
            std::snprintf(coded.data(), coded.size(), "%%%02X", static_cast<unsigned char>(c));
            out += coded.data();
        }
        return out;
    }
    void upload(const json::value& content) {
        const auto response = sender_.post("/device/readings", {{"payload", content}});
        ASSERT_EQ(response.status, 201) << response.body;
    }
    /// The last value of a field's series since 2020; nothing if the series is empty.
    std::optional<double> last_of_series(const device_credentials& device, const std::string& name) {
        const auto response = admin_.get("/devices/" + device.id +
                                         "/readings/series?since=2020-01-01&field=" + percent_encode(name));
        EXPECT_EQ(response.status, 200) << name << ": " << response.body;
        const json::value document = response.json();
        EXPECT_EQ(document.at("series").at(0).at("field").as_string(), name);
        const auto& buckets = document.at("series").at(0).at("buckets").as_array();
        if (buckets.empty())
            return std::nullopt;
        return buckets.back().at("last").to_number<double>();
    }
    std::map<std::string, json::value> latest(const device_credentials& device) {
        std::map<std::string, json::value> out;
        const json::array rows = admin_.get("/devices/latest").json().as_array();
        for (const json::value& row : rows)
            if (row.at("device_id").as_string() == device.id)
                for (const json::value& field : row.at("fields").as_array())
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
    device_credentials device_ = create_device(admin_);
    api_client sender_ = as_device(server_, device_);
    const std::map<std::string, double> fields_{{R"(m.a\.b)", 1}, {"arr[0]", 1}, {"arr[1]", 2},
                                                {R"(x\,y)", 3},   {R"(\e)", 4},  {R"(br\[0\])", 5}};
};

TEST_F(field_names, have_last_values_and_series_and_survive_csv) {
    upload(payload());
    const auto expect_all = [&](const device_credentials& device) {
        const auto last = latest(device);
        EXPECT_EQ(last.size(), fields_.size());
        for (const auto& [name, value] : fields_) {
            ASSERT_TRUE(last.contains(name)) << name;
            EXPECT_EQ(last.at(name).to_number<double>(), value) << name;
            EXPECT_EQ(last_of_series(device, name), value) << name;
        }
        EXPECT_FALSE(last_of_series(device, "m.a.b")) << "that is the name of another path";
        EXPECT_FALSE(last_of_series(device, "br[0]"));
        EXPECT_FALSE(last_of_series(device, "arr")) << "an array is not a number";
    };
    expect_all(device_);

    const auto csv = admin_.get("/devices/" + device_.id + "/readings.csv");
    EXPECT_NE(csv.body.find(R"(,m.a\.b,arr[0],arr[1],"x\,y",\e,br\[0\])"
                            "\r\n"),
              std::string::npos)
        << csv.body;
    const device_credentials other = create_device(admin_, "Other");
    std::string moved = csv.body;
    for (std::size_t at = 0; (at = moved.find(device_.id, at)) != moved.npos;)
        moved.replace(at, device_.id.size(), other.id);
    std::ofstream{server_.folder() / "moved.csv", std::ios::binary} << moved;
    ASSERT_EQ(server_.stop(), 0);
    const auto imported = run({"import", "moved.csv"});
    EXPECT_EQ(imported.out, "1 readings imported, 0 lines refused.\n") << imported.err;
    server_.start();
    admin_ = api_client{server_, admin_.token()};
    EXPECT_EQ(admin_.get("/devices/" + other.id + "/readings").json().at(0).at("payload"), payload());
    expect_all(other);
    expect_all(device_); // read back from disk
}

TEST_F(field_names, can_be_used_in_rules) {
    for (const auto& [name, value] : fields_) {
        const auto created = admin_.post("/alert-rules", rule_on(name));
        ASSERT_EQ(created.status, 201) << created.body;
        EXPECT_EQ(created.json().at("field").as_string(), name);
    }
    live_client listener{server_, alerts_greeting(admin_.token())};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    upload(payload());
    std::map<std::string, std::string> raised;
    while (raised.size() < fields_.size()) {
        const auto event =
            listener.event([](const json::value& candidate) { return candidate.at("change") == "raised"; });
        ASSERT_FALSE(event.is_null());
        const auto& alert = event.at("alert").as_object();
        raised.emplace(alert.at("subject").as_string(), alert.at("summary").as_string());
    }
    for (const auto& [name, value] : fields_)
        EXPECT_EQ(raised[name], name + " is " + std::to_string(static_cast<int>(value)) + ", above 0.");
}

TEST_F(field_names, that_are_invalid_are_refused_with_the_position_of_the_error) {
    for (const std::string name : {"x,y", "br[x]", "m..b", ".m", "a\\b", "arr[64]", "a]"}) {
        const auto rule = admin_.post("/alert-rules", rule_on(name));
        EXPECT_EQ(rule.status, 422) << name;
        EXPECT_NE(rule.body.find("At byte "), std::string::npos) << rule.body;
        if (name == "x,y")
            continue; // valid here: a list of two fields
        const auto series =
            admin_.get("/devices/" + device_.id + "/readings/series?field=v," + percent_encode(name));
        EXPECT_EQ(series.status, 422) << name;
        EXPECT_NE(series.body.find("At byte "), std::string::npos) << series.body;
    }
}

TEST_F(field_names, are_limited_for_a_long_array_and_its_reading_is_complete) {
    json::array wave;
    for (int n = 0; n < 300; ++n)
        wave.emplace_back(n);
    const json::value sent{{"wave", wave}, {"t", 21.5}};
    upload(sent);
    const auto last = latest(device_);
    EXPECT_EQ(last.size(), 65U);
    EXPECT_EQ(last.at("wave[63]"), 63);
    EXPECT_EQ(last.at("t"), 21.5) << "other fields keep their values";
    EXPECT_EQ(last_of_series(device_, "t"), 21.5);
    EXPECT_EQ(admin_.get("/devices/" + device_.id + "/readings").json().at(0).at("payload"), sent);
    const std::string csv = admin_.get("/devices/" + device_.id + "/readings.csv").body;
    EXPECT_NE(csv.find(",wave,t\r\n"), std::string::npos) << "the whole array is in one column";
    EXPECT_NE(csv.find(",298,299]\",2.15E1\r\n"), std::string::npos) << "as it was sent: " << csv;
}

} // namespace
} // namespace breakwater::test
