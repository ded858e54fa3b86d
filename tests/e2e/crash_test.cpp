// Twenty times: load, kill -9, start again in the same folder, and hold everything that was answered against
// what is there.

#include "support/e2e.hpp"
#include "support/reading_load.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <random>

namespace breakwater::test {
namespace {

namespace json = boost::json;

constexpr int rounds = 20;

/// A refresh token chain. While a call is under way nobody can say which token is the live one.
struct session {
    std::string newest;
    std::string before;
    bool under_way = false;
};

struct rotated_device {
    made_device newest;
    std::string secret_before;
    std::string token_before; ///< of a version that an answered rotation ended
    bool under_way = false;
};

/// What a round was answered, each part written by one thread but for the audited requests.
struct ledger {
    std::vector<session> sessions;
    std::vector<std::string> devices_made;
    std::vector<std::string> devices_gone;
    std::vector<std::string> accounts;
    std::mutex mutex;
    std::vector<std::string> audited; ///< request ids
    std::vector<std::string> surprises;

    /// Notes an answer that leaves a row in the audit log; false where it is another than expected.
    bool note(const http_response& answer, int expected) {
        const std::lock_guard lock{mutex};
        if (answer.status == expected) {
            audited.push_back(answer.field("X-Request-Id"));
            return true;
        }
        surprises.push_back("not " + std::to_string(expected) + " but " + std::to_string(answer.status) +
                            ": " + answer.body);
        return false;
    }
};

class crash : public testing::Test {
protected:
    // Each denial comes from an address of its own: so it is the first of its kind, and has its own row.
    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                          {"DEVICE_BCRYPT_COST", "4"},
                                          {"HASHING_THREADS", "2"},
                                          {"TRUSTED_PROXIES", "127.0.0.1"}}}};
    api_client admin_ = as_admin(server_);
    std::atomic<std::uint32_t> next_address_{1};
    std::atomic<int> next_name_{0};
    std::vector<rotated_device> rotated_;

    http_fields from_anew() {
        const std::uint32_t n = next_address_++;
        return {{"X-Forwarded-For", "10." + std::to_string(n >> 16 & 255) + "." +
                                        std::to_string(n >> 8 & 255) + "." + std::to_string(n & 255)}};
    }

    http_response login(api_client& client, std::string_view email, std::string_view password) {
        return client.post("/auth/login", json::object{{"email", email}, {"password", password}},
                           from_anew());
    }
    http_response refresh(api_client& client, const std::string& token) {
        return client.post("/auth/refresh", json::object{{"refresh_token", token}}, from_anew());
    }
    http_response token_for(api_client& client, const std::string& id, const std::string& secret) {
        return client.post("/device/token", json::object{{"device_id", id}, {"device_secret", secret}},
                           from_anew());
    }

    void refresh_sessions(ledger& into) {
        api_client client{server_};
        for (int i = 0; i < 6; ++i) {
            const auto answer = login(client, admin_email, admin_password);
            if (!into.note(answer, 200))
                return;
            into.sessions.push_back({.newest = answer.text("/refresh_token"), .before = {}});
        }
        for (std::size_t turn = 0;; ++turn) {
            session& next = into.sessions[turn % 5]; // the last is left as its login made it
            next.under_way = true;
            const auto answer = refresh(client, next.newest);
            if (!into.note(answer, 200))
                return;
            next.before = std::exchange(next.newest, answer.text("/refresh_token"));
            next.under_way = false;
        }
    }

    void rotate_secrets(ledger& into) {
        api_client owner{server_, admin_.token()};
        api_client anyone{server_};
        for (std::size_t turn = 0;; ++turn) {
            rotated_device& next = rotated_[turn % rotated_.size()];
            const auto token = token_for(anyone, next.newest.id, next.newest.secret);
            if (!into.note(token, 200))
                return;
            next.under_way = true;
            const auto answer = owner.post("/devices/" + next.newest.id + "/rotate-secret");
            if (!into.note(answer, 200))
                return;
            next.secret_before = std::exchange(next.newest.secret, answer.text("/device_secret"));
            next.token_before = token.text("/access_token");
            next.under_way = false;
        }
    }

    void be_denied(ledger& into, const std::string& user_token) {
        api_client anyone{server_};
        for (int turn = 0;; ++turn) {
            http_fields fields = from_anew();
            const auto with = [&](const std::string& token) {
                http_fields all = fields;
                all.emplace_back("Authorization", "Bearer " + token);
                return all;
            };
            bool expected = false;
            switch (turn % 5) {
            case 0:
                expected = into.note(
                    login(anyone, "nobody" + std::to_string(next_name_++) + "@example.com", "wrong password"),
                    401);
                break;
            case 1: expected = into.note(anyone.get("/devices", with("forged.to.ken")), 401); break;
            case 2: expected = into.note(anyone.get("/devices", fields), 401); break;
            case 3: expected = into.note(anyone.get("/admin/users", with(user_token)), 403); break;
            default: expected = into.note(refresh(anyone, "no.refresh.token"), 401);
            }
            if (!expected)
                return;
        }
    }

    void come_and_go(ledger& into) {
        api_client owner{server_, admin_.token()};
        for (int turn = 0;; ++turn) {
            const std::string name = "guest" + std::to_string(next_name_++);
            const std::string email = name + "@example.com";
            const auto joined = owner.post(
                "/auth/register", json::object{{"email", email}, {"password", user_password}}, from_anew());
            if (!into.note(joined, 201))
                return;
            into.accounts.push_back(email);
            const auto made =
                owner.post("/devices", json::object{{"name", name}, {"category", "smart_lock"}});
            if (!into.note(made, 201))
                return;
            const std::string id = made.text("/device_id");
            if (turn % 2 == 0) {
                into.devices_made.push_back(id);
                continue;
            }
            if (!into.note(owner.del("/devices/" + id), 200))
                return;
            into.devices_gone.push_back(id);
        }
    }

    /// Runs all of that until enough was answered, and kills the server in the middle of it.
    void load_and_kill(ledger& into, reading_load& readings, std::size_t enough) {
        const std::string user =
            as_new_user(server_, "user" + std::to_string(next_name_++) + "@example.com").token();
        std::vector<std::thread> threads;
        const auto run = [&](std::function<void()> work) {
            threads.emplace_back([&into, work = std::move(work)] {
                try {
                    work();
                } catch (const connection_closed&) {
                } catch (const std::exception& thrown) {
                    const std::lock_guard lock{into.mutex};
                    into.surprises.emplace_back(thrown.what());
                }
            });
        };
        const std::size_t before = readings.book().kept.size();
        readings.start(server_.port());
        run([&] { refresh_sessions(into); });
        run([&] { rotate_secrets(into); });
        run([&] { be_denied(into, user); });
        run([&] { come_and_go(into); });
        const bool worked = readings.wait_until([&](const upload_book& book) {
            const std::lock_guard lock{into.mutex};
            return (book.kept.size() >= before + enough && into.audited.size() >= 60) ||
                   !into.surprises.empty();
        });
        server_.kill();
        for (std::thread& one : threads)
            one.join();
        readings.stop();
        EXPECT_TRUE(worked) << "too little was answered within the time";
        EXPECT_EQ(into.surprises, std::vector<std::string>{});
    }

    void expect_sessions(const ledger& answered) {
        api_client anyone{server_};
        for (const session& one : answered.sessions) {
            const int status = refresh(anyone, one.newest).status;
            EXPECT_TRUE(status == 200 || (one.under_way && status == 401))
                << "the newest refresh token that was answered is refused: " << status;
            if (!one.before.empty()) {
                EXPECT_EQ(refresh(anyone, one.before).status, 401) << "a used refresh token works again";
            }
        }
    }

    void expect_secrets() {
        api_client anyone{server_};
        for (rotated_device& one : rotated_) {
            const int status = token_for(anyone, one.newest.id, one.newest.secret).status;
            EXPECT_TRUE(status == 200 || (one.under_way && status == 401))
                << "the newest secret that was answered is refused: " << status;
            if (!one.secret_before.empty()) {
                EXPECT_EQ(token_for(anyone, one.newest.id, one.secret_before).status, 401)
                    << "an old secret works";
                api_client stale{server_, one.token_before};
                EXPECT_EQ(stale.post("/device/readings", sample_payload()).status, 401)
                    << "an old token works";
            }
            if (one.under_way) // nobody was told its secret
                one.newest.secret =
                    admin_.post("/devices/" + one.newest.id + "/rotate-secret").text("/device_secret");
            one.secret_before.clear();
            one.under_way = false;
        }
    }

    void expect_accounts_and_devices(const ledger& answered) {
        for (const std::string& id : answered.devices_made)
            EXPECT_EQ(admin_.get("/devices/" + id).status, 200) << "a device that was made is not there";
        for (const std::string& id : answered.devices_gone)
            EXPECT_EQ(admin_.get("/devices/" + id).status, 404) << "a deleted device is back";
        api_client anyone{server_};
        for (const std::string& email : answered.accounts)
            EXPECT_EQ(login(anyone, email, user_password).status, 200) << "an account is lost";
    }

    void expect_audited(const stored_file& stored, const std::vector<std::string>& requests) {
        const auto there = stored.audited_requests();
        EXPECT_EQ(std::ranges::count_if(requests, [&](const auto& id) { return !there.contains(id); }), 0)
            << "audit rows of answered calls are missing, of " << requests.size();
    }
};

