#include "support/reading_load.hpp"

#include "support/api_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace breakwater::test {

std::size_t upload_book::refused_with(int status) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(refused, [&](const auto& one) { return one.second == status; }));
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
    for (std::thread& one : threads_)
        one.join();
    threads_.clear();
}

bool reading_load::wait_until(const std::function<bool(const upload_book&)>& enough) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return enough(book_); });
}

upload_book reading_load::book() const {
    const std::lock_guard lock{mutex_};
    return book_;
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
        for (std::size_t turn = thread; !stopping_; turn += thread_count_) {
            first = next_.fetch_add(batch_);
            const auto answer =
                server.request("POST", in_batches ? "/device/readings/batch" : "/device/readings",
                               {{"Authorization", "Bearer " + tokens_[turn % tokens_.size()]},
                                {"Content-Type", "application/json"}},
                               body_of(first));
            const bool kept = answer.status == (in_batches ? 200 : 201);
            const auto told = kept ? answer.json() : boost::json::value{};
            {
                const std::lock_guard lock{mutex_};
                for (std::int64_t i = 0; i < batch_; ++i) {
                    if (kept)
                        book_.kept.emplace(
                            first + i, in_batches ? told.at("ids").at(static_cast<std::size_t>(i)).as_int64()
                                                  : told.at("id").as_int64());
                    else if (answer.status == 503 || answer.status == 507)
                        book_.refused.emplace(first + i, answer.status);
                }
                if (!kept && answer.status != 503 && answer.status != 507)
                    book_.surprises.push_back(std::to_string(answer.status) + ": " + answer.body);
            }
            changed_.notify_all();
            if (answer.field("Connection") == "close")
                server = http_connection{port};
        }
    } catch (const connection_closed&) {
        const std::lock_guard lock{mutex_};
        for (std::int64_t n = first; n < first + batch_; ++n)
            if (!book_.kept.contains(n) && !book_.refused.contains(n))
                book_.unanswered.insert(n);
    } catch (const std::exception& thrown) {
        const std::lock_guard lock{mutex_};
        book_.surprises.emplace_back(thrown.what());
    }
    changed_.notify_all();
}

void expect_as_answered(const stored_file& stored, const upload_book& book) {
    const auto there = stored.numbered_readings();
    std::size_t missing = 0;
    for (const auto& [n, id] : book.kept) {
        const auto [first, last] = there.equal_range(n);
        missing +=
            std::ranges::count(first, last, std::pair<const std::int64_t, std::int64_t>{n, id}) == 1 ? 0 : 1;
    }
    EXPECT_EQ(missing, 0U) << "of " << book.kept.size() << " readings that were answered with 201";
    EXPECT_EQ(std::ranges::count_if(there, [&](const auto& one) { return book.refused.contains(one.first); }),
              0)
        << "of " << book.refused.size() << " readings that were refused";
    EXPECT_EQ(std::ranges::count_if(there,
                                    [&](const auto& one) {
                                        return !book.kept.contains(one.first) &&
                                               !book.unanswered.contains(one.first) &&
                                               !book.refused.contains(one.first);
                                    }),
              0)
        << "readings that nobody sent, or nobody can explain";
    EXPECT_LE(there.size(), book.kept.size() + book.unanswered.size()) << "a reading is there twice";
    EXPECT_EQ(book.surprises, std::vector<std::string>{});
    EXPECT_EQ(stored.integrity(), "ok");
}

} // namespace breakwater::test
