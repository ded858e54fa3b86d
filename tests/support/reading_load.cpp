#include "support/reading_load.hpp"

#include "support/api_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace breakwater::test {

std::size_t upload_results::refused_with(int status) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(refused, [&](const auto& entry) { return entry.second == status; }));
}

reading_load::reading_load(std::vector<std::string> tokens, std::size_t threads, std::size_t padding,
                           std::int64_t batch)
    : tokens_{std::move(tokens)}, thread_count_{threads}, padding_(padding, 'x'), batch_{batch} {}

reading_load::~reading_load() {
    stop();
}

void reading_load::start(std::uint16_t port) {
    stop();
    stopping_ = false;
    for (std::size_t i = 0; i < thread_count_; ++i)
        threads_.emplace_back([this, port, i] { upload(port, i); });
}

void reading_load::stop() {
    stopping_ = true;
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
}

bool reading_load::wait_until(const std::function<bool(const upload_results&)>& condition) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return condition(results_); });
}

upload_results reading_load::results() const {
    const std::lock_guard lock{mutex_};
    return results_;
}

std::string reading_load::body_of(std::int64_t first) const {
    const auto item = [this](std::int64_t n) {
        return R"({"payload":{"n":)" + std::to_string(n) + R"(,"padding":")" + padding_ + R"("}})";
    };
    if (batch_ == 1)
        return item(first);
    std::string body;
    for (std::int64_t n = first; n < first + batch_; ++n)
        body += (body.empty() ? "[" : ",") + item(n);
    return body + "]";
}

void reading_load::upload(std::uint16_t port, std::size_t thread) {
    std::int64_t first = 0;
    const bool in_batches = batch_ > 1;
    try {
        http_connection server{port};
        for (std::size_t step = thread; !stopping_; step += thread_count_) {
            first = next_.fetch_add(batch_);
            const auto response =
                server.request("POST", in_batches ? "/device/readings/batch" : "/device/readings",
                               {{"Authorization", "Bearer " + tokens_[step % tokens_.size()]},
                                {"Content-Type", "application/json"}},
                               body_of(first));
            const bool accepted = response.status == (in_batches ? 200 : 201);
            const auto body = accepted ? response.json() : boost::json::value{};
            {
                const std::lock_guard lock{mutex_};
                for (std::int64_t i = 0; i < batch_; ++i) {
                    if (accepted)
                        results_.accepted.emplace(
                            first + i, in_batches ? body.at("ids").at(static_cast<std::size_t>(i)).as_int64()
                                                  : body.at("id").as_int64());
                    else if (response.status == 503 || response.status == 507)
                        results_.refused.emplace(first + i, response.status);
                }
                if (!accepted && response.status != 503 && response.status != 507)
                    results_.unexpected.push_back(std::to_string(response.status) + ": " + response.body);
            }
            changed_.notify_all();
            if (response.field("Connection") == "close")
                server = http_connection{port};
        }
    } catch (const connection_closed&) {
        const std::lock_guard lock{mutex_};
        for (std::int64_t n = first; n < first + batch_; ++n)
            if (!results_.accepted.contains(n) && !results_.refused.contains(n))
                results_.unanswered.insert(n);
    } catch (const std::exception& failure) {
        const std::lock_guard lock{mutex_};
        results_.unexpected.emplace_back(failure.what());
    }
    changed_.notify_all();
}

void expect_as_answered(const stored_data& stored, const upload_results& results) {
    const auto readings = stored.numbered_readings();
    std::size_t missing = 0;
    for (const auto& [n, id] : results.accepted) {
        const auto [first, last] = readings.equal_range(n);
        missing +=
            std::ranges::count(first, last, std::pair<const std::int64_t, std::int64_t>{n, id}) == 1 ? 0 : 1;
    }
    EXPECT_EQ(missing, 0U) << "of " << results.accepted.size() << " accepted readings";
    EXPECT_EQ(
        std::ranges::count_if(readings, [&](const auto& row) { return results.refused.contains(row.first); }),
        0)
        << "of " << results.refused.size() << " refused readings";
    EXPECT_EQ(std::ranges::count_if(readings,
                                    [&](const auto& row) {
                                        return !results.accepted.contains(row.first) &&
                                               !results.unanswered.contains(row.first) &&
                                               !results.refused.contains(row.first);
                                    }),
              0)
        << "readings that were never sent";
    EXPECT_LE(readings.size(), results.accepted.size() + results.unanswered.size())
        << "a reading is stored twice";
    EXPECT_EQ(results.unexpected, std::vector<std::string>{});
    EXPECT_EQ(stored.integrity(), "ok");
}

} // namespace breakwater::test