TEST_F(crash, keeps_everything_that_was_answered_through_twenty_kills) {
    std::vector<std::string> tokens;
    std::vector<std::string> uploaders;
    for (int i = 0; i < 24; ++i) {
        const made_device made = create_device(admin_, "Mast " + std::to_string(i));
        uploaders.push_back(made.id);
        tokens.push_back(device_token(server_, made));
    }
    for (int i = 0; i < 4; ++i)
        rotated_.push_back({.newest = create_device(admin_, "Lock " + std::to_string(i)),
                            .secret_before = {},
                            .token_before = {}});
    reading_load readings{std::move(tokens), 4};
    std::mt19937 random{20};
    std::uniform_int_distribution<std::size_t> any_amount{40, 600};
    std::vector<std::string> audited;

    for (int round = 1; round <= rounds && !HasFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        ledger answered;
        load_and_kill(answered, readings, any_amount(random));
        server_.start();
        admin_ = api_client{server_, admin_.token()};
        const stored_file stored{server_.database()};
        expect_as_answered(stored, readings.book());
        audited.insert(audited.end(), answered.audited.begin(), answered.audited.end());
        expect_audited(stored, audited);
        expect_sessions(answered);
        expect_secrets();
        expect_accounts_and_devices(answered);
    }

    std::size_t counted = 0;
    for (const std::string& id : uploaders)
        counted += static_cast<std::size_t>(
            admin_.get("/devices/" + id + "/readings/meta").number("/total_readings"));
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    const stored_file stored{server_.database()};
    const upload_book book = readings.book();
    expect_as_answered(stored, book);
    expect_audited(stored, audited);
    EXPECT_EQ(counted, stored.numbered_readings().size());
    RecordProperty("readings", static_cast<int>(book.kept.size()));
    RecordProperty("unanswered", static_cast<int>(book.unanswered.size()));
    RecordProperty("audited", static_cast<int>(audited.size()));
    EXPECT_GT(book.unanswered.size(), 0U) << "no kill came in the middle of a call: that is no crash test";
}

} // namespace
} // namespace breakwater::test
