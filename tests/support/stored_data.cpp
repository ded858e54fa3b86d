#include "support/stored_data.hpp"

#include "support/backend.hpp"
#include "support/child_process.hpp"
#include "support/temp_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace breakwater::test {

std::string stored_data::integrity() const {
    if (!url_.starts_with("sqlite:"))
        return "ok";
    std::string all;
    for (const auto& row : query_database(url_, "PRAGMA integrity_check"))
        all += (all.empty() ? "" : "\n") + row.front();
    return all;
}

std::string stored_data::exported() const {
    const std::unique_ptr<std::FILE, decltype(&std::fclose)> out{std::tmpfile(), &std::fclose};
    if (out == nullptr)
        throw std::runtime_error{"can't create a temporary file"};
    const temp_folder empty; // without a .env
    const pid_t child = start_child(
        {binary(), "export", "--all", "--include-simulated", "--format", "ndjson", "--output", "-"},
        {{"DATABASE_URL", url_}}, empty.path(), -1, ::fileno(out.get()), STDERR_FILENO);
    int status = 0;
    if (::waitpid(child, &status, 0) != child || exit_code_of(status) != 0)
        throw std::runtime_error{"can't export the readings in " + url_};
    const auto unreadable = [this] {
        return std::runtime_error{"can't read the exported readings of " + url_};
    };
    if (std::fseek(out.get(), 0, SEEK_SET) != 0)
        throw unreadable();
    std::string text;
    std::array<char, 64 * 1024> buffer{};
    while (std::feof(out.get()) == 0) {
        text.append(buffer.data(), std::fread(buffer.data(), 1, buffer.size(), out.get()));
        if (std::ferror(out.get()) != 0)
            throw unreadable();
    }
    return text;
}

std::multimap<std::int64_t, std::int64_t> stored_data::numbered_readings() const {
    std::multimap<std::int64_t, std::int64_t> readings;
    std::istringstream lines{exported()};
    for (std::string line; std::getline(lines, line);) {
        const auto row = boost::json::parse(line);
        if (const auto* n = row.at("payload").as_object().if_contains("n"))
            readings.emplace(n->to_number<std::int64_t>(), row.at("id").to_number<std::int64_t>());
    }
    return readings;
}

std::vector<std::string> stored_data::real_payloads() const {
    std::vector<std::string> payloads;
    std::istringstream lines{exported()};
    for (std::string line; std::getline(lines, line);) {
        const auto row = boost::json::parse(line);
        if (!row.at("simulated").as_bool())
            payloads.push_back(boost::json::serialize(row.at("payload")));
    }
    return payloads;
}

std::set<std::string> stored_data::audited_requests() const {
    std::set<std::string> ids;
    for (const auto& row : query_database(url_, "SELECT request_id FROM security_events"))
        ids.insert(row.front());
    return ids;
}

} // namespace breakwater::test
