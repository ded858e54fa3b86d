#include "support/e2e.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

namespace breakwater::test {
namespace {

/// The cells of a row of a Markdown table, without the empty ones at its ends.
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream in{line};
    for (std::string cell; std::getline(in, cell, '|');) {
        const auto first = cell.find_first_not_of(' ');
        cells.push_back(
            first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(' ') - first + 1));
    }
    if (!cells.empty())
        cells.erase(cells.begin());
    return cells;
}

/// The two tables of docs/permissions.md.
struct permissions_page {
    std::map<std::string, std::vector<std::string>> actions;  ///< by name: the answer for each caller
    std::vector<std::pair<std::string, std::string>> calls{}; ///< "GET /devices" and the action
};

permissions_page read_page() {
    permissions_page page;
    std::ifstream in{BREAKWATER_SOURCE_FOLDER "/docs/permissions.md"};
    bool in_calls = false;
    for (std::string line; std::getline(in, line);) {
        in_calls = in_calls || line == "## Calls";
        const auto cells = cells_of(line);
        if (cells.size() < 2 || cells[0] == "---" || cells[0] == "action" || cells[0] == "call")
            continue;
        if (in_calls)
            page.calls.emplace_back(cells[0].substr(1, cells[0].size() - 2), cells[1]);
        else
            page.actions[cells[0]] = {cells.begin() + 1, cells.end()};
    }
    // It ends the sessions of its callers.
    std::ranges::stable_partition(page.calls,
                                  [](const auto& call) { return call.first != "POST /auth/logout-all"; });
    return page;
}

class permissions : public testing::Test {
protected:
    permissions() {
        add_hot_rule(admin_);
        EXPECT_EQ(device_.post("/device/readings", {{"payload", {{"v", 40}}}}).status, 201);
        while (alert_.empty()) {
            const auto alerts = owner_.get("/alerts").json().as_array();
            if (!alerts.empty())
                alert_ = std::to_string(alerts[0].at("id").as_int64());
        }
    }

    /// The path with ids of things that belong to `owner_`.
    std::string target_of(std::string path) {
        const auto replace = [&path](std::string_view name, const std::string& value) {
            if (const auto at = path.find(name); at != std::string::npos)
                path.replace(at, name.size(), value);
        };
        replace("{category}", "weather_station");
        if (path.starts_with("/devices/"))
            replace("{id}", create_device(owner_).id);
        else if (path.starts_with("/alerts/"))
            replace("{id}", alert_);
        else if (path.starts_with("/auth/sessions/"))
            replace("{id}", "6f0a4c59-9d0b-4a1f-8f6a-7c110b8f6f0e");
        replace("{id}", "999999");
        if (path.ends_with("/series"))
            path += "?field=metrics.temperature_c";
        return path;
    }

    server_process server_;
    api_client anonymous_{server_};
    api_client admin_ = as_admin(server_);
    api_client owner_ = as_new_user(server_, "owner@example.com");
    api_client other_ = as_new_user(server_, "other@example.com");
    api_client device_ = as_device(server_, create_device(owner_));
    std::string alert_;
    /// In the order of the columns.
    const std::array<std::pair<std::string_view, api_client*>, 5> callers_{{{"without a token", &anonymous_},
                                                                            {"the device", &device_},
                                                                            {"its owner", &owner_},
                                                                            {"another user", &other_},
                                                                            {"an administrator", &admin_}}};
};

TEST_F(permissions, every_call_admits_exactly_those_whom_the_page_names) {
    const permissions_page page = read_page();
    ASSERT_GT(page.calls.size(), 60U);
    for (const auto& [call, action] : page.calls) {
        const std::string method = call.substr(0, call.find(' '));
        const std::string path = call.substr(method.size() + 1);
        ASSERT_TRUE(page.actions.contains(action)) << action;
        for (std::size_t i = 0; i < callers_.size(); ++i) {
            const bool has_body = method == "POST" || method == "PUT";
            const auto response = callers_[i].second->send(
                method, target_of(path), has_body ? std::optional<std::string_view>{"{}"} : std::nullopt);
            const bool refused = response.status == 401 || response.status == 403;
            EXPECT_EQ(refused, page.actions.at(action).at(i) == "no")
                << call << " by " << callers_[i].first << ": " << response.status << " " << response.body;
        }
    }
}

TEST(permissions_page_of_the_program, is_the_checked_in_one) {
    const temp_folder folder;
    std::ifstream in{BREAKWATER_SOURCE_FOLDER "/docs/permissions.md"};
    const std::string checked_in{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_TRUE(run_program({"permissions"}, folder.path(), test_environment(folder.path())).out ==
                checked_in)
        << "docs/permissions.md is out of date: regenerate it with `scripts/run permissions > "
           "docs/permissions.md`";
}

} // namespace
} // namespace breakwater::test
